package web

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

// PageError is an error with the status, title and text of the page that answers it.
type PageError struct {
	Status int
	Title  string
	Text   string
	Err    error // cause, for the log only
}

// Error implements error.
func (e *PageError) Error() string {
	if e.Err != nil {
		return e.Title + ": " + e.Err.Error()
	}
	return e.Title
}

// Unwrap returns the cause.
func (e *PageError) Unwrap() error { return e.Err }

// NotAssigned returns Okta's 403 page for a person to whom the app is not assigned. cause is for the log only.
func NotAssigned(appLabel string, cause error) *PageError {
	return &PageError{Status: http.StatusForbidden, Title: "User is not assigned to this application",
		Text: "Sorry, you can't access " + appLabel + " because you are not assigned this app in Okta. " +
			"If you're wondering why this is happening, please contact your administrator.", Err: cause}
}

// ErrNotAdministrator is the 403 page of the Admin Console for a person without an administrator role.
var ErrNotAdministrator error = &PageError{Status: http.StatusForbidden, Title: "Access Forbidden",
	Text: "You don't have permission to access the Okta Admin Console. " +
		"Sign out and sign in as an administrator, or go back to your apps."}

// ErrPageNotFound is Okta's response to a page that does not exist.
var ErrPageNotFound error = problem.New(problem.NotFound, "Sorry, we can't find that page.")

// errNotBuilt is the response to an address that leads to no page: Okta may have one there, this stand-in has none yet.
// The text never looks like Okta's own error.
var errNotBuilt = &PageError{Status: http.StatusNotFound, Title: "Not part of this stand-in yet",
	Text: "This training stand-in has no page at this address. Okta may have one."}

// HTMLError responds with the page for err. All HTML handlers of the half use it.
func HTMLError(c echo.Context, err error) error {
	ctx := c.Request().Context()
	if c.Response().Committed {
		slog.ErrorContext(ctx, "response failed after its first bytes were sent", "path", c.Request().URL.Path, "error", err)
		return nil
	}
	a := address.From(ctx)
	page := pageError(err)
	view := okta.ErrorPage{
		Frame:    SignInFrame(c, page.Title),
		Status:   page.Status,
		Text:     page.Text,
		HomePath: a.Path(HomePath),
		ShowBack: strings.HasPrefix(c.Request().URL.Path, "/admin"),
		BackPath: a.Path("/admin/dashboard"),
	}
	if view.Status == http.StatusInternalServerError {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
		slog.ErrorContext(ctx, "page failed", "path", c.Request().URL.Path, "request", view.Reference, "error", err)
	}
	return Render(c, view.Status, okta.Error(view))
}

// pageError returns the page for err. The text of an unknown error is not shown, because it may hold a secret.
func pageError(err error) *PageError {
	if p, ok := errors.AsType[*PageError](err); ok {
		return p
	}
	if errors.Is(err, store.ErrReset) {
		return &PageError{Status: http.StatusConflict, Title: "This lab was reset", Text: store.ErrReset.Message}
	}
	if p := problem.As(err); p != nil && p.Kind != problem.Internal {
		return problemPage(p)
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		return routingPage(h)
	}
	return &PageError{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Text: "The stand-in failed to page this request. Its log holds the cause under the reference below."}
}

// problemPages holds the status and title of the page for each kind of problem.
var problemPages = map[problem.Kind]PageError{
	problem.NotFound:        {Status: http.StatusNotFound, Title: "Page not found"},
	problem.Conflict:        {Status: http.StatusConflict, Title: "This action is not possible now"},
	problem.Invalid:         {Status: http.StatusBadRequest, Title: "Bad Request"},
	problem.Forbidden:       {Status: http.StatusForbidden, Title: "Access Forbidden"},
	problem.Unauthenticated: {Status: http.StatusUnauthorized, Title: "You are not signed in"},
	problem.Unavailable:     {Status: http.StatusServiceUnavailable, Title: "Not available at the moment"},
}

// problemPage returns the page for a problem. For invalid input its text lists the messages of all fields.
func problemPage(p *problem.Error) *PageError {
	page := problemPages[p.Kind]
	page.Text = p.Message
	if p.Kind == problem.Invalid {
		page.Text = ErrorText(p)
	}
	return &page
}

// routingPage returns the page for a request that the router or the form decoder refused.
func routingPage(h *echo.HTTPError) *PageError {
	page := &PageError{Status: h.Code, Title: "Bad Request"}
	switch h.Code {
	case http.StatusNotFound:
		return errNotBuilt
	case http.StatusMethodNotAllowed:
		page.Text = "This page does not accept requests of this method."
	default:
		page.Text = "Your request could not be understood. If the problem continues, please contact your administrator."
	}
	return page
}

// ErrorText returns an error as one text for a person: its field messages, or its own message without fields.
func ErrorText(err error) string {
	p := problem.As(err)
	if p == nil {
		return "This value is not accepted."
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
