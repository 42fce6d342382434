package scim

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Object is a JSON object that keeps the order of its members and finds them by name without regard to case, as RFC 7643
// section 2.1 asks of attribute names. A resource is an Object, and so is each value of a complex attribute.
//
// Its values are string, bool, json.Number, nil, *Object and []any of these. A name with a dot, such as "name.givenName", reaches
// into a sub-attribute, unless a member of exactly that name exists; an extension is a member named by its URN. All methods
// that read may be called on a nil Object, which is empty.
type Object struct {
	members []member
}

type member struct {
	name  string
	value any
}

// NewObject makes an object from names and values in turn: NewObject("userName", "ada", "active", true).
func NewObject(pairs ...any) *Object {
	o := &Object{members: make([]member, 0, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// find returns the place of a member, or -1.
func (o *Object) find(name string) int {
	if o == nil {
		return -1
	}
	for i := range o.members {
		if strings.EqualFold(o.members[i].name, name) {
			return i
		}
	}
	return -1
}

// own returns the value of the member of exactly this name, without looking at dots.
func (o *Object) own(name string) any {
	if i := o.find(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// put sets a member by its whole name, without looking at dots; the name's spelling is the new one.
func (o *Object) put(name string, value any) {
	if i := o.find(name); i >= 0 {
		o.members[i] = member{name, value}
		return
	}
	o.members = append(o.members, member{name, value})
}

// drop deletes a member by its whole name.
func (o *Object) drop(name string) {
	if i := o.find(name); i >= 0 {
		o.members = append(o.members[:i], o.members[i+1:]...)
	}
}

// split cuts "name.givenName" at its dot, when no member bears the whole name and it isn't a URN.
func (o *Object) split(name string) (head, tail string, ok bool) {
	if o.find(name) >= 0 || isURN(name) {
		return name, "", false
	}
	return strings.Cut(name, ".")
}

// Get returns a member's value, or nil.
func (o *Object) Get(name string) any {
	if head, tail, ok := o.split(name); ok {
		return o.Object(head).Get(tail)
	}
	return o.own(name)
}

// Has tells whether the member is there, be it null.
func (o *Object) Has(name string) bool {
	if head, tail, ok := o.split(name); ok {
		return o.Object(head).Has(tail)
	}
	return o.find(name) >= 0
}

// Set puts a value under a name, in place when the name is known, and returns the object. Besides the kinds an Object holds it takes
// integers, floats, time.Time, []string and []*Object. It panics on any other kind, which is a programming error.
func (o *Object) Set(name string, value any) *Object {
	if head, tail, ok := o.split(name); ok {
		o.Ensure(head).Set(tail, value)
		return o
	}
	o.put(name, native(value))
	return o
}

// SetText is Set, except that an empty text leaves the attribute unassigned.
func (o *Object) SetText(name, value string) *Object {
	if value == "" {
		o.Delete(name)
		return o
	}
	return o.Set(name, value)
}

// Delete removes a member.
func (o *Object) Delete(name string) {
	if o == nil {
		return
	}
	if head, tail, ok := o.split(name); ok {
		o.Object(head).Delete(tail)
		return
	}
	o.drop(name)
}

// Ensure returns the object under a name and puts an empty one there first if there is none.
func (o *Object) Ensure(name string) *Object {
	if inner, ok := o.own(name).(*Object); ok && inner != nil {
		return inner
	}
	inner := &Object{}
	o.put(name, inner)
	return inner
}

// Text returns a string value, or "".
func (o *Object) Text(name string) string {
	s, _ := o.Get(name).(string)
	return s
}

// Bool returns a boolean value, and whether there is one.
func (o *Object) Bool(name string) (value, ok bool) {
	value, ok = o.Get(name).(bool)
	return value, ok
}

// Int returns an integer value, and whether there is one.
func (o *Object) Int(name string) (int64, bool) {
	n, ok := o.Get(name).(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// Object returns the object under a name, or nil.
func (o *Object) Object(name string) *Object {
	inner, _ := o.Get(name).(*Object)
	return inner
}

// Objects returns the objects in the list under a name.
func (o *Object) Objects(name string) []*Object {
	list, _ := o.Get(name).([]any)
	var all []*Object
	for _, v := range list {
		if inner, ok := v.(*Object); ok {
			all = append(all, inner)
		}
	}
	return all
}

// Texts returns the strings in the list under a name.
func (o *Object) Texts(name string) []string {
	list, _ := o.Get(name).([]any)
	var all []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// Primary returns, of a multi-valued complex attribute, the value marked as primary, else the first, else nil (RFC 7643 section 2.4).
func (o *Object) Primary(name string) *Object {
	all := o.Objects(name)
	for _, v := range all {
		if primary, _ := v.Bool("primary"); primary {
			return v
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// ID returns the resource's id.
func (o *Object) ID() string {
	id, _ := o.own("id").(string)
	return id
}

// SetMeta records what a backend knows of a resource's life. The version is any opaque text without quotes; when it is empty the server
// derives one from the content; give one if a list or a projection shows less of a resource than Get does. The server itself adds resourceType and location (RFC 7643 section 3.1).
func (o *Object) SetMeta(created, lastModified time.Time, version string) *Object {
	meta := o.Ensure("meta")
	meta.Set("created", created)
	meta.Set("lastModified", lastModified)
	meta.SetText("version", version)
	return o
}

// Len counts the members.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// All goes through the members in order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if o == nil {
			return
		}
		for _, m := range o.members {
			if !yield(m.name, m.value) {
				return
			}
		}
	}
}

// Clone copies the object and everything in it.
func (o *Object) Clone() *Object {
	if o == nil {
		return nil
	}
	c := &Object{members: make([]member, len(o.members))}
	for i, m := range o.members {
		c.members[i] = member{m.name, cloneValue(m.value)}
	}
	return c
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case *Object:
		return v.Clone()
	case []any:
		c := make([]any, len(v))
		for i := range v {
			c[i] = cloneValue(v[i])
		}
		return c
	}
	return v
}

// Equal compares two objects: the order of members does not matter, that of lists does, and names are compared without case.
func (o *Object) Equal(other *Object) bool {
	if o.Len() != other.Len() {
		return false
	}
	for name, v := range o.All() {
		i := other.find(name)
		if i < 0 || !equalValues(v, other.members[i].value) {
			return false
		}
	}
	return true
}

func equalValues(a, b any) bool {
	switch a := a.(type) {
	case *Object:
		b, ok := b.(*Object)
		return ok && a.Equal(b)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equalValues(a[i], b[i]) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case *Object, []any:
		return false
	}
	return a == b
}

// native turns what a Go program holds into what an Object holds.
func native(value any) any {
	switch v := value.(type) {
	case nil, string, bool, json.Number:
		return v
	case *Object:
		if v == nil {
			return nil
		}
		return v
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = native(v[i])
		}
		return list
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	case []*Object:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000Z")
	case int:
		return json.Number(strconv.Itoa(v))
	case int64:
		return json.Number(strconv.FormatInt(v, 10))
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	panic(fmt.Sprintf("scim: an Object cannot hold a %T", value))
}

// isURN tells whether a name is, or starts with, a schema URI.
func isURN(name string) bool {
	return len(name) > 4 && strings.EqualFold(name[:4], "urn:")
}
