package scim

import (
	"cmp"
	"strings"
)

// sortKey is what a resource is sorted by. One without a value comes last when ascending and first when descending (RFC 7644
// section 3.4.2.3).
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

// sortBy makes the function that finds a resource's sort key. Of a multi-valued attribute the primary value counts, else the first.
func (t *ResourceType) sortBy(p Path) (func(*Object) sortKey, error) {
	tg, ok := t.resolve(p)
	if !ok || tg.attr == nil {
		return nil, invalidPath("The attribute %q, to sort by, is unknown.", p)
	}
	leaf := tg.attr
	if tg.attr.complex() {
		if leaf = tg.sub; leaf == nil {
			leaf = tg.attr.value()
		}
		if leaf == nil {
			return nil, invalidPath("The attribute %q is complex; sort by one of its sub-attributes.", p)
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
