package workshop

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/attempt"
)

// Guesser is who guesses a code, a PIN or a password.
type Guesser struct {
	Address string // network address of the client
	Known   string // the attendee or instructor as whom this browser has been here; empty for a stranger
	Form    string // secret of the browser that fills in the join form; empty if it has none
}

// lab returns the lab of a known attendee; "" for an instructor or a stranger.
func (g Guesser) lab() string {
	name, _, _ := strings.Cut(g.Known, "/")
	if name == knownInstructor {
		return ""
	}
	return name
}

// Kinds of guesses.
const (
	guessCode     = "code"
	guessPIN      = "pin"
	guessPassword = "password"
)

// buckets returns where a guess of one kind counts. Each known person has a bucket, whatever number of browsers they use. All others
// have that of their network address. Strangers share a further one, which slows them down when it is empty. One more bounds how often
// all strangers together guess the instructor password or the join code.
func (w *Workshop) buckets(kind string, g Guesser) (own attempt.Bucket, shared []attempt.Bucket) {
	if g.Known != "" {
		return attempt.Bucket{Key: kind + " known " + g.Known, Burst: 5, Every: 12 * time.Second}, nil
	}
	own = attempt.Bucket{Key: kind + " address " + attempt.Network(g.Address), Burst: 5, Every: 12 * time.Second}
	if kind == guessCode { // a class behind one router mistypes the code at the same moment
		own.Burst, own.Every = max(own.Burst, w.Labs/4), 4*time.Second
	}
	shared = []attempt.Bucket{{Key: kind, Burst: 120, Every: time.Second}}
	switch kind { // a PIN has a bucket of its attendee, too
	case guessPassword:
		shared = append(shared, attempt.Bucket{Key: "all " + kind, Burst: 40, Every: 10 * time.Second, Bounded: true})
	case guessCode:
		shared = append(shared, attempt.Bucket{Key: "all " + kind, Burst: max(300, 2*w.Labs), Every: time.Second, Bounded: true})
	}
	return own, shared
}

// count counts a guess that was checked. more are further shared buckets for strangers.
func (w *Workshop) count(kind string, g Guesser, right bool, more ...attempt.Bucket) error {
	own, shared := w.buckets(kind, g)
	if g.Known == "" {
		shared = append(shared, more...)
	}
	return w.attempts.Count(right, own, shared...)
}

// knownCookie says as whom a browser has joined, returned or signed in: "lab-03/1767225600000.signature". The number is the time at
// which the attendee joined, because another attendee may get the lab later. It grants no access, and outlives the cookies that do.
const knownCookie = "understudy_known"

// knownInstructor is the value of knownCookie, before the signature, for all instructors.
const knownInstructor = "instructor"

// joinCookie is a secret of a browser that has opened the join form. It finds the place of a join whose answer was lost.
const joinCookie = "understudy_join"

// guesser returns who sent a request. An attendee who was removed is a stranger again.
func (w *Workshop) guesser(r *http.Request) (Guesser, error) {
	g := Guesser{Address: ClientAddress(r), Form: cookieValue(r, joinCookie)}
	known, signature, _ := strings.Cut(cookieValue(r, knownCookie), ".")
	if !hmac.Equal([]byte(signature), []byte(w.signatureOf(known))) {
		return g, nil
	}
	if known == knownInstructor {
		g.Known = known
		return g, nil
	}
	lab, _, _ := strings.Cut(known, "/")
	attendee, found, err := w.attendeeOf(r.Context(), lab)
	if found && knownAttendee(attendee) == known {
		g.Known = known
	}
	return g, err
}

func knownAttendee(a Attendee) string {
	return a.Lab + "/" + strconv.FormatInt(a.Joined.UnixMilli(), 10)
}

func (w *Workshop) signatureOf(known string) string {
	sum := hmac.New(sha256.New, []byte(w.browserKey))
	sum.Write([]byte(known))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// noteForm gives a browser that opens the join form its secret.
func (w *Workshop) noteForm(c echo.Context) {
	if cookieValue(c.Request(), joinCookie) == "" {
		setCookie(c, joinCookie, rand.Text())
	}
}

// rememberBrowser makes a browser one of a known person.
func (w *Workshop) rememberBrowser(c echo.Context, known string) {
	setCookie(c, knownCookie, known+"."+w.signatureOf(known))
}

// ClientAddress returns the network address of who sent a request, without the port.
func ClientAddress(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
