package scim

import (
	"cmp"
	"strings"
)

// sortKey is the value by which a resource is sorted. A resource without a value comes last in ascending order and first in
// descending order (RFC 7644 section 3.4.2.3).
type sortKey struct {
	missing bool
	number  float64
	text    string
}

func (k sortKey) compare(other sortKey) int {
	if k.missing != other.missing {
		if k.missing {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(k.number, other.number), strings.Compare(k.text, other.text))
}

// sortBy returns the function that computes the sort key of a resource. For a multi-valued attribute, the key is the
// primary value, or else the first one (RFC 7644 section 3.4.2.3).
func (t *ResourceType) sortBy(p Path) (func(*Object) sortKey, error) {
	tg, ok := t.resolve(p)
	if !ok || tg.attr == nil {
		return nil, invalidPath("The attribute %q in sortBy is unknown.", p)
	}
	leaf := tg.attr
	if tg.attr.complex() {
		if leaf = tg.sub; leaf == nil {
			leaf = tg.attr.value()
		}
		if leaf == nil {
			return nil, invalidPath("The attribute %q is complex. Sort by one of its sub-attributes.", p)
		}
	}
	return func(o *Object) sortKey {
		v := tg.holder(o).own(tg.attr.Name)
		if tg.ext == nil && tg.attr.Name == "schemas" {
			v = t.schemasOf(o)
		}
		if list, ok := v.([]any); ok {
			v = preferred(list)
		}
		if element, ok := v.(*Object); ok {
			v = element.own(leaf.Name)
		}
		return leaf.sortKey(v)
	}, nil
}

// preferred returns the primary value of a list, or else the first one.
func preferred(list []any) any {
	for _, v := range list {
		if element, ok := v.(*Object); ok && element.own("primary") == true {
			return v
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// sortKey returns the sort key of a value of the attribute. False sorts before true.
func (a *Attribute) sortKey(v any) sortKey {
	switch v := v.(type) {
	case bool:
		if v {
			return sortKey{number: 1}
		}
		return sortKey{}
	case string:
		if v == "" {
			break
		}
		if at, ok := dateTime(v); ok && a.Type == DateTime {
			return sortKey{number: float64(at.UnixMicro())}
		}
		if a.exact() {
			return sortKey{text: v}
		}
		return sortKey{text: Fold(v)}
	}
	if n, ok := number(v); ok {
		return sortKey{number: n}
	}
	return sortKey{missing: true}
}
