package scim

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Object is a JSON object that keeps the order of its members. Names are case-insensitive, as RFC 7643 section 2.1
// requires for attribute names. A resource is an Object, and so is each value of a complex attribute.
//
// The values are string, bool, json.Number, nil, *Object, and []any of these. A name with a dot, such as
// "name.givenName", is the path of a sub-attribute, unless a member with exactly this name exists. An extension is a
// member named by its URN. A nil Object is empty; all methods that only read may be called on it.
type Object struct {
	members []member
}

type member struct {
	name  string
	value any
}

// NewObject returns an object of alternating names and values: NewObject("userName", "ada", "active", true).
func NewObject(pairs ...any) *Object {
	o := &Object{members: make([]member, 0, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Grow makes room for n more members, and returns the object.
func (o *Object) Grow(n int) *Object {
	o.members = slices.Grow(o.members, n)
	return o
}

// find returns the index of a member, or -1.
func (o *Object) find(name string) int {
	if o == nil {
		return -1
	}
	for i := range o.members {
		if sameName(o.members[i].name, name) {
			return i
		}
	}
	return -1
}

// sameName reports whether two names of attributes are equal, ignoring case. Almost all comparisons end at the first letter: a letter
// of ASCII is equal only to itself in the other case, or to a character outside ASCII.
func sameName(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	if x, y := a[0], b[0]; x < utf8.RuneSelf && y < utf8.RuneSelf && x|0x20 != y|0x20 {
		return false
	}
	return a == b || strings.EqualFold(a, b)
}

// own returns the value of the member with this name. A dot in the name has no meaning.
func (o *Object) own(name string) any {
	if i := o.find(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// put sets the member with this name, and changes the spelling of its name to the given one. A dot has no meaning.
func (o *Object) put(name string, value any) {
	if i := o.find(name); i >= 0 {
		o.members[i] = member{name, value}
		return
	}
	o.members = append(o.members, member{name, value})
}

// drop deletes the member with this name. A dot has no meaning.
func (o *Object) drop(name string) {
	if i := o.find(name); i >= 0 {
		o.members = append(o.members[:i], o.members[i+1:]...)
	}
}

// split cuts "name.givenName" at its first dot, unless a member has the complete name or the name is a URN.
func (o *Object) split(name string) (head, tail string, ok bool) {
	if strings.IndexByte(name, '.') < 0 || o.find(name) >= 0 || isURN(name) {
		return name, "", false
	}
	return strings.Cut(name, ".")
}

// Get returns the value of a member, or nil.
func (o *Object) Get(name string) any {
	if head, tail, ok := o.split(name); ok {
		return o.Object(head).Get(tail)
	}
	return o.own(name)
}

// Has reports whether there is such a member. Its value may be null.
func (o *Object) Has(name string) bool {
	if head, tail, ok := o.split(name); ok {
		return o.Object(head).Has(tail)
	}
	return o.find(name) >= 0
}

// Set sets a member and returns the object. A new member is added at the end. Besides the types that an Object holds,
// value may be int, int64, float64, time.Time, []string or []*Object. Set panics for other types.
func (o *Object) Set(name string, value any) *Object {
	if head, tail, ok := o.split(name); ok {
		o.Ensure(head).Set(tail, value)
		return o
	}
	o.put(name, native(value))
	return o
}

// SetText does what Set does. An empty text deletes the member.
func (o *Object) SetText(name, value string) *Object {
	if value == "" {
		o.Delete(name)
		return o
	}
	return o.Set(name, value)
}

// Delete deletes a member, if there is one.
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

// Ensure returns the object that is the value of a member. If there is none, it sets an empty object.
func (o *Object) Ensure(name string) *Object {
	if inner, ok := o.own(name).(*Object); ok && inner != nil {
		return inner
	}
	inner := &Object{}
	o.put(name, inner)
	return inner
}

// Text returns the string that is the value of a member, or "".
func (o *Object) Text(name string) string {
	s, _ := o.Get(name).(string)
	return s
}

// Bool returns the boolean that is the value of a member, and whether it is one.
func (o *Object) Bool(name string) (value, ok bool) {
	value, ok = o.Get(name).(bool)
	return value, ok
}

// Int returns the integer that is the value of a member, and whether it is one.
func (o *Object) Int(name string) (int64, bool) {
	n, ok := o.Get(name).(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// Object returns the object that is the value of a member, or nil.
func (o *Object) Object(name string) *Object {
	inner, _ := o.Get(name).(*Object)
	return inner
}

// Objects returns the objects in the list that is the value of a member.
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

// Texts returns the strings in the list that is the value of a member.
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

// Primary returns a value of a multi-valued complex attribute: the one marked as primary, else the first, else nil (RFC
// 7643 section 2.4).
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

// ID returns the id of a resource, or "".
func (o *Object) ID() string {
	id, _ := o.own("id").(string)
	return id
}

// SetMeta sets the parts of meta that the backend knows (RFC 7643 section 3.1); the server adds resourceType and
// location. The version is any text without quotes. If it is empty, the server uses a hash of the content. The backend
// must set a version if its lists or projections contain less of a resource than Get returns.
func (o *Object) SetMeta(created, lastModified time.Time, version string) *Object {
	meta := o.Ensure("meta").Grow(3)
	meta.Set("created", created)
	meta.Set("lastModified", lastModified)
	meta.SetText("version", version)
	return o
}

// Len returns the number of members.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// All iterates over the names and values of the members, in their order.
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

// Clone returns a deep copy.
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

// Equal compares two objects. The order of members and the case of names do not matter; the order of lists does.
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

// native converts a Go value to the types that an Object holds.
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

// isURN reports whether a name is a schema URI, or a path that starts with one.
func isURN(name string) bool {
	return len(name) > 4 && strings.EqualFold(name[:4], "urn:")
}
