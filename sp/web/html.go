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
	"understudy/ui/sigma"
)

// Refusal is an error with the title and text of its error page.
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

// Unwrap returns the cause.
func (e *Refusal) Unwrap() error { return e.Err }

// NotBuilt is the response for a page that Sigma has and this stand-in does not have yet. The page never looks like an
// error page of Sigma.
var NotBuilt = &Refusal{Status: http.StatusNotImplemented, Title: "Not part of this stand-in yet",
	Text: "Sigma has a page at this address. This training stand-in does not have it yet."}

// HTMLError responds with the page for an error: inside the frame for a member who is signed in, else on a card.
func HTMLError(c echo.Context, err error) error {
	ctx := c.Request().Context()
	if c.Response().Committed {
		slog.ErrorContext(ctx, "page failed after its first byte was sent", "path", c.Request().URL.Path, "error", err)
		return nil
	}
	view := describe(err)
	a := address.From(ctx)
	view.At, view.Lab, view.Window = sigma.At(a.WindowPrefix()), a.Lab, a.Window
	if view.Status == http.StatusInternalServerError {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
		slog.ErrorContext(ctx, "page failed", "path", c.Request().URL.Path, "request", view.Reference, "error", err)
	}
	if p := problem.As(err); p != nil && p.Code == "NO_ACCESS" && !strings.HasPrefix(c.Path(), "/teams/") {
		view.RequestAccess = c.Param("id") // only files have owners who can share them
	}
	if viewer, viewerErr := Viewer(c); viewerErr == nil && viewer.Member.ID != "" {
		view.SignedIn = true
		return Render(c, view.Status, sigma.InFrame(Frame(c, viewer, view.Title), sigma.Problem(view)))
	}
	return Render(c, view.Status, sigma.OutsideProblem(view))
}

// describe returns the status, title and sentence of an error.
func describe(err error) sigma.ProblemView {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return sigma.ProblemView{Status: refusal.Status, Title: refusal.Title, Text: refusal.Text}
	}
	if errors.Is(err, store.ErrReset) {
		return sigma.ProblemView{Status: http.StatusConflict, Title: "This lab was reset", Text: store.ErrReset.Message}
	}
	if p := problem.As(err); p != nil && p.Kind != problem.Internal {
		return describeProblem(p)
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch h.Code {
		case http.StatusNotFound:
			return sigma.ProblemView{Status: h.Code, Title: "Not part of this stand-in yet",
				Text: "There is no page at this address. Check the address. Sigma may have a page here that this training stand-in does not have yet."}
		case http.StatusMethodNotAllowed:
			return sigma.ProblemView{Status: h.Code, Title: "Method not allowed",
				Text: "This address does not accept this kind of request. Go back and use the buttons of the page."}
		default:
			return sigma.ProblemView{Status: h.Code, Title: "Bad request", Text: "The request could not be read."}
		}
	}
	return sigma.ProblemView{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Text: "The stand-in has a fault. Nothing was changed. The server's log has an entry with the reference below."}
}

func describeProblem(p *problem.Error) sigma.ProblemView {
	v := sigma.ProblemView{Text: p.Message}
	for _, f := range p.Fields {
		v.Detail = append(v.Detail, f.Message)
	}
	switch p.Kind {
	case problem.NotFound:
		v.Status, v.Title = http.StatusNotFound, "Page not found"
	case problem.Conflict:
		v.Status, v.Title = http.StatusConflict, "Not possible now"
	case problem.Invalid:
		v.Status, v.Title = http.StatusBadRequest, "Bad request"
	case problem.Forbidden:
		v.Status, v.Title = http.StatusForbidden, forbiddenTitle(p.Code)
	case problem.Unauthenticated:
		v.Status, v.Title = http.StatusUnauthorized, "You are not signed in"
	default:
		v.Status, v.Title = http.StatusServiceUnavailable, "Not available at the moment"
	}
	if p.Code == "NOT_BUILT" {
		v.Status, v.Title = http.StatusNotImplemented, NotBuilt.Title
	}
	return v
}

func forbiddenTitle(code string) string {
	switch code {
	case "ADMIN_ONLY":
		return "Only for Admins"
	case "PERMISSION_MISSING":
		return "Permission needed"
	case "DIRECTORY_LOCK":
		return "Managed by your identity provider"
	}
	return "Access Denied"
}
