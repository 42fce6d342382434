package workshop

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/script/player"
	page "understudy/ui/lab"
)

// openedNotice is how long an attendee's pages say that an instructor looks at the lab.
const openedNotice = 2 * time.Minute

// Notice returns the workshop's notice for a page of a lab. It returns nil when a script player asks, because a script must not
// find controls of the notice. The notice is empty for everybody but the lab's attendee and the instructors.
func (w *Workshop) Notice(r *http.Request, name string) templ.Component {
	if r.Header.Get(player.GuideHeader) == player.GuideOff {
		return nil
	}
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		view, found, err := w.noticeFor(context.WithoutCancel(ctx), r, name)
		if err != nil || !found { // the page is more important than the notice
			return nil //nolint:nilerr // see above
		}
		return page.WorkshopNotice(view).Render(ctx, out)
	})
}

// noticeFor is the notice of a lab for the sender of a request. found is false for somebody who must not see it.
func (w *Workshop) noticeFor(ctx context.Context, r *http.Request, name string) (v page.WorkshopNoticeView, found bool, err error) {
	attendee, found, err := w.AttendeeByToken(ctx, cookieValue(r, attendeeCookie))
	if err != nil {
		return v, false, err
	}
	if own := found && attendee.Lab == name; own {
		v, err = w.noticeView(ctx, attendee)
		v.Own = true
		return v, err == nil, err
	}
	instructor, err := w.IsInstructor(ctx, cookieValue(r, instructorCookie))
	if err != nil || !instructor {
		return v, false, err
	}
	attendee, _, err = w.attendeeOf(ctx, name)
	if err != nil {
		return v, false, err
	}
	v, err = w.noticeView(ctx, attendee)
	return v, err == nil, err
}

// noticeView is the notice on the pages of an attendee's lab, without their buttons. The attendee is zero for a lab without one.
func (w *Workshop) noticeView(ctx context.Context, attendee Attendee) (v page.WorkshopNoticeView, err error) {
	state, err := w.State(ctx)
	if err != nil {
		return v, err
	}
	now := w.db.Now()
	v = page.WorkshopNoticeView{
		Nickname: attendee.Nickname, Banner: state.Banner, Frozen: state.Frozen, Sections: state.Sections, Timer: state.timeLeft(now),
		Message: attendee.Message, Locked: attendee.Locked, Hand: !attendee.Hand.IsZero(),
		Watched: now.Sub(attendee.Opened) < openedNotice,
	}
	if attendee.ReadBanner == state.Banner {
		v.Banner = ""
	}
	return v, nil
}

// showNotice renders the notice of the attendee's own lab. static/notice.js fetches it to update open pages.
func (w *Workshop) showNotice(c echo.Context) error {
	attendee, err := w.requireAttendee(c)
	if err != nil {
		return err
	}
	view, err := w.noticeView(c.Request().Context(), attendee)
	if err != nil {
		return err
	}
	view.Own = true
	if err := w.markSeen(c.Request().Context(), attendee); err != nil {
		return err
	}
	return door.Render(c, http.StatusOK, page.WorkshopNotice(view))
}
