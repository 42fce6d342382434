package scim

import (
	"container/heap"
	"iter"
	"strings"
)

// Query is a list request, checked against the schemas (RFC 7644 section 3.4.2).
type Query struct {
	Filter     Filter // nil: all
	SortBy     Path   // the zero Path: the backend's own order, which must be stable
	Descending bool
	StartIndex int // of the first resource on the page, from 1
	Count      int // of resources on the page at most; 0 asks for the total only
	Projection Projection

	match func(*Object) bool
	key   func(*Object) sortKey
}

// Page is the answer to a Query.
type Page struct {
	Total     int // how many resources match, on all pages
	Resources []*Object
}

// Unordered tells that the page is a plain piece of the backend's own list, without filter and sort order, so that the backend can count and
// cut in SQL with Offset and Count.
func (q Query) Unordered() bool { return q.Filter == nil && q.SortBy == (Path{}) }

// Offset is StartIndex counted from 0.
func (q Query) Offset() int { return q.StartIndex - 1 }

// Equals returns the string that an attribute of the core schema must be equal to for the filter to match, as in userName eq "x", alone or in
// conjunction with others. A backend looks such a value up in an index and hands the few rows to Page, which applies the whole
// filter. Mind that the schema says whether case matters: a lookup that finds too much is right, one that finds too little is not.
func (q Query) Equals(attribute string) (value string, ok bool) {
	conjuncts(q.Filter, func(f Filter) {
		if c, is := f.(*Compare); is && c.Op == Equal && corePath(c.Path) == strings.ToLower(attribute) && !ok {
			value, ok = c.Value.(string)
		}
	})
	return value, ok
}

// corePath drops the URI of the two core schemas from a path.
func corePath(p Path) string {
	if strings.EqualFold(p.Schema, CoreUser) || strings.EqualFold(p.Schema, CoreGroup) {
		p.Schema = ""
	}
	return strings.ToLower(p.String())
}

// Uses tells whether the filter or the sort order looks at an attribute, so that it must be loaded to apply them.
func (q Query) Uses(attribute string) bool {
	return mentions(q.Filter, attribute) || strings.EqualFold(q.SortBy.Attribute, attribute)
}

// Matches applies the filter to one resource.
func (q Query) Matches(o *Object) bool { return q.match == nil || q.match(o) }

// Page filters, counts, sorts and cuts a stream of resources. Unsorted, it holds no more than one page in memory; sorted, no more than the
// pages up to the wanted one.
func (q Query) Page(all iter.Seq2[*Object, error]) (Page, error) {
	if q.key != nil {
		return q.sorted(all)
	}
	page := Page{Resources: make([]*Object, 0, min(q.Count, 100))}
	for o, err := range all {
		if err != nil {
			return Page{}, err
		}
		if !q.Matches(o) {
			continue
		}
		page.Total++
		if page.Total >= q.StartIndex && len(page.Resources) < q.Count {
			page.Resources = append(page.Resources, o)
		}
	}
	return page, nil
}

func (q Query) sorted(all iter.Seq2[*Object, error]) (Page, error) {
	// A startIndex near the largest integer must not wrap round.
	keep := top{limit: q.Offset() + q.Count, descending: q.Descending}
	if keep.limit < q.Count || q.Count == 0 {
		keep.limit = 0
	}
	page := Page{Resources: []*Object{}}
	for o, err := range all {
		if err != nil {
			return Page{}, err
		}
		if !q.Matches(o) {
			continue
		}
		keep.add(entry{key: q.key(o), place: page.Total, object: o})
		page.Total++
	}
	sorted := make([]*Object, len(keep.entries))
	for i := len(sorted) - 1; i >= 0; i-- {
		sorted[i] = heap.Pop(&keep).(entry).object
	}
	if q.Offset() < len(sorted) {
		page.Resources = sorted[q.Offset():]
	}
	return page, nil
}

// top keeps the first limit entries of a sort order; the last of them is at the heap's root.
type top struct {
	entries    []entry
	limit      int
	descending bool
}

type entry struct {
	key    sortKey
	place  int // among all matches: equal keys keep their order
	object *Object
}

func (t *top) add(e entry) {
	if len(t.entries) < t.limit {
		heap.Push(t, e)
		return
	}
	if t.limit > 0 && t.before(e, t.entries[0]) {
		t.entries[0] = e
		heap.Fix(t, 0)
	}
}

func (t *top) before(a, b entry) bool {
	order := a.key.compare(b.key)
	if order == 0 {
		return a.place < b.place
	}
	return (order < 0) != t.descending
}

func (t *top) Len() int           { return len(t.entries) }
func (t *top) Less(i, j int) bool { return t.before(t.entries[j], t.entries[i]) }
func (t *top) Swap(i, j int)      { t.entries[i], t.entries[j] = t.entries[j], t.entries[i] }
func (t *top) Push(x any)         { t.entries = append(t.entries, x.(entry)) }
func (t *top) Pop() any {
	last := t.entries[len(t.entries)-1]
	t.entries = t.entries[:len(t.entries)-1]
	return last
}
