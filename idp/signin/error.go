package signin

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/ui/okta"
)

// Refusal is an error that has a page of its own words.
type Refusal struct {
	Status int
	Title  string
	Text   string
	Err    error // cause, for the log only
}

// Error implements error.
func (e *Refusal) Error() string {
	if e.Err != nil {
		return e.Title + ": " + e.Err.Error()
	}
	return e.Title
}

// Unwrap gives the cause.
func (e *Refusal) Unwrap() error { return e.Err }

// NotAssigned is the refusal of a person to whom an app is not assigned (okta-ui 4).
func NotAssigned(appLabel string) *Refusal {
	return &Refusal{Status: http.StatusForbidden, Title: "User is not assigned to this application",
		Text: "Sorry, you can't access " + appLabel + " because you are not assigned this app in Okta. " +
			"If you're wondering why this is happening, please contact your administrator."}
}

// NotAdministrator is the refusal of a person without an administrator role at the Admin Console.
var NotAdministrator = &Refusal{Status: http.StatusForbidden, Title: "Access Forbidden",
	Text: "You don't have permission to access the Okta Admin Console. Sign out and sign in as an administrator, or go back to your apps."}

// notBuilt is the answer for an address that leads to no page: Okta may have one there, this stand-in has none yet. It
// never looks like Okta's own error.
var notBuilt = &Refusal{Status: http.StatusNotFound, Title: "Not part of this stand-in yet",
	Text: "This training stand-in has no page at this address. Okta may have one."}

var (
	errElsewhere = errors.New("address outside the half")
	errNoPage    = problem.New(problem.NotFound, "Sorry, we can't find that page.")
)

// HTMLError answers with the page that belongs to an error: the one mapping of the half's HTML doors.
func HTMLError(c echo.Context, err error) error {
	if c.Response().Committed {
		slog.ErrorContext(c.Request().Context(), "page broke off", "path", c.Request().URL.Path, "error", err)
		return nil
	}
	a := address.From(c.Request().Context())
	view := okta.ErrorPage{
		Frame:    Frame(c, ""),
		HomePath: a.Path(Home),
		Back:     strings.HasPrefix(c.Request().URL.Path, "/admin"),
	}
	view.BackPath = a.Path("/admin/dashboard")
	view.Status, view.Frame.Page.Title, view.Text = words(err)
	if view.Status == http.StatusInternalServerError {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
		slog.ErrorContext(c.Request().Context(), "page failed", "path", c.Request().URL.Path, "request", view.Reference, "error", err)
	}
	return Render(c, view.Status, okta.Error(view))
}

// words gives an error's status, title and sentence.
func words(err error) (status int, title, text string) {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal.Status, refusal.Title, refusal.Text
	}
	if errors.Is(err, store.ErrReset) { // the lab is there: what was asked of it is what has gone
		return http.StatusConflict, "This lab was reset", store.ErrReset.Message
	}
	if p := problem.As(err); p != nil {
		switch p.Kind {
		case problem.NotFound:
			return http.StatusNotFound, "Page not found", p.Message
		case problem.Conflict:
			return http.StatusConflict, "That is not possible now", p.Message
		case problem.Invalid:
			return http.StatusBadRequest, "Bad Request", sentence(p)
		case problem.Forbidden:
			return http.StatusForbidden, "Access Forbidden", p.Message
		case problem.Unauthenticated:
			return http.StatusUnauthorized, "You are not signed in", p.Message
		case problem.Unavailable:
			return http.StatusServiceUnavailable, "Not available at the moment", p.Message
		}
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch h.Code {
		case http.StatusNotFound:
			return notBuilt.Status, notBuilt.Title, notBuilt.Text
		case http.StatusMethodNotAllowed:
			return h.Code, "Bad Request", "This page cannot be called in that way."
		default:
			return h.Code, "Bad Request", "Your request could not be understood. If it goes on, please contact your administrator."
		}
	}
	return http.StatusInternalServerError, "Something went wrong", "The stand-in made a mistake. The reference below stands in its log too."
}

// sentence is an error as one text for a person.
func sentence(err error) string {
	p := problem.As(err)
	if p == nil {
		return "This cannot be taken."
	}
	if len(p.Fields) == 0 {
		return p.Message
	}
	var all []string
	for _, f := range p.Fields {
		all = append(all, f.Message)
	}
	return strings.Join(all, " ")
}
