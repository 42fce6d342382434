package workshop

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	page "understudy/ui/lab"
)

// The room's cookies.
const (
	seatCookie       = "understudy_attendee"
	instructorCookie = "understudy_instructor"
)

func cookieOf(r *http.Request, name string) string {
	if k, err := r.Cookie(name); err == nil {
		return k.Value
	}
	return ""
}

// from is who asks, for counting attempts.
func from(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

var (
	errNotYours = problem.New(problem.Forbidden, "This is somebody else's lab. Join the workshop on the start page to get one of your own.")
	errLocked   = problem.New(problem.Forbidden, "The instructor has locked this lab for a moment. You can look, but not change anything.")
	errFrozen   = problem.New(problem.Forbidden, "The instructor has asked for everybody's attention. You can go on in a moment.")
)

// looking are the forms that change nothing of what a lab shows: the guide's panel and shelf, and the decoder.
var looking = []string{"/guide/show", "/clipboard", "/traffic/decode"}

// Admit lets attendees into their own lab and instructors into all; others get a sentence. While a lab is locked, or the
// room frozen, it can be looked at. The guide's player is ours.
func (w *Workshop) Admit(r *http.Request, name, path string) error {
	if w.Guide.IsOwnRequest(r) {
		return nil
	}
	ctx := r.Context()
	if instructor, err := w.IsInstructor(ctx, cookieOf(r, instructorCookie)); err != nil || instructor {
		if err == nil && r.Method == http.MethodGet {
			err = w.announce(ctx, name)
		}
		return err
	}
	seat, ok, err := w.SeatOf(ctx, cookieOf(r, seatCookie))
	if err != nil {
		return err
	}
	if !ok || seat.Lab != name {
		return errNotYours
	}
	if err := w.seen(ctx, seat); err != nil {
		return err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead || slices.Contains(looking, path) {
		return nil
	}
	if seat.Locked {
		return errLocked
	}
	if room, err := w.State(ctx); err != nil || room.Frozen {
		if err == nil {
			err = errFrozen
		}
		return err
	}
	return nil
}

// announce lets the attendee know that an instructor is in their lab.
func (w *Workshop) announce(ctx context.Context, name string) error {
	seat, ok, err := w.seatOfLab(ctx, name)
	if err != nil || !ok || w.db.Now().Sub(seat.Opened) < announcedFor/2 {
		return err
	}
	return w.changeSeat(ctx, name, "opened_ms", w.db.Now().UnixMilli())
}

// Beside adds what the room has to say to what stands beside a lab's pages.
func (w *Workshop) Beside(guide func(*http.Request, *lab.Lab) templ.Component) func(*http.Request, *lab.Lab) templ.Component {
	return func(r *http.Request, l *lab.Lab) templ.Component {
		beside := guide(r, l)
		if beside == nil {
			return nil
		}
		return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
			if view, err := w.notice(ctx, l.Name, cookieOf(r, seatCookie)); err == nil {
				if err := page.RoomNotice(view).Render(ctx, out); err != nil {
					return err
				}
			}
			return beside.Render(ctx, out)
		})
	}
}

// notice is what the pages of a lab say of the room now. Whoever has the seat, by their token, gets its buttons too.
func (w *Workshop) notice(ctx context.Context, name, token string) (v page.RoomNoticeView, err error) {
	room, err := w.State(ctx)
	if err != nil {
		return v, err
	}
	v = page.RoomNoticeView{Banner: room.Banner, Frozen: room.Frozen, Sections: room.Sections, Timer: room.timeLeft(w.db.Now())}
	seat, ok, err := w.SeatOf(ctx, token)
	if v.Own = ok && seat.Lab == name; err == nil && !v.Own {
		seat, ok, err = w.seatOfLab(ctx, name)
	}
	if ok {
		v.Message, v.Locked, v.Hand = seat.Message, seat.Locked, !seat.Hand.IsZero()
		v.Watched = w.db.Now().Sub(seat.Opened) < announcedFor
	}
	return v, err
}
