package limit

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Writer is the response to a client. It closes the connection of a client that does not read, and refuses an event stream
// when the client has too many.
type Writer struct {
	http.ResponseWriter
	Streams *Streams
	Client  string
	Lab     string        // "" for the server's own pages
	Cancel  func()        // ends the handler's work
	Time    time.Duration // until the client has taken one part of the response; 0 means 30 seconds

	connection *http.ResponseController
	mu         sync.Mutex // guards the next three
	deadline   time.Time
	fixed      bool // somebody else has set the deadline
	ended      bool // the connection belongs to the next request
	begun      bool
	refused    bool
	closed     func() // of an open stream
}

// Begin prepares the connection. The caller must call [Writer.End] when the handler has returned.
func (w *Writer) Begin() {
	w.connection = http.NewResponseController(w.ResponseWriter)
	w.Time = cmp.Or(w.Time, writeTime)
	w.extend()
}

// End gives the rest of the response its time, and counts the stream as closed.
func (w *Writer) End() {
	w.mu.Lock()
	w.deadline, w.fixed, w.ended = time.Time{}, false, true
	w.mu.Unlock()
	w.extend()
	if w.closed != nil {
		w.closed()
	}
}

// extend gives the client time to take what is written next. A deadline is set at most every few seconds.
func (w *Writer) extend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.fixed || w.deadline.Sub(now) > w.Time*5/6 {
		return
	}
	w.deadline = now.Add(w.Time)
	_ = w.connection.SetWriteDeadline(w.deadline) // a test's recorder has no connection
}

// SetWriteDeadline is called by http.ResponseController: a lab that is closed ends its responses. It stays in force until the
// handler has returned, and does nothing after that.
func (w *Writer) SetWriteDeadline(deadline time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return nil
	}
	w.fixed = true
	return w.connection.SetWriteDeadline(deadline)
}

// WriteHeader implements http.ResponseWriter.
func (w *Writer) WriteHeader(status int) {
	w.extend()
	if w.begun {
		if !w.refused {
			w.ResponseWriter.WriteHeader(status)
		}
		return
	}
	w.begun = status >= http.StatusOK
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
		if w.closed = w.Streams.Open(w.Client, w.Lab); w.closed == nil {
			w.refuseStream()
			return
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *Writer) refuseStream() {
	w.refused = true
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Retry-After", "60")
	w.ResponseWriter.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w.ResponseWriter, "Too many pages of this lab are open. Close some of them, then load this page again.\n")
	w.Cancel()
}

// Write implements http.ResponseWriter.
func (w *Writer) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if w.refused {
		return len(p), nil
	}
	w.extend()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
