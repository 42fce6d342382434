package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// BenchmarkGuideUpdate measures the time from the response to a change of the lab, a copied value, until a window has its event and the new panel.
func BenchmarkGuideUpdate(b *testing.B) {
	s := start(b)
	events, err := http.Get(s.url + "/labs/demo/guide/events")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = events.Body.Close() }()
	lines := bufio.NewScanner(events.Body)
	next := func() {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "data: ") {
				return
			}
		}
		b.Fatal("the stream ended")
	}
	next()
	var slowest time.Duration
	n := 0
	for b.Loop() {
		n++
		postClipboard(b, s, fmt.Sprintf("Value %d", n))
		began := time.Now()
		next()
		readPanel(b, s)
		slowest = max(slowest, time.Since(began))
	}
	b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
}

// postClipboard makes a change that the panel shows.
func postClipboard(b *testing.B, s *running, value string) {
	b.Helper()
	resp, err := http.PostForm(s.url+"/labs/demo/clipboard", url.Values{"label": {value}, "value": {value}})
	if err != nil || resp.StatusCode != http.StatusNoContent {
		b.Fatal(err, resp)
	}
	_ = resp.Body.Close()
}

func readPanel(b *testing.B, s *running) {
	b.Helper()
	resp, err := http.Get(s.url + "/labs/demo/guide/panel?at=/okta/demo/")
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(err, resp)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close()
}
