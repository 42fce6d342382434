package workshop

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/lab"
	page "understudy/ui/lab"
)

// openedNotice is how long an attendee's pages say that an instructor looks at the lab.
const openedNotice = 2 * time.Minute

// WithNotice adds the workshop's notice to a panel of a lab's pages. panel returns nil for pages without a panel; they get
// no notice either.
func (w *Workshop) WithNotice(
	panel func(*http.Request, *lab.Lab) templ.Component,
) func(*http.Request, *lab.Lab) templ.Component {
	return func(r *http.Request, l *lab.Lab) templ.Component {
		next := panel(r, l)
		if next == nil {
			return nil
		}
		return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
			// The page is shown without the notice when the notice cannot be read.
			if view, err := w.noticeView(ctx, l.Name, cookieValue(r, attendeeCookie)); err == nil {
				if err := page.WorkshopNotice(view).Render(ctx, out); err != nil {
					return err
				}
			}
			return next.Render(ctx, out)
		})
	}
}

// noticeView is the notice on the pages of the lab with the given name. When the token belongs to the lab's attendee, the
// notice has their buttons. Instructors see the same texts without the buttons.
func (w *Workshop) noticeView(ctx context.Context, name, token string) (v page.WorkshopNoticeView, err error) {
	state, err := w.State(ctx)
	if err != nil {
		return v, err
	}
	v = page.WorkshopNoticeView{
		Banner: state.Banner, Frozen: state.Frozen, Sections: state.Sections, Timer: state.timeLeft(w.db.Now()),
	}
	attendee, found, err := w.AttendeeByToken(ctx, token)
	if v.Own = found && attendee.Lab == name; err == nil && !v.Own {
		attendee, found, err = w.attendeeOf(ctx, name)
	}
	if found {
		v.Message, v.Locked, v.Hand = attendee.Message, attendee.Locked, !attendee.Hand.IsZero()
		v.Watched = w.db.Now().Sub(attendee.Opened) < openedNotice
	}
	return v, err
}

// showNotice renders the notice of the attendee's own lab. static/notice.js fetches it to update open pages.
func (w *Workshop) showNotice(c echo.Context) error {
	token := cookieValue(c.Request(), attendeeCookie)
	attendee, err := w.requireAttendee(c)
	if err != nil {
		return err
	}
	view, err := w.noticeView(c.Request().Context(), attendee.Lab, token)
	if err != nil {
		return err
	}
	return door.Render(c, http.StatusOK, page.WorkshopNotice(view))
}
