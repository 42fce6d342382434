package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"understudy/scim"
	"understudy/scim/scimtest"
)

const token = "sk-far-side-token"

// farSide is a SCIM service that keeps what it was asked, and misbehaves where it is told to.
type farSide struct {
	*scimtest.Service
	t       *testing.T
	baseURL string

	mu     sync.Mutex
	seen   []request
	faults []fault
	some   *sync.Cond // tells that seen has grown
}

// request is one request as it arrived.
type request struct {
	Method string
	Path   string // below the base URL: "/Users/u1"
	Query  string // decoded
	Raw    string // the query as it was sent
	Header http.Header
	Body   *scim.Object // nil without one
}

// line is how tests write a request: "GET /Users?filter=userName eq \"a\"&startIndex=1&count=100".
func (r request) line() string {
	if r.Query == "" {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.Query
}

// answer is what the far side does instead of serving a request; serve does what it should have.
type answer func(w http.ResponseWriter, r *http.Request, serve http.Handler)

type fault struct {
	prefix string // of request.line
	times  int    // how often; below 0: until mended
	answer answer
}

func newFarSide(t *testing.T) *farSide {
	t.Helper()
	f := &farSide{Service: scimtest.New(t, nil), t: t}
	f.some = sync.NewCond(&f.mu)
	server := httptest.NewServer(http.StripPrefix("/scim/v2", http.HandlerFunc(f.receive)))
	t.Cleanup(server.Close)
	f.baseURL = server.URL + "/scim/v2"
	return f
}

// misbehave answers the next requests of a kind, "POST /Users", wrongly: times of them, or all until mended if below 0.
func (f *farSide) misbehave(prefix string, times int, a answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, fault{prefix: prefix, times: times, answer: a})
}

// hold keeps the next request of a kind from being answered until release is closed; arrived is closed when it has come.
func (f *farSide) hold(prefix string, then answer) (arrived, release chan struct{}) {
	arrived, release = make(chan struct{}), make(chan struct{})
	f.misbehave(prefix, 1, func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		close(arrived)
		select {
		case <-release:
		case <-r.Context().Done(): // a test that failed releases nothing
			return
		}
		then(w, r, serve)
	})
	return arrived, release
}

// served is the answer of a far side that does as it is asked.
func served(w http.ResponseWriter, r *http.Request, serve http.Handler) { serve.ServeHTTP(w, r) }

// mend ends all misbehaviour.
func (f *farSide) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

func (f *farSide) receive(w http.ResponseWriter, r *http.Request) {
	a := f.note(r)
	serve := http.HandlerFunc(f.serve)
	if a != nil {
		a(w, r, serve)
		return
	}
	serve(w, r)
}

func (f *farSide) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+token {
		scim.WriteError(w, scim.Unauthorized("The token is not valid."))
		return
	}
	f.Service.ServeHTTP(w, r)
}

// note keeps a request, and finds out how it is to be answered.
func (f *farSide) note(r *http.Request) answer {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	query, _ := url.QueryUnescape(r.URL.RawQuery)
	got := request{Method: r.Method, Path: r.URL.Path, Query: query, Raw: r.URL.RawQuery, Header: r.Header.Clone()}
	if len(body) > 0 {
		got.Body = &scim.Object{}
		if err := got.Body.UnmarshalJSON(body); err != nil {
			f.t.Errorf("%s has a body that is no JSON object: %s", got.line(), body)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, got)
	f.some.Broadcast()
	for i, fault := range f.faults {
		if fault.times != 0 && strings.HasPrefix(got.line(), fault.prefix) {
			f.faults[i].times--
			return fault.answer
		}
	}
	return nil
}

// take gives the requests since it was last called.
func (f *farSide) take() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen
	f.seen = nil
	return seen
}

// awaitRequests waits until that many have come since the last take.
func (f *farSide) awaitRequests(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.seen) < n {
		f.some.Wait()
	}
}

// lines gives the requests since the last take, one in a line, without forgetting them.
func (f *farSide) lines() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return lines(f.seen)
}

func lines(requests []request) string {
	var b strings.Builder
	for _, r := range requests {
		b.WriteString("\n\t" + r.line())
	}
	return b.String()
}

// want checks that exactly these requests have come since the last take, and gives them.
func (f *farSide) want(wanted ...string) []request {
	f.t.Helper()
	got := f.take()
	if !slices.EqualFunc(got, wanted, func(r request, line string) bool { return r.line() == line }) {
		f.t.Fatalf("the far side saw%s\nand not\n\t%s", lines(got), strings.Join(wanted, "\n\t"))
	}
	return got
}

// people gives all resources of the users' backend, groups those of the groups'.
func (f *farSide) people() []*scim.Object { return f.all(f.Users, "userName") }
func (f *farSide) groups() []*scim.Object { return f.all(f.Groups, "displayName") }

func (f *farSide) all(b *scimtest.Backend, by string) []*scim.Object {
	f.t.Helper()
	page, err := b.Query(context.Background(), scim.Query{StartIndex: 1, Count: 10_000})
	if err != nil {
		f.t.Fatal(err)
	}
	slices.SortFunc(page.Resources, func(a, b *scim.Object) int { return strings.Compare(a.Text(by), b.Text(by)) })
	return page.Resources
}

// person gives the one person of a user name.
func (f *farSide) person(userName string) *scim.Object {
	return f.only(f.people(), "userName", userName)
}

// group gives the one group of a name.
func (f *farSide) group(name string) *scim.Object { return f.only(f.groups(), "displayName", name) }

func (f *farSide) only(list []*scim.Object, attribute, value string) *scim.Object {
	f.t.Helper()
	list = slices.DeleteFunc(list, func(o *scim.Object) bool { return !strings.EqualFold(o.Text(attribute), value) })
	if len(list) != 1 {
		f.t.Fatalf("the far side has %d resources whose %s is %s, not one", len(list), attribute, value)
	}
	return list[0]
}

// has puts a resource there, as if it had been made by hand, and gives its id.
func (f *farSide) has(b *scimtest.Backend, o *scim.Object) string {
	f.t.Helper()
	made, err := b.Create(context.Background(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	return made.ID()
}

// members gives the sorted user names in a group of the far side.
func (f *farSide) members(name string) []string {
	f.t.Helper()
	names := []string{}
	people := f.people()
	for _, m := range f.group(name).Objects("members") {
		i := slices.IndexFunc(people, func(o *scim.Object) bool { return o.ID() == m.Text("value") })
		if i < 0 {
			f.t.Fatalf("the group %s has a member %s who is nobody", name, m.Text("value"))
		}
		names = append(names, people[i].Text("userName"))
	}
	slices.Sort(names)
	return names
}

// wantBody checks a request's body, member by member. "*" in wanted stands for any text.
func (f *farSide) wantBody(r request, wanted string) {
	f.t.Helper()
	var got, want any
	text, err := json.Marshal(r.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := errors.Join(json.Unmarshal(text, &got), json.Unmarshal([]byte(wanted), &want)); err != nil {
		f.t.Fatal(err)
	}
	if !alike(got, want) {
		f.t.Errorf("%s carries\n\t%s\nand not\n\t%s", r.line(), text, wanted)
	}
}

func alike(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		return maps.EqualFunc(got, want, alike)
	case []any:
		got, ok := got.([]any)
		return ok && slices.EqualFunc(got, want, alike)
	case string:
		text, ok := got.(string)
		return ok && (want == "*" && text != "" || text == want)
	}
	return got == want
}

// anyway lets a resource be deleted in whatever state it is.
func anyway(*scim.Object) error { return nil }
