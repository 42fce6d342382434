package scim

import (
	"slices"
	"strings"
)

// mode is what an assignment does with what is there: the op of a PATCH operation.
type mode string

const (
	modeAdd     mode = "add"
	modeReplace mode = "replace"
	modeRemove  mode = "remove"
)

// merge assigns the members of a request's body, or of the value of a PATCH operation without path, to a resource. A name may be that of an
// attribute or an extension, or a path as Entra sends it: "name.givenName", "urn:…:User:department", emails[type eq "work"].value.
// Read-only attributes, which clients send back as they got them, and unknown ones are ignored (RFC 7644 section 3.5.1).
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

// assign performs one assignment at a target that may be written to.
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

// dropEmpty removes an object that has lost its last member, for then the attribute is unassigned.
func (o *Object) dropEmpty(name string) {
	if inner, ok := o.own(name).(*Object); ok && inner.Len() == 0 {
		o.drop(name)
	}
}

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

// assignAttribute sets, extends or removes an attribute, or a sub-attribute, of the object that holds it.
func assignAttribute(holder *Object, a *Attribute, m mode, v any) error {
	if m == modeRemove {
		return removeAttribute(holder, a, v)
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

func (a *Attribute) sameValue(x, y any) bool {
	s, ok := x.(string)
	z, alsoOK := y.(string)
	if ok && alsoOK && !a.exact() {
		return Fold(s) == Fold(z)
	}
	return equalValues(x, y)
}

// mergeComplex sets the given sub-attributes of a single complex value and leaves the others (RFC 7644 sections 3.5.2.1 and 3.5.2.3).
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
	return settle(holder, a, inner)
}

// settle stores a complex value, or removes the attribute when nothing is left of it.
func settle(holder *Object, a *Attribute, inner *Object) error {
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

// removeAttribute removes an attribute, or, of a multi-valued one, only the values that are given: Entra removes members so.
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
	gone := make(index, len(given))
	for _, one := range given {
		one, err := a.typed(one)
		if err != nil {
			return err
		}
		gone.add(a, one)
	}
	kept := make([]any, 0, len(flat(old)))
	for _, element := range flat(old) {
		if _, ok := gone.find(a, element); !ok {
			kept = append(kept, element)
		}
	}
	return putList(holder, a, kept)
}

func putList(holder *Object, a *Attribute, list []any) error {
	if len(list) == 0 {
		holder.drop(a.Name)
		return a.check(nil)
	}
	holder.put(a.Name, list)
	return nil
}

// union adds values to a list. One that is there already is not added again; its other sub-attributes are updated.
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

// onePrimary sees to it that at most one value is primary (RFC 7643 section 2.4): a new primary value takes the place of the ones before (RFC
// 7644 section 3.5.2), two new ones are a mistake.
func (a *Attribute) onePrimary(holder *Object, before []*Object) error {
	now := primaries(flat(holder.own(a.Name)))
	if !a.MultiValued || len(now) < 2 {
		return nil
	}
	fresh := slices.DeleteFunc(slices.Clone(now), func(o *Object) bool { return slices.Contains(before, o) })
	switch len(fresh) {
	case 0: // the backend's own doing
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
