package door

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// browserCookie identifies a browser across both halves of all labs: the halves' own cookies are limited to their paths. The
// cookie identifies no person and grants no access.
const browserCookie = "understudy_browser"

var validBrowserID = regexp.MustCompile(`^[A-Z2-7]{20,40}$`)

// browserID returns the identifier of the browser that sent a request. A browser without one gets a new one as a cookie, unless
// another site made it send a form: then the browser has withheld its cookie (SameSite=Lax), and keeps it.
func browserID(w http.ResponseWriter, r *http.Request) string {
	if k, err := r.Cookie(browserCookie); err == nil && validBrowserID.MatchString(k.Value) {
		return k.Value
	}
	if !isRead(r) && isFromOtherHost(r) {
		return ""
	}
	id := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: browserCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600,
	})
	return id
}

// secureCookies adds the attribute Secure to every cookie of a response, also of the halves. It is used for clients that have an
// encrypted connection, to this server or to a trusted proxy.
type secureCookies struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader implements http.ResponseWriter.
func (w *secureCookies) WriteHeader(status int) {
	w.begun = true
	cookies := w.Header()["Set-Cookie"]
	for i, cookie := range cookies {
		if !strings.Contains(strings.ToLower(cookie), "; secure") {
			cookies[i] = cookie + "; Secure"
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *secureCookies) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *secureCookies) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// isFromOtherHost reports whether a page of another host sent a form. Browsers send the header Origin with every form.
func isFromOtherHost(r *http.Request) bool {
	from := r.Header.Get("Origin")
	u, err := url.Parse(from)
	return from != "" && (err != nil || u.Host != r.Host)
}
