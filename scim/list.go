package scim

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// request holds the parameters of a list request, from the URL or from a SearchRequest (RFC 7644 section 3.4.2).
type request struct {
	filter     string
	sortBy     string
	sortOrder  string
	startIndex int
	count      int
	attributes []string
	excluded   []string
}

// list handles GET of an endpoint, or of the root, which lists several types (RFC 7644 sections 3.4.2 and 3.4.2.1).
func (s *Server) list(types ...*ResourceType) handler {
	return func(r *http.Request) (response, error) {
		// r.URL.Query() ignores parameters with an encoding error. Without its filter, a request would list all users.
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return response{}, invalidSyntax("The query of the URL is not encoded correctly: %s.", err)
		}
		req, err := s.fromURL(values)
		if err != nil {
			return response{}, err
		}
		return s.query(r.Context(), req, s.base(r), types)
	}
}

// search handles POST of /.search (RFC 7644 section 3.4.3).
func (s *Server) search(types ...*ResourceType) handler {
	return func(r *http.Request) (response, error) {
		body, err := s.body(r)
		if err != nil {
			return response{}, err
		}
		req, err := s.fromBody(body)
		if err != nil {
			return response{}, err
		}
		return s.query(r.Context(), req, s.base(r), types)
	}
}

// fromURL reads the parameters in the URL. It ignores unknown parameters, such as Entra's aadOptscim062020.
func (s *Server) fromURL(q url.Values) (request, error) {
	req := request{filter: q.Get("filter"), sortBy: q.Get("sortBy"), sortOrder: q.Get("sortOrder"),
		attributes: names(q["attributes"]), excluded: names(q["excludedAttributes"])}
	var err error
	if req.startIndex, err = integer("startIndex", q.Get("startIndex"), 1); err != nil {
		return req, err
	}
	req.count, err = integer("count", q.Get("count"), s.limits.Count)
	return s.bounded(req), err
}

// integer parses a parameter. A number that does not fit becomes the nearest 32-bit integer.
func integer(name, s string, def int) (int, error) {
	if s == "" {
		return def, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, InvalidValue("The parameter %s must be an integer.", name)
	}
	return int(max(math.MinInt32, min(n, math.MaxInt32))), nil
}

// bounded replaces values out of range as RFC 7644 section 3.4.2.4 says.
func (s *Server) bounded(req request) request {
	req.startIndex = max(req.startIndex, 1)
	req.count = min(max(req.count, 0), s.limits.MaxCount)
	return req
}

// fromBody reads the parameters in a SearchRequest.
func (s *Server) fromBody(o *Object) (request, error) {
	if err := needSchema(o, SearchRequestSchema); err != nil {
		return request{}, err
	}
	req := request{filter: o.Text("filter"), sortBy: o.Text("sortBy"), sortOrder: o.Text("sortOrder"),
		attributes: o.Texts("attributes"), excluded: o.Texts("excludedAttributes")}
	var err error
	if req.startIndex, err = integerIn(o, "startIndex", 1); err != nil {
		return req, err
	}
	req.count, err = integerIn(o, "count", s.limits.Count)
	return s.bounded(req), err
}

func integerIn(o *Object, name string, def int) (int, error) {
	v := o.own(name)
	if v == nil {
		return def, nil
	}
	n, ok := v.(json.Number)
	if !ok {
		return 0, InvalidValue("The attribute %s must be an integer.", name)
	}
	return integer(name, string(n), def)
}

// query asks the backends one after the other, and treats their resources as one list.
func (s *Server) query(ctx context.Context, req request, base string, types []*ResourceType) (response, error) {
	if req.sortOrder != "" && !equalFold(req.sortOrder, "ascending", "descending") {
		return response{}, InvalidValue("The parameter sortOrder must be ascending or descending.")
	}
	total, shown := 0, 0
	var rows []byte
	for _, t := range types {
		q, err := s.queryOf(t, req, len(types) > 1)
		if err != nil {
			return response{}, err
		}
		q.StartIndex, q.Count = max(1, req.startIndex-total), req.count-shown
		page, err := t.Backend.Query(ctx, q)
		if err != nil {
			return response{}, err
		}
		if shownHere := min(len(page.Resources), q.Count); shownHere > 0 {
			page.Resources = page.Resources[:shownHere]
			if shown > 0 {
				rows = append(rows, ',')
			}
			rows = append(rows, s.rows(t, page, q.Projection, base)...)
			shown += shownHere
		}
		total += page.Total
	}
	return response{status: http.StatusOK, body: listResponse(total, req.startIndex, shown, rows)}, nil
}

// rows returns the JSON of the resources of a page, separated by commas.
func (s *Server) rows(t *ResourceType, page Page, want Projection, base string) []byte {
	render := func() []byte {
		rows := make([]byte, 0, resourceBytes*len(page.Resources))
		for i, o := range page.Resources {
			if i > 0 {
				rows = append(rows, ',')
			}
			rows = s.appendResource(rows, t, o, want, base)
		}
		return rows
	}
	if page.Rendering == nil || !want.whole() {
		return render()
	}
	return page.Rendering.rows(base, render)
}

// resourceBytes is about the length of a resource in JSON.
const resourceBytes = 600

// queryOf checks a list request against the schemas of a type. If several types are listed, sortBy has no effect on a type
// that does not have the attribute.
func (s *Server) queryOf(t *ResourceType, req request, several bool) (Query, error) {
	q := Query{Descending: equalFold(req.sortOrder, "descending"), Projection: t.project(req.attributes, req.excluded)}
	if strings.TrimSpace(req.filter) != "" {
		var err error
		if q.Filter, err = ParseFilter(req.filter, s.limits); err != nil {
			return q, err
		}
		if q.match, err = t.Compile(q.Filter); err != nil {
			return q, err
		}
	}
	if req.sortBy == "" {
		return q, nil
	}
	path, err := ParsePath(req.sortBy)
	if err != nil {
		return q, err
	}
	key, err := t.sortBy(path)
	if err != nil {
		if several {
			return q, nil
		}
		return q, err
	}
	q.SortBy, q.key = path, key
	return q, nil
}

// listResponse writes a ListResponse around rows, which are JSON (RFC 7644 section 3.4.2). Okta requires all four
// members in every response, with integers as numbers.
func listResponse(total, startIndex, shown int, rows []byte) []byte {
	b := make([]byte, 0, len(rows)+160)
	b = append(b, `{"schemas":["`+ListResponseSchema+`"],"totalResults":`...)
	b = strconv.AppendInt(b, int64(total), 10)
	b = append(b, `,"startIndex":`...)
	b = strconv.AppendInt(b, int64(startIndex), 10)
	b = append(b, `,"itemsPerPage":`...)
	b = strconv.AppendInt(b, int64(shown), 10)
	b = append(b, `,"Resources":[`...)
	b = append(b, rows...)
	return append(b, ']', '}')
}
