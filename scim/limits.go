package scim

// Limits limit the size of one request. Each comment gives the default, which applies if the field is 0, and the error.
type Limits struct {
	Body         int64 // bytes of the body: 1 MiB (413)
	Depth        int   // nesting of the JSON in the body: 16 (400 invalidSyntax)
	List         int   // values in a list: 10,000 (413)
	Operations   int   // operations in a PATCH: 1,000 (413)
	FilterLength int   // bytes of a filter: 4,096 (400 invalidFilter)
	PathLength   int   // bytes of a PATCH path, whose filter is applied to each value of a list: 512 (400 invalidPath)
	FilterDepth  int   // nested parentheses of a filter, also within a path: 20 (400 invalidFilter)
	Count        int   // resources on a page if the request has no count: 100
	MaxCount     int   // resources on a page: 500 (no error; the page has fewer)
}

func (l Limits) orDefault() Limits {
	set(&l.Body, 1<<20)
	set(&l.Depth, 16)
	set(&l.List, 10_000)
	set(&l.Operations, 1_000)
	set(&l.FilterLength, 4_096)
	set(&l.PathLength, 512)
	set(&l.FilterDepth, 20)
	set(&l.Count, 100)
	set(&l.MaxCount, 500)
	l.Count = min(l.Count, l.MaxCount)
	return l
}

func set[T int | int64](field *T, def T) {
	if *field <= 0 {
		*field = def
	}
}
