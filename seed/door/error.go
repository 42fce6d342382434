package door

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/door/limit"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// fail responds with an error page outside both halves: the one place that maps errors of lab pages to statuses and sentences.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	if isControl(r.URL.Path) {
		d.failControl(w, r, err)
		return
	}
	err = store.ExplainFull(err)
	status, sentence := statusOf(err)
	id := ""
	var httpError *echo.HTTPError
	if refused, ok := errors.AsType[*limit.Error](err); ok {
		d.refuse(w, r, route{}, refused)
		return
	}
	switch {
	case problem.As(err) != nil:
	case errors.As(err, &httpError) && httpError.Code == http.StatusMethodNotAllowed:
		status, sentence = httpError.Code, "This address does not accept that method."
	case errors.As(err, &httpError):
		d.notBuilt(w, r)
		return
	case errors.Is(err, context.Canceled), r.Context().Err() != nil && isWrite(err): // the client has closed the connection
		return
	default:
		id = newRequestID()
		d.options.Log.Error("request failed", "id", id, "path", r.URL.Path, "error", err)
	}
	show(w, r, status, page.ErrorPage{Status: status, Sentence: sentence, ID: id, Back: backFrom(r, status)}, d.options.Log)
}

// backFrom is the link of an error page: to the sign-in form of instructors if that is what the page needs, else to the start page.
func backFrom(r *http.Request, status int) kit.Link {
	switch {
	case status == http.StatusUnauthorized && strings.HasPrefix(r.URL.Path, "/instructor/"):
		return kit.Link{Label: "Sign in as an instructor", Href: "/instructor"}
	case status == http.StatusUnauthorized:
		return kit.Link{Label: "Join the workshop", Href: "/"}
	}
	return kit.Link{Label: "Back to the lab list", Href: "/"}
}

// statusOf returns the status and the sentence of an error. An unknown error is internal.
func statusOf(err error) (status int, sentence string) {
	p := problem.As(err)
	switch {
	case errors.Is(err, store.ErrReset):
		return http.StatusConflict, p.Message
	case p != nil:
		return map[problem.Kind]int{
			problem.NotFound: http.StatusNotFound, problem.Conflict: http.StatusConflict, problem.Invalid: http.StatusBadRequest,
			problem.Forbidden: http.StatusForbidden, problem.Unauthenticated: http.StatusUnauthorized, problem.Unavailable: http.StatusServiceUnavailable,
		}[p.Kind], p.Message
	}
	return http.StatusInternalServerError, "The server has an internal error."
}

// isWrite reports whether an error occurred while a response was sent.
func isWrite(err error) bool {
	failed, ok := errors.AsType[*net.OpError](err)
	return ok && failed.Op == "write"
}

func (d *Door) notBuilt(w http.ResponseWriter, r *http.Request) {
	show(w, r, http.StatusNotFound, page.NotBuilt{What: r.URL.Path, Back: kit.Link{Label: "Back to the lab list", Href: "/"}}, d.options.Log)
}

func show(w http.ResponseWriter, r *http.Request, status int, v templ.Component, log *slog.Logger) {
	w.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	w.WriteHeader(status)
	if err := v.Render(r.Context(), w); err != nil {
		log.Warn("page was not sent completely", "path", r.URL.Path, "error", err)
	}
}
