package directory_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"understudy/sp"
	"understudy/sp/directory"
)

// send makes one request over loopback HTTP with a reused connection.
func (s *service) send(b *testing.B, client *http.Client, method, path, body string, want int) {
	req, err := http.NewRequest(method, s.server.URL+directory.Path+path, strings.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/scim+json")
	resp, err := client.Do(req)
	if err != nil {
		b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != want {
		b.Errorf("%s %s: %d", method, path, resp.StatusCode)
	}
}

func parallel(b *testing.B, f func(client *http.Client, n int64)) {
	var n atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
		defer client.CloseIdleConnections()
		for pb.Next() {
			f(client, n.Add(1))
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

func userJSON(n int64) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user%d@lab.example",`+
		`"name":{"givenName":"User","familyName":"Number%d"},"userType":"viewer","active":true}`, n, n)
}

func (s *service) fill(b *testing.B, members int) (ids []string) {
	b.Helper()
	for i := range members {
		m, err := s.organization.ProvisionMember(b.Context(), sp.System(), sp.ProvisionedMember{
			UserName: fmt.Sprintf("person%d@lab.example", i), FirstName: "Person", LastName: fmt.Sprint(i), UserType: "viewer", Active: true,
		})
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	return ids
}

func BenchmarkCreate(b *testing.B) {
	s := start(b)
	parallel(b, func(client *http.Client, n int64) { s.send(b, client, "POST", "/Users", userJSON(n), 201) })
}

func BenchmarkGetByFilterAmong10000(b *testing.B) {
	s := start(b)
	s.fill(b, 10_000)
	parallel(b, func(client *http.Client, n int64) {
		s.send(b, client, "GET", "/Users"+filter(fmt.Sprintf(`userName eq "person%d@lab.example"`, n%10_000)), "", 200)
	})
}

func BenchmarkPatch(b *testing.B) {
	s := start(b)
	ids := s.fill(b, 1000)
	parallel(b, func(client *http.Client, n int64) {
		s.send(b, client, "PATCH", "/Users/"+ids[n%1000],
			fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace",`+
				`"path":"name.familyName","value":"New%d"}]}`, n), 200)
	})
}

// One request at a time: how long an administrator's lookup takes.
func BenchmarkOneLookupAmong10000(b *testing.B) {
	s := start(b)
	s.fill(b, 10_000)
	client := &http.Client{}
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		s.send(b, client, "GET", "/Users"+filter(fmt.Sprintf(`userName eq "person%d@lab.example"`, n%10_000)), "", 200)
	}
}

func BenchmarkPageOf100Among10000(b *testing.B) {
	s := start(b)
	s.fill(b, 10_000)
	client := &http.Client{}
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		s.send(b, client, "GET", fmt.Sprintf("/Users?startIndex=%d&count=100", 1+(n*100)%9900), "", 200)
	}
}
