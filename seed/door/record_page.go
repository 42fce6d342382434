package door

import (
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"understudy/seed/lab"
	"understudy/ui/kit"
)

// recordPageRequest serves the request and records it for the traffic page.
func recordPageRequest(l *lab.Lab, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The time of arrival counts: a browser may send its next request before this one is recorded.
		began, at := time.Now(), l.DB.Now()
		response := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(response, r)
		l.RecordPageRequest(r.Context(), lab.PageRequest{
			At: at, Half: string(rt.half), Window: rt.window, Method: r.Method, Path: maskSecretPath(rt.rest), Status: response.status,
			Took: time.Since(began), Location: withoutQuery(response.Header().Get("Location")),
		}, log)
	})
}

// secretPath matches paths with a one-time token, which signs its holder in.
var secretPath = regexp.MustCompile(`^(/(?:signin/)?reset-password/|/welcome/|/invitation/)[^/]+`)

func maskSecretPath(path string) string { return secretPath.ReplaceAllString(path, "$1••••") }

// withoutQuery returns a redirect target without its query and fragment, which may carry messages or tokens.
func withoutQuery(location string) string {
	u, err := url.Parse(location)
	if err != nil || location == "" {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}

// pageBelow is the header of a request for the page under an open dialog (static/dialog.js). Nobody has opened that page.
const pageBelow = "Page-Below"

// recordVisit serves the request and, when the response is a page, records that the page was opened. It does so before the first
// byte of the page is sent, so that the guide panel on the page counts it already.
func recordVisit(l *lab.Lab, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get(pageBelow) != "" {
			next.ServeHTTP(&visitWriter{ResponseWriter: w, page: func(string) {}}, r)
			return
		}
		seen := []string{r.URL.Path}
		if r.URL.Query().Get("q") != "" { // record that somebody searched, but not what they searched for
			seen = append(seen, r.URL.Path+"?q")
		}
		next.ServeHTTP(&visitWriter{ResponseWriter: w, page: func(state string) {
			if state != "" {
				seen = append(seen, r.URL.Path+"#"+state)
			}
			l.RecordVisits(r.Context(), rt.half, seen, log)
		}}, r)
	})
}

// visitWriter calls page before the first byte of an HTML page is sent. The handler may report a state of the page in a header;
// visitWriter removes that header and passes the state to page.
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
