// Package scimtest is a SCIM service that keeps its resources in memory, for tests and benchmarks.
//
//	service := scimtest.New(t, nil)           // *scim.Server with users and groups
//	base := service.Listen(t, "token")        // serves it on a loopback port
//	client := &scim.Client{BaseURL: base, Token: "token"}
//
// Its [Backend] is also the example of how to implement [scim.Backend]. The package has only this file.
package scimtest

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"understudy/scim"
)

// Backend keeps the resources of one type in memory. Each method holds the lock, as a database would hold a
// transaction.
type Backend struct {
	mu      sync.RWMutex
	unique  string                  // attribute whose values must be unique, ignoring case; may be empty
	byID    map[string]*scim.Object // the objects are never changed, only replaced
	byName  map[string]string       // folded unique value to id
	ids     []string                // in the order of creation
	prefix  string                  // of the ids
	created int                     // number of resources that were ever created

	// Now returns the time for meta.created and meta.lastModified.
	Now func() time.Time
}

// NewBackend returns an empty backend. Ids consist of the prefix and a number that counts from 1. unique is the
// attribute whose values must be unique, or empty.
func NewBackend(prefix, unique string) *Backend {
	return &Backend{unique: unique, prefix: prefix, byID: map[string]*scim.Object{}, byName: map[string]string{}, Now: time.Now}
}

// Get implements [scim.Backend].
func (b *Backend) Get(_ context.Context, id string, _ scim.Projection) (*scim.Object, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.load(id)
}

func (b *Backend) load(id string) (*scim.Object, error) {
	if o, ok := b.byID[id]; ok {
		return o, nil
	}
	return nil, scim.NotFound(id)
}

// Query implements [scim.Backend]. A filter on the unique attribute uses the index. Without filter and sort order,
// Query returns a slice of the resources. Otherwise Query.Page goes through all resources.
func (b *Backend) Query(_ context.Context, q scim.Query) (scim.Page, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	ids := b.ids
	if name, ok := q.Equals(b.unique); ok {
		id, found := b.byName[scim.Fold(name)]
		if ids = nil; found {
			ids = []string{id}
		}
	} else if q.Unordered() {
		from := min(q.Offset(), len(ids))
		page := scim.Page{Total: len(ids)}
		for _, id := range ids[from:min(from+q.Count, len(ids))] {
			page.Resources = append(page.Resources, b.byID[id])
		}
		return page, nil
	}
	return q.Page(b.rows(ids))
}

func (b *Backend) rows(ids []string) iter.Seq2[*scim.Object, error] {
	return func(yield func(*scim.Object, error) bool) {
		for _, id := range ids {
			if !yield(b.byID[id], nil) {
				return
			}
		}
	}
}

// Create implements [scim.Backend].
func (b *Backend) Create(_ context.Context, o *scim.Object) (*scim.Object, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.checkUnique(o, ""); err != nil {
		return nil, err
	}
	b.created++
	id := fmt.Sprintf("%s%d", b.prefix, b.created)
	now := b.Now()
	stored := o.Clone().Set("id", id).SetMeta(now, now, "1")
	stored.Delete("password")
	b.ids = append(b.ids, id)
	b.put(id, stored)
	return stored, nil
}

// checkUnique returns a conflict if a resource other than id has the unique value of o.
func (b *Backend) checkUnique(o *scim.Object, id string) error {
	if name := o.Text(b.unique); name != "" {
		if other, taken := b.byName[scim.Fold(name)]; taken && other != id {
			return scim.Conflict("%s %s is already in use.", b.unique, name)
		}
	}
	return nil
}

func (b *Backend) put(id string, o *scim.Object) {
	b.byID[id] = o
	if name := o.Text(b.unique); name != "" {
		b.byName[scim.Fold(name)] = id
	}
}

// Modify implements [scim.Backend].
func (b *Backend) Modify(_ context.Context, id string, change func(*scim.Object) (*scim.Object, error)) (*scim.Object, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	current, err := b.load(id)
	if err != nil {
		return nil, err
	}
	next, err := change(current)
	if err != nil {
		return nil, fmt.Errorf("modify %s: %w", id, err)
	}
	if err := b.checkUnique(next, id); err != nil {
		return nil, err
	}
	next.Delete("password")
	meta := current.Object("meta")
	next.Ensure("meta").Set("lastModified", b.Now()).Set("version", nextVersion(meta.Text("version")))
	delete(b.byName, scim.Fold(current.Text(b.unique)))
	b.put(id, next)
	return next, nil
}

func nextVersion(version string) string {
	var n int
	fmt.Sscan(version, &n)
	return fmt.Sprint(n + 1)
}

// Delete implements [scim.Backend].
func (b *Backend) Delete(_ context.Context, id string, check func(*scim.Object) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	current, err := b.load(id)
	if err != nil {
		return err
	}
	if err := check(current); err != nil {
		return err
	}
	delete(b.byName, scim.Fold(current.Text(b.unique)))
	delete(b.byID, id)
	b.ids = slices.DeleteFunc(b.ids, func(other string) bool { return other == id })
	return nil
}

// Service is a SCIM server with users and groups in memory.
type Service struct {
	*scim.Server
	Users  *Backend
	Groups *Backend
}

// New returns a service with users, unique by userName, and groups, unique by displayName. configure may change the
// configuration; it may be nil.
func New(t testing.TB, configure func(*scim.Config)) *Service {
	t.Helper()
	s := &Service{Users: NewBackend("u", "userName"), Groups: NewBackend("g", "displayName")}
	c := scim.Config{Types: []*scim.ResourceType{scim.NewUserType(s.Users), scim.NewGroupType(s.Groups)}}
	if configure != nil {
		configure(&c)
	}
	var err error
	if s.Server, err = scim.NewServer(c); err != nil {
		t.Fatal(err)
	}
	return s
}

// Listen serves the service on a loopback port below /scim/v2 until the test ends. It accepts one bearer token. It
// returns the base URL.
func (s *Service) Listen(t testing.TB, token string) string {
	t.Helper()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			scim.WriteError(w, scim.Unauthorized("The token is not valid."))
			return
		}
		s.ServeHTTP(w, r)
	})
	server := httptest.NewServer(http.StripPrefix("/scim/v2", h))
	t.Cleanup(server.Close)
	return server.URL + "/scim/v2"
}
