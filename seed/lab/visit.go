package lab

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"

	"understudy/seed/store"
	"understudy/ui/kit"
)

// visitsKept bounds how many different pages of a lab are remembered.
const visitsKept = 5000

// recordVisit serves the request and, when it is answered with a page, remembers that somebody has seen it. It does so as
// the answer begins, so that what stands beside the page knows of it already.
func (l *Lab) recordVisit(rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			next.ServeHTTP(&visitWriter{ResponseWriter: w, page: func(string) {}}, r)
			return
		}
		seen := []string{r.URL.Path}
		if r.URL.Query().Get("q") != "" { // what was searched for is nobody's business, that it was is
			seen = append(seen, r.URL.Path+"?q")
		}
		next.ServeHTTP(&visitWriter{ResponseWriter: w, page: func(state string) {
			if state != "" {
				seen = append(seen, r.URL.Path+"#"+state)
			}
			for _, path := range seen {
				err := l.saveVisit(detached(r.Context()), rt.half, path)
				if err != nil && !errors.Is(err, store.ErrReset) { // the lab that it was a visit to is no more
					log.Warn("visit not kept", "lab", l.Name, "error", err)
				}
			}
		}}, r)
	})
}

// visitWriter tells when an answer begins that is a page.
type visitWriter struct {
	http.ResponseWriter
	page func(state string)
}

func (w *visitWriter) WriteHeader(status int) {
	state := kit.TakePageState(w.Header())
	if kind, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type")); status == http.StatusOK && kind == "text/html" {
		w.page(state)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *visitWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// saveVisit writes only what is new, as most pages are seen again and again.
func (l *Lab) saveVisit(ctx context.Context, h half, path string) error {
	var known bool
	err := l.DB.Read(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.Exists(`SELECT 1 FROM lab_visit WHERE half = $1 AND path = $2`, string(h), path)
		return err
	})
	if err != nil || known {
		return err
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_visit (half, path) SELECT $1, $2 WHERE (SELECT count(*) FROM lab_visit) < $3
			ON CONFLICT DO NOTHING`, string(h), path, visitsKept)
	})
}

// visits lists the pages of a half that were seen.
func (l *Lab) visits(ctx context.Context, h half) (paths []string, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		paths, err = store.List(tx, store.Text, `SELECT path FROM lab_visit WHERE half = $1 ORDER BY path`, string(h))
		return err
	})
	return append([]string{}, paths...), err
}
