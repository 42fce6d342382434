package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"testing"
	"time"

	"understudy/seed/workshop"
)

// roomOf starts a workshop with people who have joined, and returns it with an instructor's browser and the time of the joins.
func roomOf(b *testing.B, people int) (*running, *http.Client, time.Duration) {
	b.Helper()
	command := workshopCommand{dataFlags: dataFlags{Data: b.TempDir()}, Labs: people, Code: "blue-lantern", Addr: "127.0.0.1:0"}
	s, err := command.start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	began := time.Now()
	for n := range people {
		client := browserOf(b)
		submit(b, client, s.url+"/join", url.Values{"code": {"blue-lantern"}, "nickname": {fmt.Sprintf("Person %d", n)}})
	}
	joined := time.Since(began)
	instructor := browserOf(b)
	submit(b, instructor, s.url+"/instructor", url.Values{"password": {s.Workshop.NewPassword()}})
	return s, instructor, joined
}

func browserOf(b *testing.B) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func submit(b *testing.B, c *http.Client, to string, form url.Values) {
	b.Helper()
	resp, err := c.PostForm(to, form)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(to, err, resp)
	}
	_ = resp.Body.Close()
}

// BenchmarkJoinOf200 joins 200 people, one after another, and measures the first page of the console after that.
func BenchmarkJoinOf200(b *testing.B) {
	for b.Loop() {
		s, instructor, joined := roomOf(b, 200)
		began := time.Now()
		measurePage(b, instructor, s.url+"/instructor/console")
		b.ReportMetric(joined.Seconds(), "s-join")
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-first-page")
	}
}

// BenchmarkConsoleOf400 measures the page of the console with 400 labs.
func BenchmarkConsoleOf400(b *testing.B) {
	s, instructor, _ := roomOf(b, 400)
	for b.Loop() {
		measurePage(b, instructor, s.url+"/instructor/console")
	}
}

// BenchmarkBring40Labs brings 40 labs to step 9.8, and measures the pages that somebody else opens meanwhile.
func BenchmarkBring40Labs(b *testing.B) {
	s, instructor, _ := roomOf(b, 41)
	var labs []string
	for n := range 40 {
		labs = append(labs, fmt.Sprintf("lab-%02d", n+1))
	}
	for b.Loop() {
		began := time.Now()
		j, err := s.Workshop.Begin(b.Context(), workshop.Action{Kind: workshop.BringToStep, Step: "9.8", Who: "Ada"}, labs)
		if err != nil {
			b.Fatal(err)
		}
		var pages []time.Duration
		for ended := false; !ended; { // until all labs are at the step
			if ended, err = j.Wait(b.Context(), 100*time.Millisecond); err != nil {
				b.Fatal(err)
			}
			pages = append(pages, measurePage(b, instructor, s.url+"/okta/lab-41/login/login.htm"))
		}
		slices.Sort(pages)
		b.ReportMetric(time.Since(began).Seconds(), "s-bring")
		b.ReportMetric(float64(pages[len(pages)*95/100].Milliseconds()), "ms-page-p95")
	}
}

// measurePage opens a page and returns how long that took.
func measurePage(b *testing.B, c *http.Client, address string) time.Duration {
	b.Helper()
	began := time.Now()
	resp, err := c.Get(address)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(address, err, resp)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close()
	return time.Since(began)
}
