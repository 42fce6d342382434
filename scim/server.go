package scim

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// Config is the configuration of a Server.
type Config struct {
	// Types are the resource types, usually NewUserType and NewGroupType.
	Types []*ResourceType

	// Limits limit each request. The zero value means the defaults.
	Limits Limits

	// BaseURL returns the absolute URL of the server as clients reach it, which every meta.location and $ref starts
	// with. Nil means the scheme, host and mount point of the request.
	BaseURL func(*http.Request) string

	// Error translates errors of the backends that are not *Error. It returns nil for an unknown error, which the
	// server logs and responds with 500 without its text.
	Error func(error) *Error

	// Log receives internal errors. Nil means slog.Default.
	Log *slog.Logger

	// ChangePassword and DocumentationURI appear in /ServiceProviderConfig (RFC 7643 section 5).
	ChangePassword   bool
	DocumentationURI string
}

// Server handles SCIM requests (RFC 7644). It is an http.Handler for the paths below the base URL. Mount it with
// http.StripPrefix behind middleware that authenticates, and that rejects requests by WriteError(w, Unauthorized("…")).
type Server struct {
	types  []*ResourceType
	config Config
	limits Limits
}

// NewServer checks the configuration and returns a server. The caller must not change the types afterwards.
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

// reserved are the endpoints of RFC 7644 section 3.2 that cannot be resource types.
var reserved = map[string]bool{"": true, ".search": true, "Bulk": true, "Me": true,
	"ServiceProviderConfig": true, "ResourceTypes": true, "Schemas": true}

// response is what a handler returns to the server. The body may be nil.
type response struct {
	status   int
	location string
	etag     string
	body     []byte
}

type handler func(*http.Request) (response, error)

// ServeHTTP implements http.Handler. A slash at the end of the path is ignored.
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
		var a response
		if a, err = h(r); err == nil {
			s.write(w, a)
			return
		}
	}
	WriteError(w, s.translate(r, err))
}

func (s *Server) write(w http.ResponseWriter, a response) {
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

// allowed returns the value of the header Allow, which a 405 response must have (RFC 9110 section 15.5.6).
func allowed(methods map[string]handler) string {
	var list []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if methods[m] != nil {
			list = append(list, m)
		}
	}
	return strings.Join(list, ", ")
}

// route returns the handlers of a path by HTTP method (RFC 7644 section 3.2).
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

// translate returns the error that the client receives.
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

// base returns the base URL, without a slash at its end.
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
	if mount == path { // the prefix was not stripped, or the path was rewritten
		mount = ""
	}
	return scheme + "://" + r.Host + strings.TrimSuffix(mount, "/")
}
