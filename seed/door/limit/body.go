package limit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"time"
)

// Arrived gives the client time to take the response: the deadline of the connection's previous request may have passed. Arrived also
// limits how long the server waits for a body that no handler reads: that of a GET request, or of a request that is
// refused before its body is read. Without it, net/http would wait for the rest after the response, without a limit.
func Arrived(w http.ResponseWriter, r *http.Request) {
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Now().Add(writeTime)) // a test's recorder has no connection
	if r.ContentLength == 0 {
		return
	}
	w.Header().Set("Connection", "close")
	_ = connection.SetReadDeadline(time.Now().Add(restTime)) // a test's recorder has no connection
}

// Read reads the body of a request before its handler runs. The handler finds a form parsed, and a raw body in memory. The
// caller must call done after the response: it removes the files of an upload, which net/http does not do for a request
// that was cloned.
func (rule Rule) Read(w http.ResponseWriter, r *http.Request) (done func(), refused *Error) {
	done = func() {}
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Body == nil || r.Body == http.NoBody {
		r.Body = http.NoBody
		return done, nil
	}
	connection := http.NewResponseController(w)
	defer func() {
		if refused == nil {
			if rule.Kind != Stream {
				_ = connection.SetReadDeadline(time.Time{}) // a test's recorder has no connection
			}
			return
		}
		w.Header().Set("Connection", "close")
		_ = connection.SetReadDeadline(time.Now().Add(restTime)) // net/http reads on before it answers
	}()
	if r.ContentLength > rule.Bytes {
		return done, rule.tooLarge()
	}
	w.Header().Del("Connection") // see Arrived
	_ = connection.SetReadDeadline(time.Now().Add(rule.Time))
	r.Body = http.MaxBytesReader(w, r.Body, rule.Bytes)
	switch rule.Kind {
	case Raw:
		return done, rule.readRaw(r)
	case Stream:
		return rule.stream(r, connection), nil
	}
	form, err := rule.readForm(r)
	if form != nil {
		done = func() { _ = form.RemoveAll() } // the directory for temporary files is not the program's to report about
	}
	if err != nil {
		done()
		return func() {}, err
	}
	return done, nil
}

// stream leaves the body on the connection. An error of reading it is an [*Error].
func (rule Rule) stream(r *http.Request, connection *http.ResponseController) (done func()) {
	body := &streamedBody{ReadCloser: r.Body, rule: rule, connection: connection}
	r.Body = body
	return func() {
		if !body.complete {
			_ = connection.SetReadDeadline(time.Now().Add(restTime)) // for the part that the handler did not read
		}
	}
}

// streamedBody is a body that a handler reads.
type streamedBody struct {
	io.ReadCloser
	rule       Rule
	connection *http.ResponseController
	complete   bool
}

// Read implements io.Reader.
func (b *streamedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.complete = true
		_ = b.connection.SetReadDeadline(time.Time{}) // it would end the connection's context, and with it the next request's
	}
	if err != nil && err != io.EOF {
		return n, b.rule.unreadable(err)
	}
	return n, err
}

// readRaw reads a body into memory.
func (rule Rule) readRaw(r *http.Request) *Error {
	body, err := readAll(r)
	if err != nil {
		return rule.unreadable(err)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

func readAll(r *http.Request) ([]byte, error) {
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := body.ReadFrom(r.Body)
	return body.Bytes(), err
}

// parseForm parses an encoded form. The body can be read again afterwards, by what records the request as it was sent.
func parseForm(r *http.Request) error {
	body, err := readAll(r)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	err = r.ParseForm()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

// readForm parses a form, and returns the files of an upload.
func (rule Rule) readForm(r *http.Request) (*multipart.Form, *Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = r.Header.Get("Content-Type")
	}
	switch kind {
	case "multipart/form-data":
		err = r.ParseMultipartForm(everyOther.Bytes) // a file above this size is written to the disk
		r.Body = http.NoBody
	case "application/x-www-form-urlencoded":
		err = parseForm(r)
	default:
		return nil, rule.readNoForm(r, kind)
	}
	if err != nil {
		return r.MultipartForm, rule.unreadable(err)
	}
	return r.MultipartForm, checkFields(r.PostForm)
}

// readNoForm accepts an empty body of any type, as a form without fields.
func (rule Rule) readNoForm(r *http.Request, kind string) *Error {
	n, err := io.Copy(io.Discard, r.Body)
	r.Body = http.NoBody
	if err != nil {
		return rule.unreadable(err)
	}
	if n > 0 {
		return &Error{http.StatusUnsupportedMediaType, "Not a form", fmt.Sprintf(
			"This address accepts a form, not a body of type %.100q. Send it as application/x-www-form-urlencoded.", kind)}
	}
	return nil
}

func (rule Rule) unreadable(err error) *Error {
	if _, is := errors.AsType[*http.MaxBytesError](err); is || errors.Is(err, multipart.ErrMessageTooLarge) {
		return rule.tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &Error{http.StatusRequestTimeout, "Request too slow",
			fmt.Sprintf("The request did not arrive within %s. Send it again.", rule.Time)}
	}
	return &Error{http.StatusBadRequest, "Bad Request", "The form could not be read. Send the form again."}
}

func (rule Rule) tooLarge() *Error {
	return &Error{http.StatusRequestEntityTooLarge, "Request too large",
		fmt.Sprintf("The request has more than %d bytes, which is the limit at this address. Send less.", rule.Bytes)}
}
