//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"understudy/seed/lab"
	"understudy/sp"
)

// eventsOfALabInUse is the length of the System Log in the labs of a benchmark.
const eventsOfALabInUse = 5_000

// membersOfALargeDirectory is how many people the directory has sent in the benchmark of SCIM.
const membersOfALargeDirectory = 10_000

// BenchmarkSCIM measures requests of a directory to a lab in use, through the whole server: traffic, audit log and guide are on.
func BenchmarkSCIM(b *testing.B) {
	s := start(b)
	labInUse(b, s, "used")
	setLogLength(b, s, "used", eventsOfALabInUse)
	d := directoryOf(b, s, "used")
	for _, work := range []struct {
		name    string
		request func(n int64) error
	}{
		{"create", func(n int64) error { return d.send(http.MethodPost, "/Users", d.user(n), http.StatusCreated) }},
		{"lookup", func(n int64) error {
			return d.send(http.MethodGet, "/Users?filter="+url.QueryEscape(fmt.Sprintf(`userName eq "person%d@lab.example"`, n%membersOfALargeDirectory)),
				"", http.StatusOK)
		}},
		{"patch", func(n int64) error {
			return d.send(http.MethodPatch, "/Users/"+d.ids[n%membersOfALargeDirectory], fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],`+
				`"Operations":[{"op":"replace","path":"name.familyName","value":"New%d"}]}`, n), http.StatusOK)
		}},
		{"page", func(n int64) error {
			return d.send(http.MethodGet, fmt.Sprintf("/Users?startIndex=%d&count=100", 1+n*100%(membersOfALargeDirectory-100)), "", http.StatusOK)
		}},
	} {
		b.Run(work.name, func(b *testing.B) {
			before := cpuTime(b)
			b.SetParallelism(2)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := work.request(d.requests.Add(1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
			b.ReportMetric(float64(b.N)/(cpuTime(b)-before).Seconds(), "requests/CPU-s")
		})
	}
}

// scimDirectory is a client of a lab's SCIM service.
type scimDirectory struct {
	base, token string
	ids         []string
	requests    atomic.Int64
	client      http.Client
}

// directoryOf sends many people to a lab in which provisioning is set up.
func directoryOf(b *testing.B, s *running, name string) *scimDirectory {
	b.Helper()
	d := &scimDirectory{base: s.url + "/sigma/" + name + "/scim/v2", client: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	b.Cleanup(d.client.CloseIdleConnections)
	withLab(b, s, name, func(l *lab.Lab) error {
		for n := range membersOfALargeDirectory {
			m, err := l.Organization.ProvisionMember(b.Context(), sp.System(), sp.ProvisionedMember{
				UserName: fmt.Sprintf("person%d@lab.example", n), FirstName: "Person", LastName: fmt.Sprint(n), Active: true,
			})
			if err != nil {
				return err
			}
			d.ids = append(d.ids, m.ID)
		}
		admins, err := l.Organization.Members(b.Context(), sp.System(), sp.MemberQuery{Search: "maya.rivers"})
		if err != nil {
			return err
		}
		admin := sp.Actor{Kind: sp.ByMember, MemberID: admins.Items[0].ID}
		d.token, _, err = l.Organization.SetUpDirectory(b.Context(), admin, sp.DirectorySetup{Understood: true, Name: "bench"})
		return err
	})
	return d
}

func (d *scimDirectory) user(n int64) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user%d@lab.example",`+
		`"name":{"givenName":"User","familyName":"Number%d"},"userType":"viewer","active":true}`, n, n)
}

func (d *scimDirectory) send(method, path, body string, want int) error {
	request, err := http.NewRequest(method, d.base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	request.Header.Set("Content-Type", "application/scim+json")
	resp, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s %s: %s %.300s", method, path, resp.Status, text)
	}
	return err
}

// cpuWork is the CPU time of what a benchmark measures. Unlike the time that passes, it hardly depends on what else the machine does.
type cpuWork struct{ began, total time.Duration }

func (w *cpuWork) start(b *testing.B) {
	b.StartTimer()
	w.began = cpuTime(b)
}

func (w *cpuWork) stop(b *testing.B) {
	w.total += cpuTime(b) - w.began
	b.StopTimer()
}

func (w *cpuWork) report(b *testing.B) {
	b.ReportMetric(float64(w.total.Microseconds())/1000/float64(b.N), "CPU-ms/op")
}

// BenchmarkResetLab resets a lab in use to its scenario. Bringing it back to use is not measured.
func BenchmarkResetLab(b *testing.B) {
	s := start(b)
	labInUse(b, s, "used")
	setLogLength(b, s, "used", eventsOfALabInUse)
	used := filepath.Join(b.TempDir(), "used.db")
	withLab(b, s, "used", func(l *lab.Lab) error {
		data, err := l.DB.Serialize(b.Context())
		return errors.Join(err, os.WriteFile(used, data, 0o600))
	})
	var work cpuWork
	b.StopTimer()
	for range b.N {
		withLab(b, s, "used", func(l *lab.Lab) error { return l.DB.Restore(b.Context(), used) })
		work.start(b)
		if err := s.Registry.ResetTo(b.Context(), "used", "", lab.EndSessions); err != nil {
			b.Fatal(err)
		}
		work.stop(b)
	}
	work.report(b)
}

// BenchmarkFirstPageOfAClosedLab opens a page of a lab in use that was closed because nobody used it.
func BenchmarkFirstPageOfAClosedLab(b *testing.B) {
	s := start(b)
	browser, _ := labWithSteps(b, s, "used")
	setLogLength(b, s, "used", eventsOfALabInUse)
	var work cpuWork
	b.StopTimer()
	for range b.N {
		if err := s.Registry.CloseIdle(-time.Hour); err != nil || s.Registry.OpenCount() != 0 {
			b.Fatal(err, s.Registry.OpenCount())
		}
		work.start(b)
		if _, _, err := browser.send(http.MethodGet, s.url+"/okta/used/login/login.htm", browser.oktaCookies, nil); err != nil {
			b.Fatal(err)
		}
		work.stop(b)
	}
	work.report(b)
}
