package lab

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"understudy/seed/base/store"
)

// Hop is a page that a browser asked one half for, with how that was answered. Nothing that a form carried is in it.
type Hop struct {
	ID       int64
	At       time.Time // when it was asked for, lab time
	Half     string    // "okta", "sigma"
	Window   int
	Method   string
	Path     string // within the half, without its query
	Status   int
	Took     time.Duration
	Location string // path within this server, or origin elsewhere, that a redirect leads to
}

// hopsKept is how many hops a lab remembers.
const hopsKept = 1000

// recordHop serves the request and notes that it was made.
func (l *Lab) recordHop(rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, at := time.Now(), l.DB.Now() // the page has its answer before it is noted, and may ask on meanwhile
		answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		hop := Hop{At: at, Half: string(rt.half), Window: rt.window, Method: r.Method, Path: withoutSecret(rt.rest), Status: answer.status, Took: time.Since(began),
			Location: withoutQuery(answer.Header().Get("Location"))}
		l.noteHop(r.Context(), hop, log)
	})
}

func (l *Lab) noteHop(ctx context.Context, h Hop, log *slog.Logger) {
	l.note(ctx, "page not noted", log, func(tx *store.Tx) (news bool, err error) {
		id, err := tx.Insert(`INSERT INTO lab_hop (at_ms, half, window, method, path, status, took_us, location) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			h.At.UnixMilli(), h.Half, h.Window, h.Method, h.Path, h.Status, h.Took.Microseconds(), h.Location)
		if err != nil || id%pruneEvery != 0 {
			return false, err
		}
		return false, tx.Exec(`DELETE FROM lab_hop WHERE id <= $1`, id-hopsKept)
	})
}

// Hops lists the pages that were asked for, newest first.
func (l *Lab) Hops(ctx context.Context, limit int) (list []Hop, err error) {
	err = l.readNotes(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, func(r store.Row) (h Hop, err error) {
			var at, took int64
			err = r.Scan(&h.ID, &at, &h.Half, &h.Window, &h.Method, &h.Path, &h.Status, &took, &h.Location)
			h.At, h.Took = store.Time(at), time.Duration(took)*time.Microsecond
			return h, err
		}, `SELECT id, at_ms, half, window, method, path, status, took_us, location FROM lab_hop ORDER BY id DESC LIMIT $1`, limit)
		return err
	})
	return list, err
}

// secretPath finds the addresses that let somebody in by themselves.
var secretPath = regexp.MustCompile(`^(/(?:signin/)?reset-password/|/welcome/|/invitation/)[^/]+`)

func withoutSecret(path string) string { return secretPath.ReplaceAllString(path, "$1••••") }

func withoutQuery(location string) string {
	u, err := url.Parse(location)
	if err != nil || location == "" {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}
