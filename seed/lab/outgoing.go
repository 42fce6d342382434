package lab

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// outgoing carries what the lab's provisioning sends. Requests that reach the lab's own directory are kept where they
// arrive; those that go anywhere else would be seen by nobody, so they are kept here.
type outgoing struct {
	lab  *Lab
	next http.RoundTripper
	log  *slog.Logger
}

// RoundTrip implements http.RoundTripper.
func (o outgoing) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.arrivesHere(r) {
		return o.next.RoundTrip(r)
	}
	began, at := time.Now(), o.lab.DB.Now()
	var body []byte
	if r.GetBody != nil {
		if copied, err := r.GetBody(); err == nil {
			body, _ = io.ReadAll(io.LimitReader(copied, exchangeMaximum)) // the beginning is enough to read
			_ = copied.Close()
		}
	}
	x := Exchange{At: at, Kind: SCIM, Elsewhere: r.URL.Scheme + "://" + r.URL.Host, Method: r.Method, Path: r.URL.EscapedPath(), Request: scimRequest(r, body)}
	resp, err := o.next.RoundTrip(r)
	if err != nil {
		x.Took, x.Response = time.Since(began), "No answer: "+err.Error()
		o.lab.noteExchange(r.Context(), x, o.log)
		return nil, err
	}
	x.Status = resp.StatusCode
	resp.Body = &keptBody{ReadCloser: resp.Body, ended: func(read []byte) {
		x.Took, x.Response = time.Since(began), maskSecrets(string(read))
		o.lab.noteExchange(r.Context(), x, o.log)
	}}
	return resp, nil
}

// arrivesHere tells the addresses of the lab's own directory, by path or by host; the front door keeps what comes there.
func (o outgoing) arrivesHere(r *http.Request) bool {
	path := collapse(r.URL.EscapedPath())
	rt, found := routeByPath(path)
	if !found {
		rt, found = routeByHost(r.URL.Hostname(), path)
	}
	return found && rt.lab == o.lab.Name && exchangeKind(rt, r) == SCIM
}

// keptBody keeps the beginning of an answer and tells when it was closed.
type keptBody struct {
	io.ReadCloser
	read  bytes.Buffer
	ended func([]byte)
}

func (b *keptBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	_, _ = (&limitedBuffer{buffer: &b.read}).Write(p[:n])
	return n, err
}

func (b *keptBody) Close() error {
	if b.ended != nil {
		b.ended(b.read.Bytes())
		b.ended = nil
	}
	return b.ReadCloser.Close()
}
