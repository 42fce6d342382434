package scim

import (
	"slices"
	"strings"
)

// mode is the op of a PATCH operation (RFC 7644 section 3.5.2). POST and PUT use modeAdd.
type mode string

const (
	modeAdd     mode = "add"
	modeReplace mode = "replace"
	modeRemove  mode = "remove"
)

// merge assigns the members of an object to a resource. The object is the body of a POST or PUT, or the value of a
// PATCH operation without path. A name is that of an attribute or an extension. Entra also sends paths as names:
// "name.givenName", "urn:…:User:department", emails[type eq "work"].value. Unknown attributes are ignored, and so are
// read-only ones, because clients send back what they received (RFC 7644 section 3.5.1).
func (t *ResourceType) merge(o *Object, values *Object, m mode, limits Limits) error {
	for name, v := range values.All() {
		if strings.EqualFold(name, "schemas") {
			continue
		}
		tg, filter, ok := t.key(name, limits)
		if !ok || tg.attr != nil && tg.attr.readOnly() || tg.sub != nil && tg.sub.readOnly() {
			continue
		}
		if err := t.assign(o, tg, filter, m, v); err != nil {
			return err
		}
	}
	return nil
}

// key finds the name of a member in the schemas.
func (t *ResourceType) key(name string, limits Limits) (target, Filter, bool) {
	if a := t.attribute(name); a != nil {
		return target{attr: a}, nil, true
	}
	if ext := t.extension(name); ext != nil {
		return target{ext: ext}, nil, true
	}
	path, err := ParsePatchPath(name, limits)
	if err != nil {
		return target{}, nil, false
	}
	tg, ok := t.resolve(path.Path)
	return tg, path.Filter, ok
}

// assign assigns a value to a target. The target must not be read-only.
func (t *ResourceType) assign(o *Object, tg target, filter Filter, m mode, v any) error {
	if tg.attr == nil {
		return t.assignExtension(o, tg.ext, m, v)
	}
	holder := o
	if tg.ext != nil {
		holder = o.Ensure(tg.ext.Schema.ID)
		defer o.dropEmpty(tg.ext.Schema.ID)
	}
	if filter != nil {
		return assignSelected(holder, tg, filter, m, v)
	}
	if tg.sub != nil {
		return assignSub(holder, tg, m, v)
	}
	return assignAttribute(holder, tg.attr, m, v)
}

// dropEmpty deletes the object that is the value of a member, if the object is empty: the attribute is then unassigned.
func (o *Object) dropEmpty(name string) {
	if inner, ok := o.own(name).(*Object); ok && inner.Len() == 0 {
		o.drop(name)
	}
}

// assignExtension assigns to the attributes of an extension, or removes all of them.
func (t *ResourceType) assignExtension(o *Object, ext *Extension, m mode, v any) error {
	if v == nil || m == modeRemove {
		for i := range ext.Schema.Attributes {
			a := &ext.Schema.Attributes[i]
			if a.readOnly() || o.Object(ext.Schema.ID).own(a.Name) == nil {
				continue
			}
			if err := t.assign(o, target{ext: ext, attr: a}, nil, modeRemove, nil); err != nil {
				return err
			}
		}
		return nil
	}
	values, ok := v.(*Object)
	if !ok {
		return InvalidValue("The value of %q must be an object.", ext.Schema.ID)
	}
	for name, value := range values.All() {
		tg, ok := t.resolve(Path{Schema: ext.Schema.ID, Attribute: name})
		if head, sub, dotted := strings.Cut(name, "."); !ok && dotted {
			tg, ok = t.resolve(Path{Schema: ext.Schema.ID, Attribute: head, Sub: sub})
		}
		if !ok || tg.attr == nil || tg.attr.readOnly() {
			continue
		}
		if err := t.assign(o, tg, nil, m, value); err != nil {
			return err
		}
	}
	return nil
}

// assignAttribute assigns a value to an attribute or sub-attribute of the object that holds it.
func assignAttribute(holder *Object, a *Attribute, m mode, v any) error {
	if m == modeRemove {
		return removeAttribute(holder, a, v)
	}
	if !a.MultiValued {
		v = a.single(v)
	}
	if given, ok := v.(*Object); ok && a.complex() && !a.MultiValued {
		return mergeComplex(holder, a, m, given)
	}
	kept, err := a.conform(v)
	if err != nil {
		return err
	}
	if kept == nil && m == modeAdd {
		return nil // nothing to add
	}
	old := holder.own(a.Name)
	before := primaries(flat(old))
	if a.Mutability == Immutable && present(flat(old)) && !a.sameValue(old, kept) {
		return mutability("The attribute %q cannot be changed once it is set.", a.Name)
	}
	switch list, ok := kept.([]any); {
	case kept == nil:
		holder.drop(a.Name)
	case ok && m == modeAdd:
		holder.put(a.Name, a.union(flat(old), list))
	default:
		holder.put(a.Name, kept)
	}
	return a.onePrimary(holder, before)
}

// sameValue compares two values of the attribute. Case matters only if the attribute is caseExact.
func (a *Attribute) sameValue(x, y any) bool {
	s, ok := x.(string)
	z, alsoOK := y.(string)
	if ok && alsoOK && !a.exact() {
		return Fold(s) == Fold(z)
	}
	return equalValues(x, y)
}

// mergeComplex sets the given sub-attributes of a single-valued complex attribute and keeps the others (RFC 7644
// sections 3.5.2.1 and 3.5.2.3).
func mergeComplex(holder *Object, a *Attribute, m mode, given *Object) error {
	before := holder.Object(a.Name).Clone()
	inner := before.Clone()
	if inner == nil {
		inner = &Object{}
	}
	for name, v := range given.All() {
		sub := findAttribute(a.SubAttributes, name)
		if sub == nil || sub.readOnly() {
			continue
		}
		if err := assignAttribute(inner, sub, m, v); err != nil {
			return err
		}
	}
	if a.Mutability == Immutable && before.Len() > 0 && !before.Equal(inner) {
		return mutability("The attribute %q cannot be changed once it is set.", a.Name)
	}
	return putComplex(holder, a, inner)
}

// putComplex stores a complex value, or removes the attribute if the value is empty.
func putComplex(holder *Object, a *Attribute, inner *Object) error {
	if inner.Len() == 0 {
		holder.drop(a.Name)
		return a.check(nil)
	}
	if err := a.complete(inner); err != nil {
		return err
	}
	holder.put(a.Name, inner)
	return a.check(inner)
}

// removeAttribute removes an attribute. If values are given for a multi-valued attribute, it removes only these: Entra
// removes members in this way.
func removeAttribute(holder *Object, a *Attribute, v any) error {
	old := holder.own(a.Name)
	if old == nil {
		return nil
	}
	if a.Mutability == Immutable {
		return mutability("The attribute %q cannot be removed once it is set.", a.Name)
	}
	given := flat(v)
	if !a.MultiValued || v == nil {
		holder.drop(a.Name)
		return a.check(nil)
	}
	removed := make(index, len(given))
	for _, one := range given {
		one, err := a.typed(one)
		if err != nil {
			return err
		}
		removed.add(a, one)
	}
	kept := make([]any, 0, len(flat(old)))
	for _, element := range flat(old) {
		if _, ok := removed.find(a, element); !ok {
			kept = append(kept, element)
		}
	}
	return putList(holder, a, kept)
}

// putList stores the values of a multi-valued attribute, or removes the attribute if there are none.
func putList(holder *Object, a *Attribute, list []any) error {
	if len(list) == 0 {
		holder.drop(a.Name)
		return a.check(nil)
	}
	holder.put(a.Name, list)
	return nil
}

// union adds values to a list. If the list has the same value already, its other sub-attributes are updated instead.
func (a *Attribute) union(old, added []any) []any {
	ix := a.index(old)
	all := append(make([]any, 0, len(old)+len(added)), old...)
	for _, v := range added {
		have, dup := ix.find(a, v)
		if !dup {
			all = append(all, v)
			ix.add(a, v)
			continue
		}
		if element, ok := have.(*Object); ok {
			for name, value := range v.(*Object).All() {
				element.put(name, value)
			}
		}
	}
	return all
}

// primaries returns the values of a list that are marked as primary.
func primaries(list []any) []*Object {
	var all []*Object
	for _, v := range list {
		if o, ok := v.(*Object); ok && o.own("primary") == true {
			all = append(all, o)
		}
	}
	return all
}

// onePrimary ensures that at most one value is primary (RFC 7643 section 2.4). If one value became primary, the values
// before lose the mark (RFC 7644 section 3.5.2). If several values became primary, it fails.
func (a *Attribute) onePrimary(holder *Object, before []*Object) error {
	now := primaries(flat(holder.own(a.Name)))
	if !a.MultiValued || len(now) < 2 {
		return nil
	}
	fresh := slices.DeleteFunc(slices.Clone(now), func(o *Object) bool { return slices.Contains(before, o) })
	switch len(fresh) {
	case 0: // the backend stored several primary values
		return nil
	case 1:
		for _, o := range now {
			if o != fresh[0] {
				o.put("primary", false)
			}
		}
		return nil
	}
	return InvalidValue("Only one value of %q may be primary.", a.Name)
}
