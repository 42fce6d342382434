package lab

import (
	"crypto/rand"
	"net/http"
	"regexp"
)

// browserCookie lets the front door know a browser again, in both halves of all labs: the halves' own cookies are for their
// own pages alone. It says nothing about the person, and opens nothing.
const browserCookie = "understudy_browser"

var browserID = regexp.MustCompile(`^[A-Z2-7]{20,40}$`)

// browser gives what the browser of a visit is known by, which it was told at the latest when it asked for this page.
func (v visit) browser() string {
	if k, err := v.Cookie(browserCookie); err == nil {
		return k.Value
	}
	return ""
}

// browserOf gives what a request's browser is known by; a browser that comes for the first time is told.
func browserOf(w http.ResponseWriter, r *http.Request) string {
	if k, err := r.Cookie(browserCookie); err == nil && browserID.MatchString(k.Value) {
		return k.Value
	}
	id := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: browserCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600})
	return id
}
