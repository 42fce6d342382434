package scim

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// conform checks a value that a request assigns to an attribute, and returns it in the form in which a resource holds
// it. It returns nil if the attribute becomes unassigned: null and the empty list mean the same as no value (RFC 7643
// section 2.5). It accepts what real clients send and what has only one meaning: "True" for true (Entra), one value for
// a list of one value, a list of one for one complex value and "26118" for the complex value {"value":"26118"} (both
// Entra's manager). Unknown and read-only sub-attributes are dropped.
func (a *Attribute) conform(v any) (any, error) {
	if !a.MultiValued {
		return a.conformOne(a.single(v))
	}
	list := flat(v)
	if len(list) == 0 {
		return nil, a.check(nil)
	}
	kept := make([]any, 0, len(list))
	for _, element := range list {
		one, err := a.conformElement(element)
		if err != nil {
			return nil, err
		}
		kept = append(kept, one)
	}
	return a.distinct(kept), nil
}

// conformElement does what conform does for one value of a multi-valued attribute. An element that holds no value is an error:
// to drop it would remove what the resource has, although the client has not asked for that.
func (a *Attribute) conformElement(v any) (any, error) {
	one, err := a.conformOne(v)
	if err != nil {
		return nil, err
	}
	o, isObject := one.(*Object)
	switch {
	case isObject && a.value() != nil && !present(flat(o.own("value"))), one == nil && a.value() != nil:
		return nil, InvalidValue("A value of %q has no sub-attribute \"value\". To remove all values, send null or an empty list.", a.Name)
	case one == nil:
		return nil, InvalidValue("A value of %q is empty. To remove all values, send null or an empty list.", a.Name)
	}
	return one, nil
}

// single returns the value for a single-valued attribute: nil for an empty list, and the element of a list of one if the
// attribute is complex. Any other list remains, for the error about its type.
func (a *Attribute) single(v any) any {
	list, ok := v.([]any)
	switch {
	case ok && len(list) == 0:
		return nil
	case ok && len(list) == 1 && a.complex():
		return list[0]
	}
	return v
}

// check calls the Check function of the attribute, if it has one.
func (a *Attribute) check(v any) error {
	if a.Check == nil {
		return nil
	}
	err := a.Check(v)
	if err == nil {
		return nil
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	return InvalidValue("%s", err.Error())
}

// conformOne does what conform does for one value. It returns nil if nothing is left of the value.
func (a *Attribute) conformOne(v any) (any, error) {
	v, err := a.typed(v)
	if err != nil {
		return nil, err
	}
	return v, a.check(v)
}

// typed checks one value against the type of the attribute (RFC 7643 section 2.3).
func (a *Attribute) typed(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if a.complex() {
		return a.typedComplex(v)
	}
	switch a.Type {
	case Boolean:
		if b, ok := boolean(v); ok {
			return b, nil
		}
		if v == "" {
			return nil, nil
		}
	case Integer:
		if n, ok := v.(json.Number); ok {
			if _, err := strconv.ParseInt(string(n), 10, 64); err == nil {
				return n, nil
			}
		}
	case Decimal:
		if _, ok := number(v); ok {
			return v, nil
		}
	default:
		if s, ok := v.(string); ok {
			return a.typedText(s)
		}
	}
	return nil, InvalidValue("The attribute %q must be of type %s.", a.Name, orDefault(a.Type, String))
}

// typedText checks a string. Base64 may contain line breaks, as MIME and PEM write it (RFC 4648 section 3.1).
func (a *Attribute) typedText(s string) (any, error) {
	switch a.Type {
	case DateTime:
		if s == "" {
			return nil, nil
		}
		if _, ok := dateTime(s); !ok {
			return nil, InvalidValue("The attribute %q must be a dateTime such as 2026-11-24T07:30:00Z.", a.Name)
		}
	case Binary:
		compact := strings.NewReplacer("\r", "", "\n", "").Replace(s)
		if _, err := base64.StdEncoding.DecodeString(compact); err != nil {
			return nil, InvalidValue("The attribute %q must be encoded in base64.", a.Name)
		}
	}
	return s, nil
}

// typedComplex checks a complex value and normalizes its sub-attributes.
func (a *Attribute) typedComplex(v any) (any, error) {
	given, ok := v.(*Object)
	if !ok {
		s, isText := v.(string)
		if !isText || a.value() == nil {
			return nil, InvalidValue("The attribute %q must be of type complex: an object with sub-attributes.", a.Name)
		}
		if s == "" {
			return nil, nil
		}
		given = NewObject("value", s)
	}
	o := &Object{members: make([]member, 0, given.Len())}
	for name, value := range given.All() {
		sub := findAttribute(a.SubAttributes, name)
		if sub == nil || sub.readOnly() {
			continue
		}
		kept, err := sub.conform(value)
		if err != nil {
			return nil, err
		}
		if kept != nil {
			o.put(sub.Name, kept)
		}
	}
	if o.Len() == 0 {
		return nil, nil
	}
	return o, a.complete(o)
}

// complete checks that a complex value has the required sub-attributes.
func (a *Attribute) complete(o *Object) error {
	for i := range a.SubAttributes {
		if sub := &a.SubAttributes[i]; sub.Required && !present(flat(o.own(sub.Name))) {
			return InvalidValue("The attribute \"%s.%s\" is required.", a.Name, sub.Name)
		}
	}
	return nil
}

// identity returns the key by which two values of a multi-valued attribute are the same: the sub-attribute value,
// besides type (RFC 7643 section 2.4). A value without it, such as an address, has no key and equals no other value.
func (a *Attribute) identity(v any) (string, bool) {
	leaf := a
	if o, ok := v.(*Object); ok {
		if leaf = a.value(); leaf == nil {
			return "", false
		}
		v = o.own("value")
	}
	s, ok := v.(string)
	if ok && !leaf.exact() {
		s = Fold(s)
	}
	return s, ok
}

// sameType compares the sub-attribute type of two values. A value without type matches every type.
func sameType(a, b any) bool {
	x, ok := a.(*Object)
	y, alsoOK := b.(*Object)
	if !ok || !alsoOK {
		return true
	}
	s, t := x.Text("type"), y.Text("type")
	return s == "" || t == "" || strings.EqualFold(s, t)
}

// index finds the values of a list by their identity.
type index map[string][]any

func (a *Attribute) index(list []any) index {
	ix := make(index, len(list))
	for _, v := range list {
		ix.add(a, v)
	}
	return ix
}

func (ix index) add(a *Attribute, v any) {
	if key, ok := a.identity(v); ok {
		ix[key] = append(ix[key], v)
	}
}

// find returns the value of the list that is the same as v, and whether there is one.
func (ix index) find(a *Attribute, v any) (any, bool) {
	key, ok := a.identity(v)
	if !ok {
		return nil, false
	}
	for _, old := range ix[key] {
		if sameType(old, v) {
			return old, true
		}
	}
	return nil, false
}

// distinct removes repeated values. It reuses the memory of list.
func (a *Attribute) distinct(list []any) []any {
	if len(list) < 2 {
		return list
	}
	seen := make(index, len(list))
	kept := list[:0]
	for _, v := range list {
		if _, dup := seen.find(a, v); dup {
			continue
		}
		seen.add(a, v)
		kept = append(kept, v)
	}
	return kept
}
