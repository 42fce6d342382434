package scim

import (
	"container/heap"
	"iter"
	"strings"
	"sync/atomic"
)

// Query is a list request (RFC 7644 section 3.4.2) that was checked against the schemas.
type Query struct {
	Filter     Filter // nil matches all
	SortBy     Path   // the zero Path means the order of the backend, which must be stable
	Descending bool
	StartIndex int // number of the first resource on the page, from 1
	Count      int // greatest number of resources on the page; 0 asks for the total only
	Projection Projection

	match func(*Object) bool
	key   func(*Object) sortKey
}

// Page is the result of a Query.
type Page struct {
	Total     int // number of resources that match, on all pages
	Resources []*Object

	// Rendering keeps the resources as JSON. A backend that keeps a page and may return it again sets it to a new Rendering, once.
	// It must not change the resources afterwards.
	Rendering *Rendering
}

// Rendering keeps what the server last wrote of a page, so that the server need not write it again for the next request.
type Rendering struct{ last atomic.Pointer[rendering] }

// rendering is the JSON of the resources of a page with all their attributes.
type rendering struct {
	base string // URL in the locations
	rows []byte
}

// rows returns the JSON of a page, which render writes if it has not been written for the base URL yet. Nobody may change it.
func (k *Rendering) rows(base string, render func() []byte) []byte {
	if last := k.last.Load(); last != nil && last.base == base {
		return last.rows
	}
	made := &rendering{base, render()}
	k.last.Store(made)
	return made.rows
}

// Unordered reports whether the query has neither a filter nor a sort order. The backend can then count and cut the
// page in SQL, with Offset and Count.
func (q Query) Unordered() bool { return q.Filter == nil && q.SortBy == (Path{}) }

// Offset returns the number of resources before the page.
func (q Query) Offset() int { return q.StartIndex - 1 }

// Equals returns the string that an attribute of the core schema must equal for the filter to match. The filter is, for
// example, userName eq "x", alone or combined with others by "and". A backend looks up such a value in an index and
// passes the few rows to Page, which applies the complete filter. The lookup must find every match and may find more:
// it must ignore case if the attribute is not caseExact.
func (q Query) Equals(attribute string) (value string, ok bool) {
	conjuncts(q.Filter, func(f Filter) {
		if c, is := f.(*Compare); is && c.Op == Equal && corePath(c.Path) == strings.ToLower(attribute) && !ok {
			value, ok = c.Value.(string)
		}
	})
	return value, ok
}

// corePath returns a path in lower case, without the URI of a core schema.
func corePath(p Path) string {
	if strings.EqualFold(p.Schema, CoreUser) || strings.EqualFold(p.Schema, CoreGroup) {
		p.Schema = ""
	}
	return strings.ToLower(p.String())
}

// Uses reports whether the filter or the sort order needs an attribute, which the backend then must load.
func (q Query) Uses(attribute string) bool {
	return mentions(q.Filter, attribute) || strings.EqualFold(q.SortBy.Attribute, attribute)
}

// Matches reports whether a resource matches the filter.
func (q Query) Matches(o *Object) bool { return q.match == nil || q.match(o) }

// Page filters, counts and sorts a stream of resources, and returns the page. Without a sort order it keeps only this
// page in memory, otherwise the pages up to this one.
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

// sorted is Page for a query with a sort order.
func (q Query) sorted(all iter.Seq2[*Object, error]) (Page, error) {
	// With a startIndex near the largest integer the sum overflows; then the page is empty.
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

// top keeps the first entries of a sort order, up to limit, in a heap. The root of the heap is the last of them.
type top struct {
	entries    []entry
	limit      int
	descending bool
}

type entry struct {
	key    sortKey
	place  int // number among all matches; entries with equal keys keep their order
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
