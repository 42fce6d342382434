package lab

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"understudy/seed/base/exchange"
)

// exchangeKind tells whether a request is a message between the halves, and which.
func exchangeKind(rt route, r *http.Request) string {
	switch {
	case rt.half == sigma && strings.HasPrefix(rt.rest, "/scim/"):
		return SCIM
	case rt.half == sigma && strings.HasPrefix(rt.rest, "/api/v2/saml2/assert") && r.Method == http.MethodPost:
		return SAMLResponse
	case rt.half == okta && strings.HasSuffix(rt.rest, "/sso/saml") && (r.Method == http.MethodPost || r.URL.Query().Has("SAMLRequest")):
		return SAMLRequest
	}
	return ""
}

// recordExchange serves the request and keeps it with its answer and with what its receiver notes of it.
func (l *Lab) recordExchange(kind string, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, at := time.Now(), l.DB.Now()
		ctx, notes := exchange.Keep(r.Context())
		x := Exchange{At: at, Kind: kind, Window: rt.window, Method: r.Method, Path: rt.rest}
		if kind == SCIM {
			recordSCIM(&x, next, w, r.WithContext(ctx))
		} else {
			recordSAML(&x, next, w, r.WithContext(ctx))
		}
		x.Took = time.Since(began)
		x.Checks, x.Changes = notes.Kept()
		l.noteExchange(r.Context(), x, log)
	})
}

// recordSCIM serves a request whose body and answer are both of interest.
func recordSCIM(x *Exchange, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body := keepBody(r)
	answer := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(answer, r)
	x.Status = answer.status
	x.Request, x.Response = scimRequest(r, body.Bytes()), maskSecrets(answer.body.String())
}

// recordSAML serves a message that a browser carries; it is answered with a page.
func recordSAML(x *Exchange, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body := keepBody(r)
	answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(answer, r)
	x.Status = answer.status
	form := r.PostForm // as the receiver read it
	switch {
	case r.Method != http.MethodPost:
		form = r.URL.Query()
	case form == nil:
		form, _ = url.ParseQuery(body.String()) // a cut body gives what it has
	}
	for _, name := range []string{"SAMLResponse", "SAMLRequest"} {
		if m := form.Get(name); m != "" {
			x.Request = decodeSAML(m)
			break
		}
	}
	x.RelayState = cut(form.Get("RelayState"))
}

// keepBody lets the beginning of a request's body be read again once it was handled. A recorder must not refuse: it
// lets the handler judge the whole.
func keepBody(r *http.Request) *bytes.Buffer {
	var body bytes.Buffer
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, &limitedBuffer{buffer: &body}), r.Body}
	return &body
}

// scimRequest is the readable form of what was sent: head and body, without the secrets in both.
func scimRequest(r *http.Request, body []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.Method, r.URL.RequestURI())
	for _, name := range []string{"Accept", "Content-Type", "User-Agent", "If-Match"} {
		if v := r.Header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	if r.Header.Get("Authorization") != "" {
		b.WriteString("Authorization: Bearer ••••\n")
	}
	b.WriteString("\n")
	b.WriteString(maskSecrets(string(body)))
	return b.String()
}

// inflaters are used again: a new one is 40 kB of memory.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// decodeSAML gives the XML of a message of either binding; what cannot be decoded stays as it came.
func decodeSAML(message string) string {
	raw, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		return cut(message)
	}
	if len(raw) > 0 && raw[0] == '<' {
		return cut(string(raw))
	}
	r := inflaters.Get().(io.ReadCloser) //nolint:forcetypeassert // it gives nothing else
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(raw), nil); err != nil {
		return cut(message)
	}
	inflated, err := io.ReadAll(io.LimitReader(r, exchangeMaximum))
	if err != nil && len(inflated) == 0 {
		return cut(message)
	}
	return string(inflated)
}

func cut(text string) string {
	if len(text) > exchangeMaximum {
		return text[:exchangeMaximum] + "…"
	}
	return text
}

var passwordMember = regexp.MustCompile(`(?i)("password"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// maskSecrets takes passwords out of JSON before it is written down.
func maskSecrets(text string) string {
	return passwordMember.ReplaceAllString(cut(text), `$1"••••"`)
}

// recorder notes status and the beginning of the body of an answer on its way out.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if room := exchangeMaximum - r.body.Len(); room > 0 {
		r.body.Write(p[:min(room, len(p))])
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// limitedBuffer keeps the first bytes that are written to it and takes the rest in silence.
type limitedBuffer struct{ buffer *bytes.Buffer }

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if room := exchangeMaximum - l.buffer.Len(); room > 0 {
		l.buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
