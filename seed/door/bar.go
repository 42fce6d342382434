package door

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"understudy/seed/base/address"
	"understudy/seed/lab"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// resetNoticeLasts is how long the pages of a lab say that it was reset. A reset signs people out and removes what they made,
// and another person may have caused it.
const resetNoticeLasts = 5 * time.Minute

// withResetNotice puts the notice of a recent reset before the guide panel.
func withResetNotice(l *lab.Lab, panel templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if at := l.ResetAt(); time.Since(at) < resetNoticeLasts {
			notice := page.ResetNotice{At: at.UTC().Format("15:04:05 UTC"), Guide: "/labs/" + l.Name + "/guide"}
			if err := notice.Render(ctx, w); err != nil {
				return err
			}
		}
		return panel.Render(ctx, w)
	})
}

// windowState returns what the bar on top of a page shows of a window of a browser. After "End sessions" the browser goes to
// back.
func windowState(l *lab.Lab, window int, browser, back string) func(context.Context) *kit.WindowState {
	return func(ctx context.Context) *kit.WindowState {
		state := &kit.WindowState{EndPath: "/labs/" + l.Name + "/windows/end", Hidden: []kit.Hidden{
			{Name: "window", Value: strconv.Itoa(window)}, {Name: "mine", Value: "yes"}, {Name: "back", Value: back},
		}}
		names, err := l.WindowNames(ctx)
		if err != nil {
			return nil // the page is more important than its bar
		}
		state.Name = names[window]
		sessions, err := l.Sessions(ctx)
		if err != nil {
			return nil
		}
		for _, s := range sessions[window] {
			if s.Browser == browser {
				state.Sessions = append(state.Sessions, kit.Session{Product: s.Half, User: s.Name, How: s.How, Since: s.Since.Format("15:04 UTC")})
			}
		}
		return state
	}
}

// readURI returns the address of a page to come back to after a form; empty when the request is no read.
func readURI(r *http.Request) string {
	if !isRead(r) {
		return ""
	}
	return r.URL.RequestURI()
}

// LocalPath returns path when it is a path of this server, and otherwise the other one. A form names the page to come back to,
// which must not be a page of another server.
func LocalPath(path, otherwise string) string {
	if !address.IsLocalPath(path) {
		return otherwise
	}
	return path
}
