package scim

import (
	"slices"
	"strings"
)

// assignSub assigns a value to a sub-attribute. For a multi-valued attribute, it assigns to all its values.
func assignSub(holder *Object, tg target, m mode, v any) error {
	if !tg.attr.MultiValued {
		inner := holder.Object(tg.attr.Name).Clone()
		if inner == nil {
			inner = &Object{}
		}
		if err := assignAttribute(inner, tg.sub, m, v); err != nil {
			return err
		}
		return putComplex(holder, tg.attr, inner)
	}
	list := flat(holder.own(tg.attr.Name))
	if len(list) == 0 && m != modeRemove {
		list = []any{&Object{}}
	}
	return assignElements(holder, tg, list, list, m, v)
}

// assignSelected assigns to those values of an attribute that a filter selects (RFC 7644 section 3.5.2).
func assignSelected(holder *Object, tg target, filter Filter, m mode, v any) error {
	selects, err := compileElement(filter, tg.attr)
	if err != nil {
		return err
	}
	list := flat(holder.own(tg.attr.Name))
	var selected []any
	for _, element := range list {
		if o, ok := element.(*Object); ok && selects(o) {
			selected = append(selected, element)
		}
	}
	if len(selected) == 0 {
		return assignUnmatched(holder, tg, filter, m, v)
	}
	if tg.sub != nil {
		return assignElements(holder, tg, list, selected, m, v)
	}
	chosen := make(map[*Object]bool, len(selected))
	for _, element := range selected {
		chosen[element.(*Object)] = true
	}
	if m == modeRemove || v == nil {
		kept := slices.DeleteFunc(slices.Clone(list), func(element any) bool {
			o, _ := element.(*Object)
			return chosen[o]
		})
		return putElements(holder, tg.attr, kept)
	}
	return assignWhole(holder, tg.attr, list, chosen, m, v)
}

// assignUnmatched handles a filter that selects no value. A remove does nothing. A replace fails with noTarget (RFC
// 7644 section 3.5.2.3). An add creates the value that the filter describes, because Entra adds emails[type eq
// "work"].value.
func assignUnmatched(holder *Object, tg target, filter Filter, m mode, v any) error {
	if m == modeRemove {
		return nil
	}
	described := &Object{}
	conjuncts(filter, func(f Filter) {
		if c, ok := f.(*Compare); ok && c.Op == Equal && c.Value != nil {
			described.put(c.Path.Attribute, c.Value)
		}
	})
	if m == modeReplace || described.Len() == 0 {
		return noTarget("No value of %q matches the filter %q.", tg.attr.Name, filter)
	}
	if tg.sub != nil {
		if v == nil {
			return nil // nothing to add
		}
		described.put(tg.sub.Name, v)
	} else if given, ok := v.(*Object); ok {
		for name, value := range given.All() {
			described.put(name, value)
		}
	}
	if !tg.attr.MultiValued {
		return mergeComplex(holder, tg.attr, m, described)
	}
	return assignAttribute(holder, tg.attr, modeAdd, described)
}

// assignElements sets or removes a sub-attribute of the selected values of a list.
func assignElements(holder *Object, tg target, list, selected []any, m mode, v any) error {
	before := primaries(list)
	for _, element := range selected {
		o, ok := element.(*Object)
		if !ok {
			continue
		}
		if err := assignAttribute(o, tg.sub, m, v); err != nil {
			return err
		}
		if o.Len() == 0 {
			continue
		}
		if err := tg.attr.complete(o); err != nil {
			return err
		}
		if err := tg.attr.check(o); err != nil {
			return err
		}
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(element any) bool {
		o, ok := element.(*Object)
		return ok && o.Len() == 0
	})
	if err := putElements(holder, tg.attr, kept); err != nil {
		return err
	}
	return tg.attr.onePrimary(holder, before)
}

// assignWhole replaces the selected values by the given value, or adds its sub-attributes to them.
func assignWhole(holder *Object, a *Attribute, list []any, chosen map[*Object]bool, m mode, v any) error {
	if given, ok := v.([]any); ok && len(given) == 1 {
		v = given[0]
	}
	before := primaries(list)
	all := slices.Clone(list)
	for i, element := range list {
		old, _ := element.(*Object)
		if !chosen[old] {
			continue
		}
		conform := a.conformOne
		if m == modeReplace && a.MultiValued {
			conform = a.conformElement
		}
		one, err := conform(v)
		if err != nil {
			return err
		}
		given, ok := one.(*Object)
		if !ok {
			return InvalidValue("The value for %q must be one object with sub-attributes.", a.Name)
		}
		if m == modeReplace {
			all[i] = given
			continue
		}
		for name, value := range given.All() {
			if err := assignAttribute(old, findAttribute(a.SubAttributes, name), m, value); err != nil {
				return err
			}
		}
	}
	if err := putElements(holder, a, a.distinct(all)); err != nil {
		return err
	}
	return a.onePrimary(holder, before)
}

// putElements stores the values of a complex attribute, multi-valued or not.
func putElements(holder *Object, a *Attribute, list []any) error {
	if a.MultiValued || len(list) == 0 {
		return putList(holder, a, list)
	}
	holder.put(a.Name, list[0])
	return nil
}

// equalFold reports whether s is one of the words. Some clients capitalize keywords.
func equalFold(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(s, w) })
}
