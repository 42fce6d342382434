package site

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

// Refusal is an error that has a page of its own words.
type Refusal struct {
	Status int
	Title  string
	Text   string
	Detail []string // further plain sentences, such as which check of a SAML response failed
	Err    error    // cause, for the log only
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

// NotBuilt is the answer for a page that Sigma has and this stand-in does not have yet. It never looks like Sigma's own
// error.
var NotBuilt = &Refusal{Status: http.StatusNotImplemented, Title: "Not part of this stand-in yet",
	Text: "Sigma has something at this address; this training stand-in has not built it yet."}

// HTMLError answers with the page that belongs to an error: the one mapping of the half's HTML doors.
func HTMLError(c echo.Context, err error) error {
	if c.Response().Committed {
		slog.ErrorContext(c.Request().Context(), "page broke off", "path", c.Request().URL.Path, "error", err)
		return nil
	}
	view := describe(err)
	a := address.From(c.Request().Context())
	view.At, view.Lab, view.Window = sigma.At(a.WindowPrefix()), a.Lab, a.Window
	if view.Status == http.StatusInternalServerError {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
		slog.ErrorContext(c.Request().Context(), "page failed", "path", c.Request().URL.Path, "request", view.Reference, "error", err)
	}
	if p := problem.As(err); p != nil && p.Code == "NO_ACCESS" && !strings.HasPrefix(c.Path(), "/teams/") { // access to a team is not asked for
		view.RequestAccess = c.Param("id")
	}
	if r, resumeErr := begin(c); resumeErr == nil && r.viewer.Member.ID != "" {
		view.SignedIn = true
		return r.answer(view.Status, r.frame(view.Title), sigma.Problem(view))
	}
	return Render(c, view.Status, sigma.OutsideProblem(view))
}

// describe gives an error's status, title and sentence.
func describe(err error) sigma.ProblemView {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return sigma.ProblemView{Status: refusal.Status, Title: refusal.Title, Text: refusal.Text, Detail: refusal.Detail}
	}
	if errors.Is(err, store.ErrReset) { // the lab is there: what was asked of it is what has gone
		return sigma.ProblemView{Status: http.StatusConflict, Title: "This lab was reset", Text: store.ErrReset.Message}
	}
	if p := problem.As(err); p != nil && p.Kind != problem.Internal {
		return describeProblem(p)
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch h.Code {
		case http.StatusNotFound:
			return sigma.ProblemView{Status: h.Code, Title: "Not part of this stand-in yet",
				Text: "There is nothing at this address: either it is mistyped, or Sigma has a page here that this training stand-in has not built yet."}
		case http.StatusMethodNotAllowed:
			return sigma.ProblemView{Status: h.Code, Title: "This page cannot be called in that way", Text: "Go back and use the page's own buttons."}
		default:
			return sigma.ProblemView{Status: h.Code, Title: "Bad request", Text: "What was sent could not be understood."}
		}
	}
	return sigma.ProblemView{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Text: "The stand-in made a mistake, and nothing was changed. The reference below stands in its log too."}
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
		v.Status, v.Title = http.StatusConflict, "That is not possible now"
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

var (
	errNotUnderstood = problem.InvalidField("understood", "Tick the box when you have read the guidance.")
	errNoToken       = problem.New(problem.NotFound, "There is no such token.")
)
