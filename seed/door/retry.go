package door

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"

	"understudy/seed/lab"
)

// maxResetRetries is how often a read is repeated because the lab was reset while it was served.
const maxResetRetries = 5

// isRead reports whether a request changes nothing, so that it can be repeated.
func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// retryAfterReset pins requests to the lab as it is now. A read that failed because the lab was reset meanwhile is repeated in
// the new state. A form is never sent again: it was meant for the state before the reset, and its sender gets the error.
// Programs get the error, too: they have a retry rule of their own.
func retryAfterReset(l *lab.Lab, programs bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if programs { // not l.Pinned, which waits for the reset: the reset waits for provisioning, which may have sent this request
			next.ServeHTTP(w, pinnedAsSent(l, r))
			return
		}
		before := w.Header().Clone()
		for n := 1; n < maxResetRetries && isRead(r); n++ {
			tied := r.WithContext(l.Pinned(r.Context()))
			response := &staleFilter{ResponseWriter: w, isStale: func() bool { return l.DB.Stale(tied.Context()) }}
			next.ServeHTTP(response, tied)
			if !response.withheld {
				return
			}
			clear(w.Header())
			maps.Copy(w.Header(), before)
		}
		next.ServeHTTP(w, r.WithContext(pinned(r.Context(), l)))
	})
}

// pinned ties a request to the lab as it is now, unless it is tied to a state before a reset already.
func pinned(ctx context.Context, l *lab.Lab) context.Context {
	if l.DB.Stale(ctx) {
		return ctx
	}
	return l.Pinned(ctx)
}

// pinnedAtArrival ties a request that has a body to the lab as it is before the body is read: a form that arrives during a
// reset was meant for the state before. The lab is not held open meanwhile.
func (d *Door) pinnedAtArrival(r *http.Request, name string, programs bool) (*http.Request, error) {
	if isRead(r) || r.ContentLength == 0 {
		return r, nil
	}
	l, release, err := d.registry.Acquire(r.Context(), name)
	if lab.IsDamaged(err) { // the form may be a remedy
		return r, nil
	}
	if err != nil {
		return r, err
	}
	defer release()
	if programs { // which must not wait for a reset, see retryAfterReset
		return r.WithContext(l.DB.Pin(r.Context())), nil
	}
	return r.WithContext(l.Pinned(r.Context())), nil
}

// generationHeader carries the state of the lab that a request of the lab's own provisioning was sent in.
const generationHeader = "Understudy-Lab-Generation"

// pinnedAsSent ties a program's request to the present state of the lab, and a request of the lab's own provisioning to the state
// that it was sent in: it may arrive after the reset that stopped the job.
func pinnedAsSent(l *lab.Lab, r *http.Request) *http.Request {
	if sent, err := strconv.ParseUint(r.Header.Get(generationHeader), 10, 64); err == nil {
		return r.WithContext(l.DB.PinTo(r.Context(), sent))
	}
	if l.DB.Stale(r.Context()) {
		return r
	}
	return r.WithContext(l.DB.Pin(r.Context()))
}

// staleFilter withholds an error response that was made stale by a reset.
type staleFilter struct {
	http.ResponseWriter
	isStale  func() bool
	begun    bool
	withheld bool
}

func (w *staleFilter) WriteHeader(status int) {
	if !w.begun && status >= http.StatusBadRequest && w.isStale() {
		w.withheld = true
	}
	w.begun = true
	if !w.withheld {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *staleFilter) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if w.withheld {
		return io.Discard.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// FlushError implements the flush of http.ResponseController, which templ calls at the end of each page.
func (w *staleFilter) FlushError() error {
	if w.withheld {
		return nil
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *staleFilter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
