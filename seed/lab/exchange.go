package lab

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"understudy/seed/store"
)

// Exchange is one message between the halves, kept for the traffic page.
type Exchange struct {
	ID       int64
	At       time.Time
	Kind     string // "SAML request", "SAML response", "SCIM"
	Summary  string
	Method   string
	Path     string
	Status   int
	Took     time.Duration
	Request  string // what was sent; secrets masked
	Response string // what was answered; secrets masked
}

const (
	exchangesKept   = 500
	exchangeMaximum = 64 << 10 // bytes kept of each side of a message
)

// exchangeKind tells whether a request is a message between the halves, and which.
func exchangeKind(rt route, r *http.Request) string {
	switch {
	case rt.half == sigma && strings.HasPrefix(rt.rest, "/scim/"):
		return "SCIM"
	case rt.half == sigma && strings.HasPrefix(rt.rest, "/api/v2/saml2/assert") && r.Method == http.MethodPost:
		return "SAML response"
	case rt.half == okta && strings.HasSuffix(rt.rest, "/sso/saml") && (r.Method == http.MethodPost || r.URL.Query().Has("SAMLRequest")):
		return "SAML request"
	}
	return ""
}

// recordExchange serves the request and keeps it with its answer.
func (l *Lab) recordExchange(kind string, rt route, next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		// A recorder must not refuse: it keeps the beginning of a body and lets the handler judge the whole.
		var body bytes.Buffer
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, &limitedBuffer{buffer: &body}), r.Body}
		recorder := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		x := Exchange{
			Kind: kind, Method: r.Method, Path: rt.rest, Status: recorder.status, Took: time.Since(began),
			Request: exchangeRequest(kind, r, body.Bytes()),
		}
		if kind == "SCIM" {
			x.Response = maskSecrets(recorder.body.String())
		}
		x.Summary = fmt.Sprintf("%s %s", x.Method, x.Path)
		if err := l.saveExchange(detached(r.Context()), x); err != nil {
			log.Warn("exchange not kept", "lab", l.Name, "error", err)
		}
	})
}

func (l *Lab) saveExchange(ctx context.Context, x Exchange) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`INSERT INTO lab_exchange (at_ms, kind, summary, method, path, status, took_us, request, response)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			tx.Now().UnixMilli(), x.Kind, x.Summary, x.Method, x.Path, x.Status, x.Took.Microseconds(), x.Request, x.Response)
		if err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM lab_exchange WHERE id <= (SELECT max(id) FROM lab_exchange) - $1`, exchangesKept)
	})
}

// Exchanges lists the latest messages, newest first, without their texts.
func (l *Lab) Exchanges(ctx context.Context, limit int) (list []Exchange, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanExchange, `SELECT id, at_ms, kind, summary, method, path, status, took_us, '', ''
			FROM lab_exchange ORDER BY id DESC LIMIT $1`, limit)
		return err
	})
	return list, err
}

// Exchange gives one message with its texts.
func (l *Lab) Exchange(ctx context.Context, id int64) (x Exchange, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		x, err = store.One(tx, "There is no such message, or it is older than the last 500.", scanExchange,
			`SELECT id, at_ms, kind, summary, method, path, status, took_us, request, response FROM lab_exchange WHERE id = $1`, id)
		return err
	})
	return x, err
}

func scanExchange(r store.Row) (x Exchange, err error) {
	var at, took int64
	err = r.Scan(&x.ID, &at, &x.Kind, &x.Summary, &x.Method, &x.Path, &x.Status, &took, &x.Request, &x.Response)
	x.At, x.Took = store.Time(at), time.Duration(took)*time.Microsecond
	return x, err
}

// exchangeRequest is the readable form of what was sent: the XML of a SAML message, or headers and body of a SCIM request.
func exchangeRequest(kind string, r *http.Request, body []byte) string {
	if kind == "SCIM" {
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
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		form, _ = url.ParseQuery(string(body)) // a cut body gives what it has
	}
	for _, name := range []string{"SAMLResponse", "SAMLRequest"} {
		if message := form.Get(name); message != "" {
			return decodeSAML(message)
		}
	}
	return ""
}

// decodeSAML gives the XML of a message of either binding; what cannot be decoded stays as it came.
func decodeSAML(message string) string {
	raw, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		return cut(message)
	}
	if len(raw) > 0 && raw[0] == '<' {
		return cut(string(raw))
	}
	inflated, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), exchangeMaximum))
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
