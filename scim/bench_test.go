package scim_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"understudy/scim"
	"understudy/scim/scimtest"
)

// The target is 2,000 requests/s for each of create, get by filter and patch, over loopback HTTP on two cores.

func person(i int64) *scim.Object {
	name := fmt.Sprintf("person%d@lab.example", i)
	return scim.NewObject("schemas", []string{scim.CoreUser}, "userName", name, "active", true, "externalId", fmt.Sprintf("00u%d", i),
		"name", scim.NewObject("givenName", "Per", "familyName", "Son"), "userType", "viewer", "displayName", "Per Son",
		"emails", []*scim.Object{scim.NewObject("value", name, "type", "work", "primary", true)})
}

// loopback returns a client of a service with so many users.
func loopback(b *testing.B, people int) *scim.Client {
	b.Helper()
	s := scimtest.New(b, nil)
	for i := range people {
		o := person(int64(i))
		o.Delete("schemas")
		if _, err := s.Users.Create(context.Background(), o); err != nil {
			b.Fatal(err)
		}
	}
	pool := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(pool.CloseIdleConnections)
	return &scim.Client{BaseURL: s.Listen(b, "t"), Token: "t", Transport: pool}
}

// parallel measures requests of parallel clients. i counts the requests from 1.
func parallel(b *testing.B, request func(i int64) error) {
	var n atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := request(n.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func BenchmarkCreate(b *testing.B) {
	c := loopback(b, 0)
	parallel(b, func(i int64) error {
		_, err := c.Create(context.Background(), "Users", person(i))
		return err
	})
}

func BenchmarkGetByFilter(b *testing.B) {
	c := loopback(b, 10_000)
	parallel(b, func(i int64) error {
		page, err := c.Query(context.Background(), "Users",
			scim.ListRequest{Filter: scim.Equality("userName", fmt.Sprintf("PERSON%d@lab.example", i%10_000)), StartIndex: 1, Count: 100})
		if err == nil && page.TotalResults != 1 {
			err = fmt.Errorf("%d results", page.TotalResults)
		}
		return err
	})
}

func BenchmarkPatch(b *testing.B) {
	c := loopback(b, 10_000)
	parallel(b, func(i int64) error {
		_, err := c.Patch(context.Background(), "Users", fmt.Sprintf("u%d", i%10_000+1),
			scim.Operation{Op: "replace", Value: scim.NewObject("active", i/10_000%2 == 1)})
		return err
	})
}

func BenchmarkPageOf100(b *testing.B) {
	c := loopback(b, 10_000)
	parallel(b, func(i int64) error {
		_, err := c.Query(context.Background(), "Users", scim.ListRequest{StartIndex: 5001, Count: 100})
		return err
	})
}

// BenchmarkScan is the worst case of a filter: the backend has no index and goes through all resources.
func BenchmarkScan(b *testing.B) {
	c := loopback(b, 10_000)
	parallel(b, func(i int64) error {
		_, err := c.Query(context.Background(), "Users", scim.ListRequest{Filter: `emails[type eq "work" and value co "n99"]`, Count: 100})
		return err
	})
}

func BenchmarkPatchGroupOf1000(b *testing.B) {
	s := scimtest.New(b, nil)
	members := make([]*scim.Object, 1000)
	for i := range members {
		members[i] = scim.NewObject("value", fmt.Sprintf("u%d", i), "type", "User")
	}
	group := scim.NewGroupType(s.Groups)
	o := scim.NewObject("displayName", "G", "members", members)
	ops := []scim.Operation{{Op: "remove", Path: `members[value eq "u500"]`},
		{Op: "add", Path: "members", Value: scim.NewObject("value", "new")}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := group.Patch(o, ops, scim.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseFilter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scim.ParseFilter(`userName eq "bjensen@example.com"`, scim.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
