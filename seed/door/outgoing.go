package door

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"understudy/seed/lab"
)

// Outgoing returns for each lab the transport of its provisioning, on top of next. Requests to the lab's own directory are
// recorded where they arrive, by [Door]; requests to any other server are recorded here.
func Outgoing(next http.RoundTripper, log *slog.Logger) func(*lab.Lab) http.RoundTripper {
	if log == nil {
		log = slog.Default()
	}
	return func(l *lab.Lab) http.RoundTripper { return outgoing{lab: l, next: next, log: log} }
}

type outgoing struct {
	lab  *lab.Lab
	next http.RoundTripper
	log  *slog.Logger
}

// RoundTrip implements http.RoundTripper.
func (o outgoing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = o.home(r)
	if o.arrivesHere(r) {
		r = r.Clone(r.Context()) // a RoundTripper must not change the request
		r.Header.Set(generationHeader, strconv.FormatUint(o.lab.DB.Generation(r.Context()), 10))
		return o.next.RoundTrip(r)
	}
	began, at := time.Now(), o.lab.DB.Now()
	var body []byte
	if r.GetBody != nil {
		if copied, err := r.GetBody(); err == nil {
			body, _ = io.ReadAll(io.LimitReader(copied, lab.MaxRecordedBody)) // what could be read is recorded
			_ = copied.Close()
		}
	}
	x := lab.Exchange{At: at, Kind: lab.SCIM, ReceiverOrigin: r.URL.Scheme + "://" + r.URL.Host, Method: r.Method, Path: r.URL.EscapedPath(),
		Request: scimRequest(r, body)}
	resp, err := o.next.RoundTrip(r)
	if err != nil {
		x.Took, x.Response = time.Since(began), "No response: "+err.Error()
		o.lab.RecordExchange(r.Context(), x, o.log)
		return nil, err
	}
	x.Status = resp.StatusCode
	resp.Body = &recordedBody{ReadCloser: resp.Body, ended: func(read []byte) {
		x.Took, x.Response = time.Since(began), maskSecrets(string(read))
		o.lab.RecordExchange(r.Context(), x, o.log)
	}}
	return resp, nil
}

// arrivesHere reports whether a request goes to the lab's own directory, addressed by path or by host.
func (o outgoing) arrivesHere(r *http.Request) bool {
	rt, found := routeOf(r)
	return found && rt.lab == o.lab.Name && exchangeKind(rt, r) == lab.SCIM
}

// routeOf returns where a request to an address of a lab arrives, by path or by host.
func routeOf(r *http.Request) (rt route, found bool) {
	path := collapseSlashes(r.URL.EscapedPath())
	if rt, found = routeByPath(path); !found {
		rt, found = routeByHost(r.URL.Hostname(), path)
	}
	return rt, found
}

// recordedBody copies the beginning of a response body and calls ended with it when the body is closed.
type recordedBody struct {
	io.ReadCloser
	read  bytes.Buffer
	ended func([]byte)
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	_, _ = (&limitedBuffer{buffer: &b.read}).Write(p[:n])
	return n, err
}

func (b *recordedBody) Close() error {
	if b.ended != nil {
		b.ended(b.read.Bytes())
		b.ended = nil
	}
	return b.ReadCloser.Close()
}
