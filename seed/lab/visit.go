package lab

import (
	"context"
	"log/slog"
	"mime"
	"net/http"

	"understudy/seed/base/store"
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
			l.noteVisits(r.Context(), rt.half, seen, log)
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

// noteVisits writes only what is new, as most pages are seen again and again.
func (l *Lab) noteVisits(ctx context.Context, h half, paths []string, log *slog.Logger) {
	l.note(ctx, "visit not kept", log, func(tx *store.Tx) (news bool, err error) {
		for _, path := range paths {
			added, err := tx.Change(`INSERT INTO lab_visit (half, path) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM lab_visit WHERE half = $1 AND path = $2)
				AND (SELECT count(*) FROM lab_visit) < $3`, string(h), path, visitsKept)
			if err != nil {
				return news, err
			}
			news = news || added > 0
		}
		return news, nil
	})
}

// visits lists the pages of a half that were seen.
func (l *Lab) visits(ctx context.Context, h half) (paths []string, err error) {
	err = l.readNotes(ctx, func(tx *store.Tx) error {
		paths, err = store.List(tx, store.Text, `SELECT path FROM lab_visit WHERE half = $1 ORDER BY path`, string(h))
		return err
	})
	return append([]string{}, paths...), err
}
