package scim

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// errNotModified ends a Modify without effect. A request that changes nothing must not change meta.lastModified (RFC 7644
// section 3.5.2), and so it keeps the version as well.
var errNotModified = errors.New("the request changes nothing")

// body reads the JSON object in the body of a request.
func (s *Server) body(r *http.Request) (*Object, error) {
	if kind := r.Header.Get("Content-Type"); kind != "" {
		media, _, err := mime.ParseMediaType(kind)
		if err != nil || media != ContentType && media != "application/json" && media != "text/json" {
			return nil, NewError(http.StatusUnsupportedMediaType, "", "The content type must be %s or application/json.", ContentType)
		}
	}
	var data bytes.Buffer
	if n := r.ContentLength; n > 0 {
		data.Grow(int(min(n, s.limits.Body)) + bytes.MinRead)
	}
	// This package also serves without the front door, so it has its own limit of the body.
	if _, err := data.ReadFrom(http.MaxBytesReader(nil, r.Body, s.limits.Body)); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, invalidSyntax("The request body ends early.")
		}
		return nil, err
	}
	return decodeObject(data.Bytes(), s.limits)
}

// projection reads the parameters attributes and excludedAttributes.
func projection(t *ResourceType, r *http.Request) Projection {
	query := r.URL.Query()
	return t.project(names(query["attributes"]), names(query["excludedAttributes"]))
}

// names splits comma-separated lists of attribute names.
func names(values []string) []string {
	var all []string
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" {
				all = append(all, name)
			}
		}
	}
	return all
}

// resourceResponse returns the response whose body is a resource.
func (s *Server) resourceResponse(r *http.Request, t *ResourceType, o *Object, status int, want Projection) response {
	base := s.base(r)
	return response{status: status, location: location(t, o.ID(), base), etag: etag(o, want),
		body: s.appendResource(make([]byte, 0, 1024), t, o, want, base)}
}

// get handles GET of a resource (RFC 7644 section 3.4.1).
func (s *Server) get(t *ResourceType, id string) handler {
	return func(r *http.Request) (response, error) {
		want := projection(t, r)
		o, err := t.Backend.Get(r.Context(), id, want)
		if err != nil {
			return response{}, err
		}
		tag := etag(o, want)
		if given := r.Header.Get("If-None-Match"); given != "" && tag != "" && matchesTag(given, tag) {
			return response{status: http.StatusNotModified, etag: tag}, nil
		}
		return s.resourceResponse(r, t, o, http.StatusOK, want), nil
	}
}

// create handles POST (RFC 7644 section 3.3).
func (s *Server) create(t *ResourceType) handler {
	return func(r *http.Request) (response, error) {
		body, err := s.body(r)
		if err != nil {
			return response{}, err
		}
		o, err := t.resourceFromPOST(body, s.limits)
		if err != nil {
			return response{}, err
		}
		if o, err = t.Backend.Create(r.Context(), o); err != nil {
			return response{}, err
		}
		return s.resourceResponse(r, t, o, http.StatusCreated, projection(t, r)), nil
	}
}

// replace handles PUT (RFC 7644 section 3.5.1).
func (s *Server) replace(t *ResourceType, id string) handler {
	return func(r *http.Request) (response, error) {
		body, err := s.body(r)
		if err != nil {
			return response{}, err
		}
		return s.modify(r, t, id, func(current *Object) (*Object, error) {
			return t.resourceFromPUT(current, body, s.limits)
		})
	}
}

// patch handles PATCH (RFC 7644 section 3.5.2). The response is 200 with the resource, and never 204.
func (s *Server) patch(t *ResourceType, id string) handler {
	return func(r *http.Request) (response, error) {
		body, err := s.body(r)
		if err != nil {
			return response{}, err
		}
		operations, err := parsePatch(body, s.limits)
		if err != nil {
			return response{}, err
		}
		return s.modify(r, t, id, func(current *Object) (*Object, error) {
			return t.Patch(current, operations, s.limits)
		})
	}
}

// modify changes a resource in a transaction of the backend, provided that If-Match matches and the result differs.
func (s *Server) modify(r *http.Request, t *ResourceType, id string, change func(*Object) (*Object, error)) (response, error) {
	var unchanged *Object
	o, err := t.Backend.Modify(r.Context(), id, func(current *Object) (*Object, error) {
		unchanged = nil // the backend may have retried its transaction
		if err := precondition(r, current); err != nil {
			return nil, err
		}
		next, err := change(current)
		if err == nil && next.Equal(current) {
			unchanged = current
			return nil, errNotModified
		}
		return next, err
	})
	if unchanged != nil && err != nil {
		o, err = unchanged, nil
	}
	if err != nil {
		return response{}, err
	}
	return s.resourceResponse(r, t, o, http.StatusOK, projection(t, r)), nil
}

// remove handles DELETE (RFC 7644 section 3.6).
func (s *Server) remove(t *ResourceType, id string) handler {
	return func(r *http.Request) (response, error) {
		err := t.Backend.Delete(r.Context(), id, func(current *Object) error { return precondition(r, current) })
		return response{status: http.StatusNoContent}, err
	}
}

// precondition checks If-Match (RFC 7644 section 3.14). The server issues weak tags, so the comparison is weak (RFC 9110
// section 8.8.3.2), although RFC 9110 section 13.1.1 asks for a strong one.
func precondition(r *http.Request, current *Object) error {
	given := r.Header.Get("If-Match")
	if given == "" || matchesTag(given, etag(current, Projection{})) {
		return nil
	}
	return NewError(http.StatusPreconditionFailed, "", "The resource has changed on the server.")
}

// matchesTag reports whether a list of entity tags is "*" or contains the tag.
func matchesTag(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
