package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/scim"
	"understudy/scim/scimtest"
	"understudy/seed/base/waittest"
)

const token = "sk-scim-service-token"

// scimService is the SCIM service of the app. It records the requests that it receives, and answers some with injected
// faults.
type scimService struct {
	*scimtest.Service
	t       *testing.T
	baseURL string

	mu     sync.Mutex
	seen   []request
	faults []injectedFault
}

// request is one request that the service received.
type request struct {
	Method string
	Path   string // below the base URL: "/Users/u1"
	Query  string // decoded
	Raw    string // the query, not decoded
	Header http.Header
	Body   *scim.Object // nil without one
}

// line returns the request as tests write it: "GET /Users?filter=userName eq \"a\"&startIndex=1&count=100".
func (r request) line() string {
	if r.Query == "" {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.Query
}

// fault answers a request in place of the service. serve is the normal service.
type fault func(w http.ResponseWriter, r *http.Request, serve http.Handler)

// injectedFault is a fault with the requests that it answers.
type injectedFault struct {
	prefix string // of request.line
	times  int    // number of requests; below 0: until clearFaults
	fault  fault
}

// newSCIMService starts a service without users and groups. It stops with the test.
func newSCIMService(t *testing.T) *scimService {
	t.Helper()
	s := &scimService{Service: scimtest.New(t, nil), t: t}
	server := httptest.NewServer(http.StripPrefix("/scim/v2", http.HandlerFunc(s.receive)))
	t.Cleanup(server.Close)
	s.baseURL = server.URL + "/scim/v2"
	return s
}

// injectFault lets a fault answer the next requests whose line begins with prefix, such as "POST /Users". times limits their
// number; below 0 it has no limit until clearFaults.
func (s *scimService) injectFault(prefix string, times int, a fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, injectedFault{prefix: prefix, times: times, fault: a})
}

// hold delays the response to the next request whose line begins with prefix until release is closed. It closes arrived when
// the request is received.
func (s *scimService) hold(prefix string, then fault) (arrived, release chan struct{}) {
	arrived, release = make(chan struct{}), make(chan struct{})
	s.injectFault(prefix, 1, func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		close(arrived)
		select {
		case <-release:
		case <-r.Context().Done(): // a failed test never closes release
			return
		}
		then(w, r, serve)
	})
	return arrived, release
}

// serveNormally is the fault that changes nothing.
func serveNormally(w http.ResponseWriter, r *http.Request, serve http.Handler) { serve.ServeHTTP(w, r) }

// impatient is a transport that does not wait long for the responses that a faulty service withholds, but for all others, because
// a busy machine is slow.
type impatient struct {
	service  *scimService
	withheld string // prefix of the lines of the requests
}

// RoundTrip implements http.RoundTripper.
func (i impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	if i.service.isFaulty() && strings.HasPrefix(requestOf(r, strings.TrimPrefix(r.URL.Path, "/scim/v2")).line(), i.withheld) {
		ctx, cancel := context.WithTimeout(r.Context(), 50*time.Millisecond)
		defer cancel()
		r = r.WithContext(ctx)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (s *scimService) isFaulty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults) > 0
}

// clearFaults ends all faults.
func (s *scimService) clearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *scimService) receive(w http.ResponseWriter, r *http.Request) {
	a := s.receiveRequest(r)
	serve := http.HandlerFunc(s.serve)
	if a != nil {
		a(w, r, serve)
		return
	}
	serve(w, r)
}

func (s *scimService) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+token {
		scim.WriteError(w, scim.Unauthorized("The token is not valid."))
		return
	}
	s.Service.ServeHTTP(w, r)
}

// requestOf returns a request without its body. path is below the base URL.
func requestOf(r *http.Request, path string) request {
	query, _ := url.QueryUnescape(r.URL.RawQuery)
	return request{Method: r.Method, Path: path, Query: query, Raw: r.URL.RawQuery, Header: r.Header.Clone()}
}

// receiveRequest records a request and returns the fault that answers it; nil for none.
func (s *scimService) receiveRequest(r *http.Request) fault {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	got := requestOf(r, r.URL.Path)
	if len(body) > 0 {
		got.Body = &scim.Object{}
		if err := got.Body.UnmarshalJSON(body); err != nil {
			s.t.Errorf("%s has a body that is not a JSON object: %s", got.line(), body)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, got)
	for i, next := range s.faults {
		if next.times != 0 && strings.HasPrefix(got.line(), next.prefix) {
			s.faults[i].times--
			return next.fault
		}
	}
	return nil
}

// takeRequests returns the requests since its last call, and forgets them.
func (s *scimService) takeRequests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

// awaitRequests waits until n requests were received since the last takeRequests.
func (s *scimService) awaitRequests(n int) {
	s.t.Helper()
	waittest.Until(s.t, fmt.Sprintf("%d requests", n), func() (any, bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return lines(s.seen), len(s.seen) >= n
	})
}

// lines returns the requests since the last takeRequests, one on each line.
func (s *scimService) lines() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return lines(s.seen)
}

func lines(requests []request) string {
	var b strings.Builder
	for _, r := range requests {
		b.WriteString("\n\t" + r.line())
	}
	return b.String()
}

// wantRequests checks that exactly these requests were received since the last takeRequests, and returns them.
func (s *scimService) wantRequests(wanted ...string) []request {
	s.t.Helper()
	got := s.takeRequests()
	if !slices.EqualFunc(got, wanted, func(r request, line string) bool { return r.line() == line }) {
		s.t.Fatalf("the app received%s\nwant\n\t%s", lines(got), strings.Join(wanted, "\n\t"))
	}
	return got
}

// users and groups return all users and all groups of the service, sorted by name.
func (s *scimService) users() []*scim.Object  { return s.all(s.Users, "userName") }
func (s *scimService) groups() []*scim.Object { return s.all(s.Groups, "displayName") }

func (s *scimService) all(b *scimtest.Backend, by string) []*scim.Object {
	s.t.Helper()
	page, err := b.Query(context.Background(), scim.Query{StartIndex: 1, Count: 10_000})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.SortFunc(page.Resources, func(a, b *scim.Object) int { return strings.Compare(a.Text(by), b.Text(by)) })
	return page.Resources
}

// user returns the only user with this userName.
func (s *scimService) user(userName string) *scim.Object {
	return s.only(s.users(), "userName", userName)
}

// group returns the only group with this displayName.
func (s *scimService) group(name string) *scim.Object { return s.only(s.groups(), "displayName", name) }

func (s *scimService) only(list []*scim.Object, attribute, value string) *scim.Object {
	s.t.Helper()
	list = slices.DeleteFunc(list, func(o *scim.Object) bool { return !strings.EqualFold(o.Text(attribute), value) })
	if len(list) != 1 {
		s.t.Fatalf("the app has %d resources with %s %s, want 1", len(list), attribute, value)
	}
	return list[0]
}

// create creates a resource in the service directly, without a request, and returns its id.
func (s *scimService) create(b *scimtest.Backend, o *scim.Object) string {
	s.t.Helper()
	created, err := b.Create(context.Background(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return created.ID()
}

// members returns the sorted user names of the members of a group.
func (s *scimService) members(name string) []string {
	s.t.Helper()
	names := []string{}
	users := s.users()
	for _, m := range s.group(name).Objects("members") {
		i := slices.IndexFunc(users, func(o *scim.Object) bool { return o.ID() == m.Text("value") })
		if i < 0 {
			s.t.Fatalf("the group %s has the member %s, who is not a user", name, m.Text("value"))
		}
		names = append(names, users[i].Text("userName"))
	}
	slices.Sort(names)
	return names
}

// wantBody compares the body of a request with JSON. "*" in wanted matches any text that is not empty.
func (s *scimService) wantBody(r request, wanted string) {
	s.t.Helper()
	var got, want any
	text, err := json.Marshal(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := errors.Join(json.Unmarshal(text, &got), json.Unmarshal([]byte(wanted), &want)); err != nil {
		s.t.Fatal(err)
	}
	if !equalJSON(got, want) {
		s.t.Errorf("%s has the body\n\t%s\nwant\n\t%s", r.line(), text, wanted)
	}
}

// equalJSON compares decoded JSON as wantBody does.
func equalJSON(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		return maps.EqualFunc(got, want, equalJSON)
	case []any:
		got, ok := got.([]any)
		return ok && slices.EqualFunc(got, want, equalJSON)
	case string:
		text, ok := got.(string)
		return ok && (want == "*" && text != "" || text == want)
	}
	return got == want
}

// allowDelete allows every deletion.
func allowDelete(*scim.Object) error { return nil }
