package scim

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// errNotModified ends a Modify without effect: by RFC 7644 section 3.5.2 a request that changes nothing leaves lastModified and version alone.
var errNotModified = errors.New("the request changes nothing")

// body reads a request's JSON object.
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
	if _, err := data.ReadFrom(http.MaxBytesReader(nil, r.Body, s.limits.Body)); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, invalidSyntax("The request body ends early.")
		}
		return nil, err
	}
	return decodeObject(data.Bytes(), s.limits)
}

// projection reads the parameters that say what to return.
func projection(t *ResourceType, r *http.Request) Projection {
	query := r.URL.Query()
	return t.project(names(query["attributes"]), names(query["excludedAttributes"]))
}

// names splits comma-separated lists.
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

// shown is the answer that has one resource as its body.
func (s *Server) shown(r *http.Request, t *ResourceType, o *Object, status int, want Projection) answer {
	base := s.base(r)
	return answer{status: status, location: location(t, o.ID(), base), etag: etag(o, want),
		body: s.appendResource(make([]byte, 0, 1024), t, o, want, base)}
}

func (s *Server) get(t *ResourceType, id string) handler {
	return func(r *http.Request) (answer, error) {
		want := projection(t, r)
		o, err := t.Backend.Get(r.Context(), id, want)
		if err != nil {
			return answer{}, err
		}
		tag := etag(o, want)
		if given := r.Header.Get("If-None-Match"); given != "" && tag != "" && matchesTag(given, tag) {
			return answer{status: http.StatusNotModified, etag: tag}, nil
		}
		return s.shown(r, t, o, http.StatusOK, want), nil
	}
}

func (s *Server) create(t *ResourceType) handler {
	return func(r *http.Request) (answer, error) {
		body, err := s.body(r)
		if err != nil {
			return answer{}, err
		}
		o, err := t.fresh(body, s.limits)
		if err != nil {
			return answer{}, err
		}
		if o, err = t.Backend.Create(r.Context(), o); err != nil {
			return answer{}, err
		}
		return s.shown(r, t, o, http.StatusCreated, projection(t, r)), nil
	}
}

func (s *Server) replace(t *ResourceType, id string) handler {
	return func(r *http.Request) (answer, error) {
		body, err := s.body(r)
		if err != nil {
			return answer{}, err
		}
		return s.modify(r, t, id, func(current *Object) (*Object, error) {
			return t.replaced(current, body, s.limits)
		})
	}
}

func (s *Server) patch(t *ResourceType, id string) handler {
	return func(r *http.Request) (answer, error) {
		body, err := s.body(r)
		if err != nil {
			return answer{}, err
		}
		operations, err := parsePatch(body, s.limits)
		if err != nil {
			return answer{}, err
		}
		return s.modify(r, t, id, func(current *Object) (*Object, error) {
			return t.Patch(current, operations, s.limits)
		})
	}
}

// modify changes a resource in the backend's transaction, if If-Match allows and if there is a change.
func (s *Server) modify(r *http.Request, t *ResourceType, id string, change func(*Object) (*Object, error)) (answer, error) {
	var unchanged *Object
	o, err := t.Backend.Modify(r.Context(), id, func(current *Object) (*Object, error) {
		unchanged = nil // a backend may try its transaction again
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
		return answer{}, err
	}
	return s.shown(r, t, o, http.StatusOK, projection(t, r)), nil
}

func (s *Server) remove(t *ResourceType, id string) handler {
	return func(r *http.Request) (answer, error) {
		err := t.Backend.Delete(r.Context(), id, func(current *Object) error { return precondition(r, current) })
		return answer{status: http.StatusNoContent}, err
	}
}

// precondition checks If-Match (RFC 7644 section 3.14). SCIM's tags are weak, so they are compared weakly.
func precondition(r *http.Request, current *Object) error {
	given := r.Header.Get("If-Match")
	if given == "" || matchesTag(given, etag(current, Projection{})) {
		return nil
	}
	return NewError(http.StatusPreconditionFailed, "", "The resource has changed on the server.")
}

// matchesTag looks for a tag in a list of tags, or "*".
func matchesTag(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
