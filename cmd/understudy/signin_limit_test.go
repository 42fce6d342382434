package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/waittest"
)

// The sign-in pages of both halves take only some wrong guesses at a time. A browser that has signed in before is not locked out
// by the guesses of others.
func TestSignInPagesLimitGuesses(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, page := range []struct {
		path    string
		right   url.Values
		account string // field of the form
	}{
		{"/okta/demo/login/login.htm", adaSignsIn(), "username"},
		{"/sigma/demo/login", mayaSignsIn(), "email"},
	} {
		known, guesser := newVisitor(t, s), newVisitor(t, s)
		known.wants(http.StatusOK)(known.post(page.path, page.right))
		limited, began := 0, time.Now()
		for i := range 150 {
			form := url.Values{page.account: {fmt.Sprintf("person%d@brightwater.example", i)}, "password": {"wrong"}}
			if i%2 == 0 {
				guesser = newVisitor(t, s) // without cookies
			}
			status, body := guesser.post(page.path, form)
			if status != http.StatusTooManyRequests && status != http.StatusForbidden {
				continue
			}
			if limited++; !strings.Contains(body, "Too many attempts. Wait a minute, then try again.") {
				t.Fatalf("%s: %d without a sentence: %.300s", page.path, status, body)
			}
		}
		if least := 150 - 60 - waittest.Periods(began, time.Second); limited < least {
			t.Errorf("%s: only %d of 150 wrong guesses are refused, want %d at least", page.path, limited, least)
		}
		known.wants(http.StatusOK)(known.post(page.path, page.right))
	}
}

// Somebody who knows one account gains no guesses with more browsers that have signed in with it.
func TestKnownBrowsersOfOneAccountShareTheirGuesses(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, page := range []struct {
		path    string
		right   url.Values
		account string // field of the form
	}{
		{"/okta/demo/login/login.htm", adaSignsIn(), "username"},
		{"/sigma/demo/login", mayaSignsIn(), "email"},
	} {
		checked, began := 0, time.Now()
		for range 3 {
			known := newVisitor(t, s)
			known.wants(http.StatusOK)(known.post(page.path, page.right))
			for i := range 55 {
				form := url.Values{page.account: {fmt.Sprintf("person%d@brightwater.example", i)}, "password": {"wrong"}}
				if status, _ := known.post(page.path, form); status != http.StatusTooManyRequests && status != http.StatusForbidden {
					checked++
				}
			}
		}
		if most := 60 + waittest.Periods(began, time.Second); checked > most {
			t.Errorf("%s: %d of 165 wrong guesses are checked, want %d at most", page.path, checked, most)
		}
	}
}
