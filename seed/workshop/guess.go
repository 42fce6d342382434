package workshop

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/attempt"
)

// Guesser is who guesses a code, a PIN or a password.
type Guesser struct {
	Address string // network address of the client
	Browser string // identifier of the browser; empty if it has none
	Known   bool   // the browser has joined, returned or signed in here before
}

// guess counts a guess of one kind. A known browser has a bucket of its own, which nobody else can empty. A browser that has opened
// the start page has a small one; without a cookie, the bucket is that of the address. All strangers together share a bucket, so
// that many addresses do not make many guesses.
func (w *Workshop) guess(kind string, g Guesser, more ...attempt.Bucket) (attempt.Attempt, error) {
	if g.Known {
		return w.attempts.Take(attempt.Bucket{Key: kind + " known " + g.Browser, Burst: 5, Every: 12 * time.Second})
	}
	address := attempt.Network(g.Address)
	buckets := append(more, attempt.Bucket{Key: kind, Burst: 120, Every: time.Second})
	if g.Browser != "" {
		buckets = append(buckets, attempt.Bucket{Key: kind + " browser " + g.Browser, Burst: 3, Every: 20 * time.Second},
			attempt.Bucket{Key: kind + " browsers of " + address, Burst: 40, Every: 2 * time.Second})
	} else {
		buckets = append(buckets, attempt.Bucket{Key: kind + " " + address, Burst: 5, Every: 12 * time.Second})
	}
	return w.attempts.Take(buckets...)
}

// knownCookie identifies a browser. It has two forms: "id", which the start page sets, and "id.signature" of a browser that has
// joined, returned or signed in. It grants no access, and outlives the cookies that do.
const knownCookie = "understudy_known"

var validBrowser = regexp.MustCompile(`^[A-Z2-7]{20,40}$`)

// guesser returns who sent a request.
func (w *Workshop) guesser(r *http.Request) Guesser {
	g := Guesser{Address: clientAddress(r)}
	id, signature, signed := strings.Cut(cookieValue(r, knownCookie), ".")
	if !validBrowser.MatchString(id) {
		return g
	}
	g.Browser, g.Known = id, signed && hmac.Equal([]byte(signature), []byte(w.signatureOf(id)))
	return g
}

func (w *Workshop) signatureOf(browser string) string {
	sum := hmac.New(sha256.New, []byte(w.browserKey))
	sum.Write([]byte(browser))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// noteBrowser gives a browser without an identifier one.
func (w *Workshop) noteBrowser(c echo.Context) {
	if w.guesser(c.Request()).Browser == "" {
		setCookie(c, knownCookie, rand.Text())
	}
}

// rememberBrowser makes a browser a known one.
func (w *Workshop) rememberBrowser(c echo.Context) {
	g := w.guesser(c.Request())
	if g.Browser == "" {
		g.Browser = rand.Text()
	}
	setCookie(c, knownCookie, g.Browser+"."+w.signatureOf(g.Browser))
}

// clientAddress returns the network address without the port.
func clientAddress(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
