package workshop

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
)

// The cookies' values are tokens. The workshop's file stores their hashes.
const (
	attendeeCookie   = "understudy_attendee"
	instructorCookie = "understudy_instructor"
)

// cookieLifetime is how long a browser keeps a token.
const cookieLifetime = 7 * 24 * time.Hour

func setCookie(c echo.Context, name, value string) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(cookieLifetime / time.Second),
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteLaxMode,
	})
}

// cookieValue is empty when the request has no such cookie.
func cookieValue(r *http.Request, name string) string {
	if k, err := r.Cookie(name); err == nil {
		return k.Value
	}
	return ""
}

var (
	errOtherLab = problem.New(problem.Forbidden,
		"This lab belongs to another attendee. Join the workshop on the start page to get your own lab.")
	errLocked = problem.New(problem.Forbidden,
		"The instructor has locked this lab. You can look at the lab but not change it until the instructor unlocks it.")
	errFrozen = problem.New(problem.Forbidden,
		"The instructor has frozen all labs and asks for your attention. You can continue when the labs are unfrozen.")
)

// harmlessForms are POST forms of a lab that change nothing that the lab shows. They work while a lab is locked.
var harmlessForms = []string{"/guide/show", "/clipboard", "/traffic/decode"}

// Admit decides whether a request may reach a lab. path is the rest of the URL path after the lab's name. An attendee may
// use their own lab, an instructor all labs, and the guide's player all labs. While a lab is locked, or all labs are
// frozen, an attendee can look at it but not change it. The error is a problem that the front door shows to the person.
func (w *Workshop) Admit(r *http.Request, lab, path string) error {
	if w.Guide.IsOwnRequest(r) {
		return nil
	}
	ctx := r.Context()
	if instructor, err := w.IsInstructor(ctx, cookieValue(r, instructorCookie)); err != nil || instructor {
		if err == nil && r.Method == http.MethodGet {
			err = w.markOpened(ctx, lab)
		}
		return err
	}
	attendee, found, err := w.AttendeeByToken(ctx, cookieValue(r, attendeeCookie))
	if err != nil {
		return err
	}
	if !found || attendee.Lab != lab {
		return errOtherLab
	}
	if err := w.markActive(ctx, attendee); err != nil {
		return err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead || slices.Contains(harmlessForms, path) {
		return nil
	}
	if attendee.Locked {
		return errLocked
	}
	if state, err := w.State(ctx); err != nil || state.Frozen {
		if err == nil {
			err = errFrozen
		}
		return err
	}
	return nil
}

// markOpened stores that an instructor opened a page of a lab, so that the attendee sees it. It writes at most once per
// half of openedNotice for each lab.
func (w *Workshop) markOpened(ctx context.Context, lab string) error {
	attendee, found, err := w.attendeeOf(ctx, lab)
	if err != nil || !found || w.db.Now().Sub(attendee.Opened) < openedNotice/2 {
		return err
	}
	return w.setAttendeeColumn(ctx, lab, "opened_ms", w.db.Now().UnixMilli())
}
