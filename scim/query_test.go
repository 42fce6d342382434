package scim_test

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"testing"

	"understudy/scim"
)

// Query.Page keeps only one page of the directory in memory, with and without a sort order.
func TestPageKeepsOnlyOnePageInMemory(t *testing.T) {
	var q scim.Query
	s, err := scim.NewServer(scim.Config{Types: []*scim.ResourceType{scim.NewUserType(queryRecorder{into: &q})}})
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range []string{"GET /Users?count=10&filter=userName+pr", "GET /Users?count=10&sortBy=title&sortOrder=descending"} {
		exchange{request: request, status: 200}.play(t, s)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		page, err := q.Page(manyUsers(20_000, func() {
			runtime.GC()
			runtime.ReadMemStats(&after)
		}))
		if err != nil || page.Total != 20_000 || len(page.Resources) != 10 {
			t.Fatalf("%v %v", page, err)
		}
		// All 20,000 users would need about 8 MB.
		if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 500_000 {
			t.Errorf("%s: %d bytes in memory at the end of the stream", request, held)
		}
	}
}

// queryRecorder is a backend that stores the query and returns an empty page.
type queryRecorder struct {
	scim.Backend
	into *scim.Query
}

func (g queryRecorder) Query(_ context.Context, q scim.Query) (scim.Page, error) {
	*g.into = q
	return scim.Page{}, nil
}

// manyUsers streams n users. It calls last before the last one.
func manyUsers(n int, last func()) iter.Seq2[*scim.Object, error] {
	return func(yield func(*scim.Object, error) bool) {
		for i := range n {
			o := scim.NewObject("id", fmt.Sprint(i), "userName", fmt.Sprintf("p%d", i), "title", fmt.Sprint((i*7919)%n))
			if i == n-1 {
				last()
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

func TestQueryForBackends(t *testing.T) {
	var q scim.Query
	s, err := scim.NewServer(scim.Config{Types: []*scim.ResourceType{scim.NewUserType(queryRecorder{into: &q}),
		{Name: "Group", Endpoint: "/Groups", Schema: scim.GroupSchema(), Backend: queryRecorder{into: &q}}}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(request string) scim.Query {
		t.Helper()
		exchange{request: request, status: 200}.play(t, s)
		return q
	}
	for request, want := range map[string]string{
		"GET /Users?filter=userName+eq+%22A%22":                       "A",
		"GET /Users?filter=title+pr+and+(userName+eq+%22A%22)":        "A",
		"GET /Users?filter=USERNAME+eq+%22A%22+and+active+eq+true":    "A",
		"GET /Users?filter=" + scim.CoreUser + ":userName+eq+%22A%22": "A",
		"GET /Users?filter=userName+eq+%22A%22+or+title+pr":           "",
		"GET /Users?filter=not+(userName+eq+%22A%22)":                 "",
		"GET /Users?filter=userName+sw+%22A%22":                       "",
		"GET /Users?filter=urn:x:2.0:User:userName+eq+%22A%22":        "",
	} {
		if got, ok := ask(request).Equals("userName"); got != want || ok != (want != "") {
			t.Errorf("%s: %q", request, got)
		}
	}
	if !ask("GET /Users?count=5").Unordered() || ask("GET /Users?sortBy=title").Unordered() ||
		ask("GET /Users?filter=title+pr").Unordered() {
		t.Error("Unordered")
	}
	plain, without := ask("GET /Groups"), ask("GET /Groups?excludedAttributes=members")
	if !plain.Projection.Wants("members") || without.Projection.Wants("members") ||
		ask("GET /Groups?attributes=displayName").Projection.Wants("members") {
		t.Error("Wants")
	}
	if plain.Uses("members") || !ask("GET /Groups?filter=members+eq+%221%22").Uses("members") ||
		!ask("GET /Groups?sortBy=members").Uses("members") {
		t.Error("Uses")
	}
}

func TestChanges(t *testing.T) {
	before := object(t, `{"members":[{"value":"1"},{"value":"2"}]}`)
	after := object(t, `{"members":[{"value":"2"},{"value":"3"}]}`)
	if added, removed := scim.Changes(before, after, "members"); fmt.Sprint(added, removed) != "[3] [1]" {
		t.Error(added, removed)
	}
}
