package workshop

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// announcedFor is how long an attendee's pages say that an instructor looked into the lab.
const announcedFor = 2 * time.Minute

// seatLasts is how long a browser remembers its seat.
const seatLasts = 7 * 24 * time.Hour

// Mount adds the room's pages to those of the server.
func (w *Workshop) Mount(e *echo.Echo) {
	e.GET("/", w.Landing)
	e.POST("/join", w.join)
	e.POST("/return", w.comeBack)
	e.GET("/card", w.card)
	e.POST("/card/hand", w.hand)
	e.POST("/card/read", w.read)
	e.GET("/card/notice", w.noticeNow)
	w.mountInstructor(e)
}

func render(c echo.Context, status int, content templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return content.Render(c.Request().Context(), c.Response())
}

func setCookie(c echo.Context, name, value string) {
	c.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteLaxMode, MaxAge: int(seatLasts / time.Second)})
}

// Landing is the start page: the card of whoever has a seat, else the way to one.
func (w *Workshop) Landing(c echo.Context) error {
	_, ok, err := w.SeatOf(c.Request().Context(), cookieOf(c.Request(), seatCookie))
	if err != nil {
		return err
	}
	if ok {
		return c.Redirect(http.StatusSeeOther, "/card")
	}
	return render(c, http.StatusOK, page.JoinPage{Code: c.QueryParam("code")})
}

// join gives a seat. Who has one keeps it.
func (w *Workshop) join(c echo.Context) error {
	if _, ok, err := w.SeatOf(c.Request().Context(), cookieOf(c.Request(), seatCookie)); err != nil || ok {
		if err == nil {
			err = c.Redirect(http.StatusSeeOther, "/card")
		}
		return err
	}
	code, nickname := c.FormValue("code"), c.FormValue("nickname")
	seat, token, pin, err := w.Join(c.Request().Context(), from(c.Request()), code, nickname)
	if problem.Is(err, problem.Invalid) {
		return render(c, http.StatusUnprocessableEntity, page.JoinPage{Page: kit.Page{Errors: kit.ErrorsOf(err)}, Code: code, Nickname: nickname, Errors: kit.ErrorsOf(err)})
	}
	if err != nil {
		return err
	}
	setCookie(c, seatCookie, token)
	return w.showCard(c, seat, pin)
}

// comeBack lets somebody in again.
func (w *Workshop) comeBack(c echo.Context) error {
	_, token, err := w.Return(c.Request().Context(), from(c.Request()), c.FormValue("name"), c.FormValue("pin"))
	if problem.Is(err, problem.Invalid) {
		errors := kit.ErrorsOf(problem.InvalidField("pin", problem.As(err).Message))
		return render(c, http.StatusUnprocessableEntity, page.JoinPage{Page: kit.Page{Errors: errors}, Back: c.FormValue("name"), BackErr: errors})
	}
	if err != nil {
		return err
	}
	setCookie(c, seatCookie, token)
	return c.Redirect(http.StatusSeeOther, "/card")
}

var errNoSeat = problem.New(problem.Unauthenticated, "You have no seat in this workshop. Join on the start page.")

func (w *Workshop) seatOf(c echo.Context) (Seat, error) {
	seat, ok, err := w.SeatOf(c.Request().Context(), cookieOf(c.Request(), seatCookie))
	if err == nil && !ok {
		err = errNoSeat
	}
	return seat, err
}

// card is the attendee's personal card.
func (w *Workshop) card(c echo.Context) error {
	seat, err := w.seatOf(c)
	if err != nil {
		return err
	}
	return w.showCard(c, seat, "")
}

func (w *Workshop) showCard(c echo.Context, seat Seat, pin string) error {
	view, err := w.cardView(c.Request().Context(), seat, door.Origin(c))
	if err != nil {
		return err
	}
	view.PIN = pin
	return render(c, http.StatusOK, view)
}

func (w *Workshop) cardView(ctx context.Context, seat Seat, origin string) (page.SeatPage, error) {
	v := page.SeatPage{Nickname: seat.Nickname, Lab: seat.Lab, Hand: !seat.Hand.IsZero(), Places: []page.Place{
		{Label: "Okta Admin Console", URL: origin + "/okta/" + seat.Lab + "/admin"},
		{Label: "Okta sign-in and My Apps", URL: origin + "/okta/" + seat.Lab + "/"},
		{Label: "Sigma", URL: origin + "/sigma/" + seat.Lab + "/"},
	}}
	l, release, err := w.Registry.Acquire(ctx, seat.Lab)
	if err != nil {
		return v, err
	}
	defer release()
	people, err := l.Identities(ctx)
	for _, i := range people {
		where := kit.Link{Label: "Sign in to Okta", Href: "/okta/" + seat.Lab + "/admin/dashboard"}
		if i.Half == "sigma" {
			where = kit.Link{Label: "Sign in to Sigma", Href: "/sigma/" + seat.Lab + "/"}
		}
		v.Identities = append(v.Identities, page.Identity{Name: i.Name, Role: i.Role, Login: i.Username, Password: i.Password, Where: where})
	}
	return v, err
}

// hand raises the attendee's hand, or lowers it.
func (w *Workshop) hand(c echo.Context) error {
	seat, err := w.seatOf(c)
	if err != nil {
		return err
	}
	if err := w.RaiseHand(c.Request().Context(), seat.Lab, c.FormValue("up") == "yes"); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, cameFrom(c))
}

// read puts an instructor's message away.
func (w *Workshop) read(c echo.Context) error {
	seat, err := w.seatOf(c)
	if err != nil {
		return err
	}
	if err := w.changeSeat(c.Request().Context(), seat.Lab, "message", ""); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, cameFrom(c))
}

// noticeNow is the strip of the room alone, for the script that keeps it fresh.
func (w *Workshop) noticeNow(c echo.Context) error {
	token := cookieOf(c.Request(), seatCookie)
	seat, err := w.seatOf(c)
	if err != nil {
		return err
	}
	view, err := w.notice(c.Request().Context(), seat.Lab, token)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, page.RoomNotice(view))
}

// cameFrom is the page of a lab that a form beside it was sent from; the card when it was none.
func cameFrom(c echo.Context) string {
	u, err := url.Parse(c.Request().Referer())
	if err != nil || u.Host != c.Request().Host {
		return "/card"
	}
	for _, place := range []string{"/okta/", "/sigma/", "/labs/"} {
		if strings.HasPrefix(u.Path, place) {
			return u.RequestURI()
		}
	}
	return "/card"
}

// minutes says a length of time as people do.
func minutes(d time.Duration) string {
	n := int(d.Round(time.Minute) / time.Minute)
	if n == 1 {
		return "1 minute left"
	}
	return strconv.Itoa(n) + " minutes left"
}

// ago says how long something is ago.
func ago(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return "now"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s ago"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min ago"
	}
	return strconv.Itoa(int(d/time.Hour)) + " h ago"
}

// csvCell keeps spreadsheets from taking a nickname for a formula. Some take wide signs for the usual ones.
func csvCell(text string) string {
	if strings.IndexAny(text, "=+-@\t\r＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
