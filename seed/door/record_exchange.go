package door

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"understudy/seed/base/exchange"
	"understudy/seed/base/samltext"
	"understudy/seed/lab"
)

// exchangeKind returns the kind of message between the halves that a request is; empty for other requests.
func exchangeKind(rt route, r *http.Request) string {
	switch {
	case rt.half == lab.Sigma && strings.HasPrefix(rt.rest, "/scim/"):
		return lab.SCIM
	case rt.half == lab.Sigma && strings.HasPrefix(rt.rest, "/api/v2/saml2/assert") && r.Method == http.MethodPost:
		return lab.SAMLResponse
	case rt.half == lab.Okta && carriesSAML(rt.rest, r):
		return lab.SAMLRequest
	}
	return ""
}

// carriesSAML reports whether a request to Okta carries a SAML message of a service provider: an AuthnRequest, or a message of single
// logout.
func carriesSAML(path string, r *http.Request) bool {
	switch {
	case !strings.HasSuffix(path, "/sso/saml") && !strings.HasSuffix(path, "/slo/saml"):
		return false
	case r.Method == http.MethodPost:
		return true
	}
	query := r.URL.Query()
	return query.Has("SAMLRequest") || strings.HasSuffix(path, "/slo/saml") && query.Has("SAMLResponse")
}

// recordExchange serves the request and records it with its response, the checks of its receiver and the records that changed.
func recordExchange(l *lab.Lab, kind string, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, at := time.Now(), l.DB.Now()
		ctx, recording := exchange.Record(r.Context())
		x := lab.Exchange{At: at, Kind: kind, Window: rt.window, Method: r.Method, Path: rt.rest}
		if kind == lab.SCIM {
			recordSCIM(&x, next, w, r.WithContext(ctx))
		} else {
			recordSAML(&x, next, w, r.WithContext(ctx))
		}
		x.Took = time.Since(began)
		x.Checks, x.Changes = recording.Recorded()
		l.RecordExchange(r.Context(), x, log)
		recordSent(l, rt, recording.Sent(), r, log)
	})
}

// recordSentMessages serves a page request of Okta and records the SAML messages that its response gives to the browser.
func recordSentMessages(l *lab.Lab, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, recording := exchange.Record(r.Context())
		next.ServeHTTP(w, r.WithContext(ctx))
		recordSent(l, rt, recording.Sent(), r, log)
	})
}

// recordSent records SAML messages that the browser is to carry to other servers. Messages to this lab are recorded where they
// arrive. The response of another server is not known: the status stays 0.
func recordSent(l *lab.Lab, rt route, list []exchange.Sent, from *http.Request, log *slog.Logger) {
	for _, sent := range list {
		body := sent.Form.Encode()
		r, err := http.NewRequest(sent.Method, sent.URL, strings.NewReader(body))
		if err != nil || r.URL.Host == "" {
			continue
		}
		if to, found := routeOf(r); found && to.lab == l.Name {
			continue
		}
		if sent.Method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Header.Set("User-Agent", from.UserAgent())
		x := lab.Exchange{At: l.DB.Now(), Kind: lab.SAMLRequest, Window: rt.window, ReceiverOrigin: r.URL.Scheme + "://" + r.URL.Host,
			Method: r.Method, Path: r.URL.EscapedPath(), RawRequest: samlRequest(r, []byte(body))}
		form := sent.Form
		if form == nil {
			form = r.URL.Query()
		}
		if form.Has("SAMLResponse") {
			x.Kind = lab.SAMLResponse
		}
		x.Request, x.RelayState = messageOf(form), truncate(form.Get("RelayState"))
		l.RecordExchange(from.Context(), x, log)
	}
}

// recordSCIM serves a SCIM request and records both bodies.
func recordSCIM(x *lab.Exchange, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body := copyBody(r)
	response := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(response, r)
	x.Status = response.status
	x.Request, x.Response = scimRequest(r, body.Bytes()), maskSecrets(response.body.String())
}

// recordSAML serves a SAML message that a browser carries and records the message. The response is a page and is not recorded.
func recordSAML(x *lab.Exchange, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, lab.MaxRecordedBody)) // the form is parsed already, and the body is in memory
	response := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(response, r)
	x.Status = response.status
	form := r.PostForm
	if r.Method != http.MethodPost {
		form = r.URL.Query()
	}
	x.Request = messageOf(form)
	x.RelayState = truncate(form.Get("RelayState"))
	x.RawRequest = samlRequest(r, body)
}

// messageOf returns the XML of the SAML message in a form or a query; empty if there is none.
func messageOf(form url.Values) string {
	for _, name := range []string{"SAMLResponse", "SAMLRequest"} {
		if m := form.Get(name); m != "" {
			return decodeSAML(m)
		}
	}
	return ""
}

// copyBody copies the beginning of a request's body while the handler reads it. The handler sees the whole body: recording must
// not limit what it accepts.
func copyBody(r *http.Request) *bytes.Buffer {
	var body bytes.Buffer
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, &limitedBuffer{buffer: &body}), r.Body}
	return &body
}

// scimRequest returns the request as text: request line, some headers and the body, with secrets masked.
func scimRequest(r *http.Request, body []byte) string {
	return requestText(r, []string{"Accept", "Content-Type", "User-Agent", "If-Match"}, maskSecrets(string(body)))
}

// samlRequest returns the request that carried a SAML message as text, as it was sent. Cookies are left out.
func samlRequest(r *http.Request, body []byte) string {
	names := []string{"Accept", "Accept-Language", "Content-Type", "Content-Length", "Origin", "User-Agent"}
	return requestText(r, names, truncate(string(body)))
}

// requestText returns the request line, the named headers and the body. A token is masked.
func requestText(r *http.Request, names []string, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\nHost: %s\n", r.Method, truncate(r.URL.RequestURI()), r.Host)
	for _, name := range names {
		if v := r.Header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	if r.Header.Get("Authorization") != "" {
		b.WriteString("Authorization: Bearer ••••\n")
	}
	b.WriteString("\n")
	b.WriteString(body)
	return b.String()
}

// decodeSAML returns the XML of a message of the POST or the Redirect binding; a message that cannot be decoded is returned as it
// is.
func decodeSAML(message string) string {
	xml, _, err := samltext.Decode(message, lab.MaxRecordedBody, nil)
	if err != nil {
		return truncate(message)
	}
	return truncate(string(xml))
}

func truncate(text string) string {
	if len(text) > lab.MaxRecordedBody {
		return text[:lab.MaxRecordedBody] + "…"
	}
	return text
}

var passwordMember = regexp.MustCompile(`(?i)("password"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// maskSecrets replaces the passwords in JSON text.
func maskSecrets(text string) string {
	text = truncate(text)
	if !mayHavePassword(text) {
		return text
	}
	return passwordMember.ReplaceAllString(text, `$1"••••"`)
}

// mayHavePassword reports whether a JSON text has a string that begins as the name of a password does. Almost no text has one, and
// the regular expression is slow. It takes the long s (ſ, C5 BF in UTF-8) for an s.
func mayHavePassword(text string) bool {
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 || at+3 >= len(text) {
			return false
		}
		text = text[at+1:]
		if text[0]|0x20 == 'p' && text[1]|0x20 == 'a' && (text[2]|0x20 == 's' || text[2] == 0xc5) {
			return true
		}
	}
}

// recorder copies the status and the beginning of the body of a response.
type recorder struct {
	http.ResponseWriter
	status int
	body   strings.Builder
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if free := lab.MaxRecordedBody - r.body.Len(); free > 0 {
		r.body.Write(p[:min(free, len(p))])
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// limitedBuffer stores the first lab.MaxRecordedBody bytes that are written to it and discards the rest.
type limitedBuffer struct{ buffer *bytes.Buffer }

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if free := lab.MaxRecordedBody - l.buffer.Len(); free > 0 {
		l.buffer.Write(p[:min(free, len(p))])
	}
	return len(p), nil
}
