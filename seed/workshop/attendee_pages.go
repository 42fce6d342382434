package workshop

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// Mount registers the workshop's routes, the start page included.
func (w *Workshop) Mount(e *echo.Echo) {
	e.GET("/", w.landing)
	e.POST("/join", w.join)
	e.POST("/return", w.returnToLab)
	e.GET("/card", w.card)
	e.POST("/card/hand", w.hand)
	e.POST("/card/dismiss", w.dismiss("message", func(State) string { return "" }))
	e.POST("/card/banner", w.dismiss("read_banner", func(s State) string { return s.Banner }))
	e.GET("/card/notice", w.showNotice)
	w.mountInstructor(e)
}

// landing serves the start page: the join form, or a redirect to the card of an attendee who has joined.
func (w *Workshop) landing(c echo.Context) error {
	_, found, err := w.AttendeeByToken(c.Request().Context(), cookieValue(c.Request(), attendeeCookie))
	if err != nil {
		return err
	}
	if found {
		return c.Redirect(http.StatusSeeOther, "/card")
	}
	w.noteForm(c)
	return door.Render(c, http.StatusOK, page.JoinPage{Code: c.QueryParam("code")})
}

// join handles the join form. An attendee who sends the form again keeps their lab.
func (w *Workshop) join(c echo.Context) error {
	ctx := c.Request().Context()
	if _, found, err := w.AttendeeByToken(ctx, cookieValue(c.Request(), attendeeCookie)); err != nil || found {
		if err == nil {
			err = c.Redirect(http.StatusSeeOther, "/card")
		}
		return err
	}
	guesser, err := w.guesser(c.Request())
	if err != nil {
		return err
	}
	code, nickname := c.FormValue("code"), c.FormValue("nickname")
	attendee, token, pin, err := w.Join(ctx, guesser, code, nickname)
	if problem.Is(err, problem.Invalid) {
		errors := kit.ErrorsOf(err)
		return door.Render(c, http.StatusUnprocessableEntity,
			page.JoinPage{Page: kit.Page{Errors: errors}, Code: code, Nickname: nickname, Errors: errors})
	}
	if err != nil {
		return err
	}
	setCookie(c, attendeeCookie, token)
	w.rememberBrowser(c, knownAttendee(attendee))
	return w.showCard(c, attendee, pin)
}

// returnToLab handles the form for attendees who come back with nickname and PIN.
func (w *Workshop) returnToLab(c echo.Context) error {
	nickname := c.FormValue("name")
	guesser, err := w.guesser(c.Request())
	if err != nil {
		return err
	}
	attendee, token, err := w.Return(c.Request().Context(), guesser, nickname, c.FormValue("pin"))
	if problem.Is(err, problem.Invalid) {
		errors := kit.ErrorsOf(problem.InvalidField("pin", problem.As(err).Message))
		return door.Render(c, http.StatusUnprocessableEntity,
			page.JoinPage{Page: kit.Page{Errors: errors}, ReturnNickname: nickname, ReturnErrors: errors})
	}
	if err != nil {
		return err
	}
	setCookie(c, attendeeCookie, token)
	w.rememberBrowser(c, knownAttendee(attendee))
	return c.Redirect(http.StatusSeeOther, "/card")
}

var errNotJoined = problem.New(problem.Unauthenticated, "You have not joined this workshop. Join on the start page.")

// requireAttendee finds the attendee who sent the request, or returns errNotJoined.
func (w *Workshop) requireAttendee(c echo.Context) (Attendee, error) {
	attendee, found, err := w.AttendeeByToken(c.Request().Context(), cookieValue(c.Request(), attendeeCookie))
	if err == nil && !found {
		err = errNotJoined
	}
	return attendee, err
}

// card shows the attendee's card: their identities, passwords and addresses.
func (w *Workshop) card(c echo.Context) error {
	attendee, err := w.requireAttendee(c)
	if err != nil {
		return err
	}
	return w.showCard(c, attendee, "")
}

// showCard renders the card. pin is empty except right after joining.
func (w *Workshop) showCard(c echo.Context, attendee Attendee, pin string) error {
	view, err := w.cardView(c.Request().Context(), attendee, door.Origin(c))
	if err != nil {
		return err
	}
	view.PIN, view.JustJoined = attendee.PIN, pin != ""
	notice := w.Notice(c.Request(), attendee.Lab)
	if pin != "" { // the request that joins has no cookie of the attendee yet
		own, err := w.noticeView(c.Request().Context(), attendee)
		if err != nil {
			return err
		}
		own.Own = true
		notice = page.WorkshopNotice(own)
	}
	if notice != nil {
		c.SetRequest(c.Request().WithContext(kit.WithTopNotice(c.Request().Context(), notice)))
	}
	return door.Render(c, http.StatusOK, view)
}

// cardView is an attendee's card. origin is the base URL of the addresses on it.
func (w *Workshop) cardView(ctx context.Context, attendee Attendee, origin string) (page.CardPage, error) {
	v := page.CardPage{
		Nickname: attendee.Nickname, Lab: attendee.Lab, Hand: !attendee.Hand.IsZero(),
		Places: []page.Place{
			{Label: "Okta Admin Console", URL: origin + "/okta/" + attendee.Lab + "/admin"},
			{Label: "Okta sign-in and My Apps", URL: origin + "/okta/" + attendee.Lab + "/"},
			{Label: "Sigma", URL: origin + "/sigma/" + attendee.Lab + "/"},
		},
	}
	l, release, err := w.Registry.Acquire(ctx, attendee.Lab)
	if lab.IsDamaged(err) {
		v.Problem = problem.As(err).Message
		return v, nil
	}
	if err != nil {
		return v, err
	}
	defer release()
	people, err := l.Identities(ctx)
	for _, i := range people {
		where := kit.Link{Label: "Sign in to Okta", Href: "/okta/" + attendee.Lab + "/admin/dashboard"}
		if i.Half == "sigma" {
			where = kit.Link{Label: "Sign in to Sigma", Href: "/sigma/" + attendee.Lab + "/"}
		}
		v.Identities = append(v.Identities,
			page.Identity{Name: i.Name, Role: i.Role, Login: i.Username, Password: i.Password, Where: where})
	}
	return v, err
}

// hand raises the attendee's hand, or lowers it.
func (w *Workshop) hand(c echo.Context) error {
	attendee, err := w.requireAttendee(c)
	if err != nil {
		return err
	}
	if err := w.SetHand(c.Request().Context(), attendee.Lab, c.FormValue("up") == "yes"); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, backTo(c))
}

// dismiss removes the instructor's message or the banner from the attendee's pages: it sets a column of the attendee to a value.
func (w *Workshop) dismiss(column string, value func(State) string) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		attendee, err := w.requireAttendee(c)
		if err != nil {
			return err
		}
		state, err := w.State(ctx)
		if err != nil {
			return err
		}
		if err := w.setAttendeeColumn(ctx, attendee.Lab, column, value(state)); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, backTo(c))
	}
}

// backTo is the page of a lab from which the notice's form was sent, or the card for any other page. It never leads to
// another server.
func backTo(c echo.Context) string {
	u, err := url.Parse(c.Request().Referer())
	if err != nil || u.Host != c.Request().Host {
		return "/card"
	}
	for _, prefix := range []string{"/okta/", "/sigma/", "/labs/"} {
		if strings.HasPrefix(u.Path, prefix) {
			return u.RequestURI()
		}
	}
	return "/card"
}
