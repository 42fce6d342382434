package lab

import (
	"context"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/a-h/templ"

	page "understudy/ui/lab"
)

// resetSaidFor is how long a lab's pages say that it was reset: whoever was signed in finds themselves signed out, and
// what they made gone, and it need not have been them who did it.
const resetSaidFor = 5 * time.Minute

// sayingReset adds to what stands beside a lab's pages that it was reset of late.
func (l *Lab) sayingReset(beside templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if at := time.Unix(0, l.resetAt.Load()); time.Since(at) < resetSaidFor {
			notice := page.ResetNotice{At: at.UTC().Format("15:04:05 UTC"), Guide: "/labs/" + l.Name + "/guide"}
			if err := notice.Render(ctx, w); err != nil {
				return err
			}
		}
		return beside.Render(ctx, w)
	})
}

// swapsOutlived is how many resets in a row a request for a page can meet before its reader is told.
const swapsOutlived = 5

// asksOnly tells the requests that can be made again: they change nothing.
func asksOnly(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// outlive ties requests to the lab as it is now. A page that was asked for before a reset, and could not be shown because of
// it, is asked for again in the lab that came after: whoever only looks need not know that they came in between. A form is
// never sent again by itself: it was meant for a lab that is no more, and its sender is told so. Programs are told as well:
// they know what to do about it.
func (l *Lab) outlive(programs bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if programs { // one may be what provisioning sends, which a swap waits for
			next.ServeHTTP(w, r.WithContext(l.DB.Pin(r.Context())))
			return
		}
		before := w.Header().Clone()
		for n := 1; n < swapsOutlived && asksOnly(r); n++ {
			asked := r.WithContext(l.Pinned(r.Context()))
			answer := &outliving{ResponseWriter: w, spoiled: func() bool { return l.DB.Stale(asked.Context()) }}
			next.ServeHTTP(answer, asked)
			if !answer.withheld {
				return
			}
			clear(w.Header())
			maps.Copy(w.Header(), before)
		}
		next.ServeHTTP(w, r.WithContext(l.Pinned(r.Context())))
	})
}

// outliving withholds an answer that failed in a lab which is no more.
type outliving struct {
	http.ResponseWriter
	spoiled  func() bool
	begun    bool
	withheld bool
}

func (w *outliving) WriteHeader(status int) {
	if !w.begun && status >= http.StatusBadRequest && w.spoiled() {
		w.withheld = true
	}
	w.begun = true
	if !w.withheld {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *outliving) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if w.withheld {
		return io.Discard.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// FlushError lets http.ResponseController send what there is, which templ asks for at the end of each page.
func (w *outliving) FlushError() error {
	if w.withheld {
		return nil
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *outliving) Unwrap() http.ResponseWriter { return w.ResponseWriter }
