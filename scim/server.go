package scim

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// Config is what a Server needs.
type Config struct {
	// Types are the resource types, as a rule NewUserType and NewGroupType.
	Types []*ResourceType

	// Limits bound each request; the zero value has good defaults.
	Limits Limits

	// BaseURL returns the absolute URL under which clients reach the server, without a slash at its end: the start of every meta.location and
	// $ref. Nil means the request's own scheme, host and mount point.
	BaseURL func(*http.Request) string

	// Error translates a backend's own errors. It returns nil for what it doesn't know. *Error needs no translation; the
	// rest is answered as 500 without its text, and logged.
	Error func(error) *Error

	// Log receives what goes wrong inside; nil is slog.Default.
	Log *slog.Logger

	// ChangePassword and DocumentationURI are for /ServiceProviderConfig.
	ChangePassword   bool
	DocumentationURI string
}

// Server answers SCIM requests (RFC 7644) out of backends. It is an http.Handler for the paths under the base URL; mount it with http.StripPrefix
// and behind the middleware that authenticates, which can answer with WriteError(w, Unauthorized("…")).
type Server struct {
	types  []*ResourceType
	config Config
	limits Limits
}

// NewServer checks the configuration and makes a server. The types belong to it from then on.
func NewServer(c Config) (*Server, error) {
	seen := map[string]bool{}
	for _, t := range c.Types {
		if err := t.prepare(); err != nil {
			return nil, err
		}
		if seen[t.Endpoint] || reserved[strings.TrimPrefix(t.Endpoint, "/")] {
			return nil, fmt.Errorf("scim: the endpoint %s of resource type %q is taken", t.Endpoint, t.Name)
		}
		seen[t.Endpoint] = true
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Server{types: c.Types, config: c, limits: c.Limits.orDefault()}, nil
}

var reserved = map[string]bool{"": true, ".search": true, "Bulk": true, "Me": true,
	"ServiceProviderConfig": true, "ResourceTypes": true, "Schemas": true}

// answer is what a handler hands back: a status, headers and a body, if any.
type answer struct {
	status   int
	location string
	etag     string
	body     []byte
}

type handler func(*http.Request) (answer, error)

// ServeHTTP answers one request. A slash at the end of the path is ignored.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	methods, err := s.route(r)
	if err == nil {
		h := methods[r.Method]
		if h == nil && r.Method == http.MethodHead {
			h = methods[http.MethodGet]
		}
		if h == nil {
			w.Header().Set("Allow", allowed(methods))
			WriteError(w, NewError(http.StatusMethodNotAllowed, "", "The method %s is not allowed here.", r.Method))
			return
		}
		var a answer
		if a, err = h(r); err == nil {
			s.write(w, a)
			return
		}
	}
	WriteError(w, s.translate(r, err))
}

func (s *Server) write(w http.ResponseWriter, a answer) {
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if a.etag != "" {
		w.Header().Set("ETag", a.etag)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	writeJSON(w, a.status, a.body)
}

func allowed(methods map[string]handler) string {
	var list []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if methods[m] != nil {
			list = append(list, m)
		}
	}
	return strings.Join(list, ", ")
}

// route finds the handlers of a path, by method.
func (s *Server) route(r *http.Request) (map[string]handler, error) {
	segments := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	for i := range segments {
		decoded, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, NewError(http.StatusNotFound, "", "Endpoint %s not found.", r.URL.Path)
		}
		segments[i] = decoded
	}
	first := segments[0]
	if first == "Me" || first == "Bulk" {
		return nil, NewError(http.StatusNotImplemented, "", "/%s is not supported by this service provider.", first)
	}
	if h := s.discovery(segments); h != nil {
		return map[string]handler{http.MethodGet: h}, nil
	}
	switch {
	case len(segments) == 1 && first == "":
		return map[string]handler{http.MethodGet: s.list(s.types...)}, nil
	case len(segments) == 1 && first == ".search":
		return map[string]handler{http.MethodPost: s.search(s.types...)}, nil
	}
	t := findResourceType(s.types, first)
	switch {
	case t == nil || len(segments) > 2:
		return nil, NewError(http.StatusNotFound, "", "Endpoint %s not found.", r.URL.Path)
	case len(segments) == 1:
		return map[string]handler{http.MethodGet: s.list(t), http.MethodPost: s.create(t)}, nil
	case segments[1] == ".search":
		return map[string]handler{http.MethodPost: s.search(t)}, nil
	}
	id := segments[1]
	return map[string]handler{http.MethodGet: s.get(t, id), http.MethodPut: s.replace(t, id),
		http.MethodPatch: s.patch(t, id), http.MethodDelete: s.remove(t, id)}, nil
}

// translate turns any error into the one that the client sees.
func (s *Server) translate(r *http.Request, err error) *Error {
	if e, ok := asError(err); ok {
		return e
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return NewError(http.StatusRequestEntityTooLarge, "", "The request body is larger than %d bytes.", tooLarge.Limit)
	}
	if s.config.Error != nil {
		if e := s.config.Error(err); e != nil {
			return e
		}
	}
	if r.Context().Err() == nil {
		s.config.Log.ErrorContext(r.Context(), "SCIM request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	return NewError(http.StatusInternalServerError, "", "The service provider failed to handle the request.")
}

// base is the URL that all locations start with.
func (s *Server) base(r *http.Request) string {
	if s.config.BaseURL != nil {
		return strings.TrimSuffix(s.config.BaseURL(r), "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	mount := strings.TrimSuffix(path, r.URL.EscapedPath())
	if mount == path { // not stripped, or rewritten beyond recognition
		mount = ""
	}
	return scheme + "://" + r.Host + strings.TrimSuffix(mount, "/")
}
