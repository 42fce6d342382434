package scim_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"understudy/scim"
	"understudy/scim/scimtest"
)

// serve starts a service with the given handler and returns a client of it.
func serve(t *testing.T, h http.HandlerFunc) *scim.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &scim.Client{BaseURL: server.URL + "/scim/v2", Token: "secret-token"}
}

// failed returns the *ClientError that err wraps, and checks that its text does not contain the token.
func failed(t *testing.T, err error) *scim.ClientError {
	t.Helper()
	var e *scim.ClientError
	if !errors.As(err, &e) {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(e.Error(), "secret-token") {
		t.Errorf("the token is in %s", e)
	}
	return e
}

func TestClientAgainstServer(t *testing.T) {
	service := scimtest.New(t, nil)
	c := &scim.Client{BaseURL: service.Listen(t, "tok") + "/", Token: "tok"}
	ctx := context.Background()
	user, err := c.Create(ctx, "Users", scim.NewObject("schemas", []string{scim.CoreUser}, "userName", `a"b\c@x`, "active", true))
	if err != nil {
		t.Fatal(err)
	}
	if at := user.Text("meta.location"); at != c.BaseURL+"Users/"+user.ID() {
		t.Errorf("location %s", at)
	}
	page, err := c.Query(ctx, "Users", scim.ListRequest{Filter: scim.Equality("userName", `A"b\c@x`), StartIndex: 1, Count: 100})
	if err != nil || page.TotalResults != 1 || page.Resources[0].ID() != user.ID() {
		t.Fatalf("%+v %v", page, err)
	}
	user = page.Resources[0]
	user.Set("name.familyName", "Byron")
	if user, err = c.Replace(ctx, "Users", user.ID(), user); err != nil || user.Text("name.familyName") != "Byron" {
		t.Fatal(err)
	}
	user, err = c.Patch(ctx, "Users", user.ID(), scim.Operation{Op: "replace", Value: scim.NewObject("active", false)},
		scim.Operation{Op: "remove", Path: "name"}, scim.Operation{Op: "add", Path: "title", Value: "T"})
	if active, _ := user.Bool("active"); err != nil || active || user.Has("name") || user.Text("title") != "T" {
		t.Fatal(user, err)
	}
	if err := c.Delete(ctx, "Users", user.ID()); err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(ctx, "Users", user.ID())
	if e := failed(t, err); e.Failure != scim.FailureStatus || e.Status != 404 || e.Detail == "" || e.Temporary() {
		t.Errorf("%+v", e)
	}
	c.Token = "other"
	_, err = c.Query(ctx, "Users", scim.ListRequest{StartIndex: 1, Count: 2})
	if e := failed(t, err); e.Status != 401 || e.Reason != "Unauthorized" || e.Detail != "The token is not valid." {
		t.Errorf("%+v", e)
	}
}

func TestUnauthorizedSaysBearer(t *testing.T) {
	w := httptest.NewRecorder()
	scim.WriteError(w, scim.Unauthorized("The token was revoked."))
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" ||
		w.Body.String() != `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"The token was revoked.","status":"401"}` {
		t.Error(w.Code, w.Header(), w.Body)
	}
}

func TestClientRequests(t *testing.T) {
	var got *http.Request
	var body string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		w.Write([]byte(`{"id":"1"}`))
	})
	c.Header = http.Header{"User-Agent": {"Okta SCIM Client 1.0.0"}, "Accept-Charset": {"utf-8"}}
	c.BaseURL += "/?aadOptscim062020"
	ctx := context.Background()
	if _, err := c.Query(ctx, "Users", scim.ListRequest{Filter: `userName eq "maya+r@lab.example"`, StartIndex: 1,
		Count: 100}); err != nil {
		t.Fatal(err)
	}
	const want = `/scim/v2/Users?filter=userName%20eq%20%22maya%2Br%40lab.example%22&startIndex=1&count=100&aadOptscim062020`
	if got.RequestURI != want || got.Header.Get("Accept") != "application/scim+json" ||
		got.Header.Get("User-Agent") != "Okta SCIM Client 1.0.0" ||
		got.Header.Get("Authorization") != "Bearer secret-token" || got.Header.Get("Content-Type") != "" ||
		got.Header.Get("Accept-Charset") != "utf-8" {
		t.Errorf("%s %v", got.RequestURI, got.Header)
	}
	if _, err := c.Replace(ctx, "Users", "a/b?c", scim.NewObject("z", "<&>", "a", nil)); err != nil {
		t.Fatal(err)
	}
	if got.RequestURI != "/scim/v2/Users/a%2Fb%3Fc?aadOptscim062020" || body != `{"z":"<&>","a":null}` ||
		got.Header.Get("Content-Type") != "application/scim+json; charset=utf-8" {
		t.Errorf("%s %s %v", got.RequestURI, body, got.Header)
	}
	if _, err := c.Patch(ctx, "Groups", "1", scim.Operation{Op: "remove", Path: `members[value eq "2"]`},
		scim.Operation{Op: "replace", Path: "title"}); err != nil {
		t.Fatal(err)
	}
	if body != `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove",`+
		`"path":"members[value eq \"2\"]"},{"op":"replace","path":"title","value":null}]}` {
		t.Error(body)
	}
}

// Replace sends back attributes of the service that the client does not know, unchanged and in the same order.
func TestClientKeepsUnknownAttributes(t *testing.T) {
	const resource = `{"zeta":[1,2.50,1e3,{"b":null,"a":"é<\u0007\n"}],"id":"1","a.b":true,"name":{"x":9007199254740993},"userName":"u"}`
	var put string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			b, _ := io.ReadAll(r.Body)
			put = string(b)
		}
		w.Write([]byte(resource))
	})
	o, err := c.Get(context.Background(), "Users", "1")
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := o.Bool("a.b"); !v {
		t.Error("a name with a dot")
	}
	o.Set("USERNAME", "v").Set("name.givenName", "G")
	if _, err := c.Replace(context.Background(), "Users", "1", o); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(`"userName":"u"`, `"USERNAME":"v"`, `9007199254740993`,
		`9007199254740993,"givenName":"G"`).Replace(resource)
	if put != want {
		t.Errorf("got  %s\nwant %s", put, want)
	}
}

func TestClientFailures(t *testing.T) {
	hijack := func(raw string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				io.WriteString(conn, raw)
				conn.Close()
			}
		}
	}
	respond := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name      string
		respond   http.HandlerFunc
		want      scim.ClientError
		temporary bool
	}{
		{"scim error", respond(409, `{"status":"409","scimType":"uniqueness","detail":"Taken."}`),
			scim.ClientError{Failure: scim.FailureStatus, Status: 409, Reason: "Conflict", Detail: "Taken.",
				ScimType: "uniqueness"}, false},
		{"web page", respond(502, "\n<html>\n<body>"),
			scim.ClientError{Failure: scim.FailureStatus, Status: 502, Reason: "Bad Gateway", NotJSON: true,
				BodyStart: "<html> <body>"}, true},
		{"error without body", respond(403, ""), scim.ClientError{Failure: scim.FailureStatus, Status: 403, Reason: "Forbidden"}, false},
		{"too many requests", respond(429, `{}`, "Retry-After", "17"),
			scim.ClientError{Failure: scim.FailureStatus, Status: 429, Reason: "Too Many Requests", RetryAfter: "17"}, true},
		{"not implemented", respond(501, `{"detail":"No."}`),
			scim.ClientError{Failure: scim.FailureStatus, Status: 501, Reason: "Not Implemented", Detail: "No."}, false},
		{"unusual reason phrase", hijack("HTTP/1.1 503 Gone Fishing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
			scim.ClientError{Failure: scim.FailureStatus, Status: 503, Reason: "Gone Fishing"}, true},
		{"not JSON", respond(200, `error`), scim.ClientError{Failure: scim.FailureNotJSON, Status: 200, Reason: "OK",
			NotJSON: true, BodyStart: "error"}, false},
		{"a list", respond(200, `[1]`), scim.ClientError{Failure: scim.FailureNotJSON, Status: 200, Reason: "OK",
			NotJSON: true, BodyStart: "[1]"}, false},
		{"text after JSON", respond(200, `{} x`),
			scim.ClientError{Failure: scim.FailureNotJSON, Status: 200, Reason: "OK", NotJSON: true, BodyStart: "{} x"}, false},
		{"truncated body", hijack("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":"),
			scim.ClientError{Failure: scim.FailureTruncated, Status: 200, Reason: "OK"}, true},
		{"truncated error", hijack("HTTP/1.1 500 X\r\nContent-Length: 100\r\n\r\n{\"id\":"),
			scim.ClientError{Failure: scim.FailureStatus, Status: 500, Reason: "X", NotJSON: true, BodyStart: `{"id":`}, true},
		{"no response", hijack(""), scim.ClientError{Failure: scim.FailureTruncated}, true},
		{"no HTTP", hijack("SSH-2.0-OpenSSH\r\n"), scim.ClientError{Failure: scim.FailureTransport}, true},
		{"response too large", respond(200, `{"a":"`+strings.Repeat("x", 10<<20)+`"}`),
			scim.ClientError{Failure: scim.FailureTooLarge, Status: 200, Reason: "OK"}, false},
		{"error response too large", respond(400, `{"a":"`+strings.Repeat("x", 10<<20)+`"}`),
			scim.ClientError{Failure: scim.FailureStatus, Status: 400, Reason: "Bad Request", NotJSON: true,
				BodyStart: `{"a":"` + strings.Repeat("x", 194)}, false},
		{"timeout before the response", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			scim.ClientError{Failure: scim.FailureTimeout}, true},
		{"timeout in the body", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"id":`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, scim.ClientError{Failure: scim.FailureTimeout, Status: 200, Reason: "OK"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, c.respond)
			switch c.name {
			case "timeout before the response":
				client.Timeout = 50 * time.Millisecond
			case "timeout in the body": // in which the status must arrive, on a busy machine, too
				client.Timeout = 3 * time.Second
			}
			_, err := client.Get(context.Background(), "Users", "1")
			e := failed(t, err)
			c.want.Method, c.want.URL, c.want.Err = "GET", client.BaseURL+"/Users/1", e.Err
			if *e != c.want {
				t.Errorf("got  %#v\nwant %#v", *e, c.want)
			}
			if e.Temporary() != c.temporary {
				t.Errorf("Temporary: %v", e.Temporary())
			}
		})
	}
}

// The client does not follow redirects, so that the token and the data reach only the configured origin.
func TestClientDoesNotFollowRedirects(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached = true }))
	t.Cleanup(other.Close)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/x", http.StatusTemporaryRedirect)
	})
	_, err := c.Create(context.Background(), "Users", scim.NewObject("userName", "x"))
	if e := failed(t, err); e.Failure != scim.FailureRedirect || e.Status != 307 || e.Location != other.URL+"/x" || reached {
		t.Errorf("%+v, reached: %v", e, reached)
	}
}

func TestClientConnectionFailures(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = nil
	t.Cleanup(secure.Close)
	for base, want := range map[string]scim.Failure{
		"http://" + closed: scim.FailureRefused,
		strings.Replace(plain.URL, "http:", "https:", 1): scim.FailureTLS,
		secure.URL:                     scim.FailureTLS,
		"http://host.invalid":          scim.FailureName,
		"ftp://x":                      scim.FailureConfig,
		"":                             scim.FailureConfig,
		"example.com/scim":             scim.FailureConfig,
		"http://user:pw@example.com":   scim.FailureConfig,
		"http://example.com/scim#part": scim.FailureConfig,
		"http://exa mple.com/":         scim.FailureConfig,
	} {
		c := &scim.Client{BaseURL: base, Token: "secret-token"}
		_, err := c.Get(context.Background(), "Users", "1")
		if e := failed(t, err); e.Failure != want {
			t.Errorf("%s: %s (%v), want %s", base, e.Failure, e.Err, want)
		}
	}
	c := &scim.Client{BaseURL: plain.URL, Token: "two\nlines"}
	_, err = c.Get(context.Background(), "Users", "1")
	if e := failed(t, err); e.Failure != scim.FailureConfig || strings.Contains(e.Error(), "two") {
		t.Errorf("%v", e)
	}
	c = &scim.Client{BaseURL: plain.URL + "//evil.example/", Token: "secret-token"}
	_, err = c.Get(context.Background(), "Users", "1")
	if e := failed(t, err); e.Status != 404 || !strings.HasPrefix(e.URL, plain.URL+"//evil.example/Users/1") {
		t.Errorf("%v", e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = c.Get(ctx, "Users", "1")
	if e := failed(t, err); e.Failure != scim.FailureCanceled || e.Temporary() {
		t.Errorf("%v", e)
	}
	blocked := errors.New("this address is not allowed")
	c.Transport = transport(func(*http.Request) (*http.Response, error) { return nil, blocked })
	_, err = c.Get(context.Background(), "Users", "1")
	if e := failed(t, err); e.Failure != scim.FailureTransport || !errors.Is(err, blocked) {
		t.Errorf("%v", e)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestClientDecompresses(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip,deflate" {
			t.Error(r.Header)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, `{"id":"`+strings.Repeat("9", 2000)+`"}`)
		z.Close()
	})
	c.Header = http.Header{"Accept-Encoding": {"gzip,deflate"}}
	if o, err := c.Get(context.Background(), "Users", "1"); err != nil || len(o.ID()) != 2000 {
		t.Error(err)
	}
	c.MaxResponse = 1000
	_, err := c.Get(context.Background(), "Users", "1")
	if e := failed(t, err); e.Failure != scim.FailureTooLarge {
		t.Error(e)
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{"17": 17 * time.Second, " 0 ": 0, "": -1, "-1": -1,
		"Wed, 21 Oct 2026 07:28:00 GMT": -1, "1.5": -1} {
		got, ok := (&scim.ClientError{RetryAfter: text}).Wait()
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
}

func TestEmptySuccess(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	for _, send := range []func() (*scim.Object, error){
		func() (*scim.Object, error) { return c.Create(context.Background(), "Users", scim.NewObject()) },
		func() (*scim.Object, error) {
			return c.Patch(context.Background(), "Users", "1", scim.Operation{Op: "remove", Path: "title"})
		},
	} {
		if o, err := send(); err != nil || o == nil || o.Len() != 0 || o.ID() != "" {
			t.Error(o, err)
		}
	}
}
