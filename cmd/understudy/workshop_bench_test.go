package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"understudy/seed/scenario"
)

// BenchmarkBringToTheLastStep rebuilds a lab up to step 9.8, as a button of the guide does.
func BenchmarkBringToTheLastStep(b *testing.B) {
	s := start(b)
	for range b.N {
		resp, err := http.PostForm(s.url+"/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(err, resp)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// BenchmarkResetOf300Labs resets a whole room.
func BenchmarkResetOf300Labs(b *testing.B) {
	s := start(b)
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		b.Fatal(err)
	}
	for n := range 300 {
		if err := s.registry.Create(b.Context(), fmt.Sprintf("room-%d", n), starter); err != nil {
			b.Fatal(err)
		}
		if _, release, err := s.registry.Acquire(b.Context(), fmt.Sprintf("room-%d", n)); err != nil {
			b.Fatal(err)
		} else {
			release()
		}
	}
	for b.Loop() {
		for n := range 300 {
			if err := s.registry.Reset(b.Context(), fmt.Sprintf("room-%d", n)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
