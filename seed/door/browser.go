package door

import (
	"crypto/rand"
	"net/http"
	"regexp"
)

// browserCookie identifies a browser across both halves of all labs: the halves' own cookies are limited to their paths. The
// cookie identifies no person and grants no access.
const browserCookie = "understudy_browser"

var validBrowserID = regexp.MustCompile(`^[A-Z2-7]{20,40}$`)

// browserID returns the identifier of the browser that sent a request. A browser without one gets a new one as a cookie.
func browserID(w http.ResponseWriter, r *http.Request) string {
	if k, err := r.Cookie(browserCookie); err == nil && validBrowserID.MatchString(k.Value) {
		return k.Value
	}
	id := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: browserCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600,
	})
	return id
}
