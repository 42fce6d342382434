package limit

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/waittest"
)

// A client that sends its body slowly gets an answer, and its connection is closed.
func TestSlowBodiesEnd(t *testing.T) {
	for _, kind := range []Kind{Form, Raw} {
		rule := Rule{Kind: kind, Bytes: 1000, Time: 20 * time.Millisecond}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			done, refused := rule.Read(w, r)
			defer done()
			if refused != nil {
				http.Error(w, refused.Text, refused.Status)
			}
		}))
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=")
		answer, err := io.ReadAll(conn) // until the server closes the connection
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408") {
			t.Errorf("kind %d: %v %s", kind, err, answer)
		}
		_ = conn.Close()
		s.Close()
	}
}

// The rest of a body that no handler reads is not waited for: a GET request may announce one and never send it.
func TestBodiesThatNobodyReadsEnd(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Arrived(w, r)
		_, _ = io.WriteString(w, "here")
	}))
	defer s.Close()
	for _, request := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\na",
		"HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\na",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\na",
		"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
	} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(waittest.Deadline))
		fmt.Fprint(conn, request)
		answer, err := io.ReadAll(conn) // until the server closes the connection
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
			t.Errorf("%.40q: %v %s", request, err, answer)
		}
		_ = conn.Close()
	}
}

// deadlines notes the read deadline of a connection.
type deadlines struct {
	http.ResponseWriter
	noted []time.Time
}

// SetReadDeadline is called by http.ResponseController.
func (d *deadlines) SetReadDeadline(deadline time.Time) error {
	d.noted = append(d.noted, deadline)
	return http.NewResponseController(d.ResponseWriter).SetReadDeadline(deadline)
}

// The deadline for a body does not hold for the next request on the connection, and not for the rest of the request.
func TestConnectionStaysUsableAfterABody(t *testing.T) {
	rule := Rule{Kind: Form, Bytes: 1000, Time: waittest.Deadline}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection := &deadlines{ResponseWriter: w}
		done, refused := rule.Read(connection, r)
		defer done()
		if refused != nil {
			http.Error(w, refused.Text, refused.Status)
			return
		}
		if noted := connection.noted; len(noted) != 2 || noted[0].IsZero() || !noted[1].IsZero() {
			t.Errorf("the read deadlines were %v; want one for the body, then none", noted)
		}
		_, _ = io.WriteString(w, r.RemoteAddr)
	}))
	defer s.Close()
	from := map[string]bool{}
	for range 3 {
		resp, err := s.Client().PostForm(s.URL, url.Values{"name": {"a"}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%v %s", err, body)
		}
		_ = resp.Body.Close()
		from[string(body)] = true
	}
	if len(from) != 1 {
		t.Errorf("the client needed %d connections", len(from))
	}
}

// A client that does not read its response does not hold the handler.
func TestSlowReadersEnd(t *testing.T) {
	ended := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer := &Writer{ResponseWriter: w, Streams: &Streams{}, Time: 20 * time.Millisecond}
		answer.Begin()
		defer answer.End()
		chunk := bytes.Repeat([]byte("x"), 1<<20)
		for range 1000 { // more than all buffers on the way
			if _, err := answer.Write(chunk); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}))
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := <-ended; err == nil {
		t.Error("everything was written to a client that reads nothing")
	}
}

func TestStreamsOfOneClientInOneLabAreLimited(t *testing.T) {
	streams := &Streams{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		answer := &Writer{ResponseWriter: w, Streams: streams, Client: r.Header.Get("Client"), Lab: r.URL.Path, Cancel: cancel}
		answer.Begin()
		defer answer.End()
		answer.Header().Set("Content-Type", "text/event-stream")
		answer.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(answer, "data: 1\n\n")
		_ = http.NewResponseController(answer).Flush()
		<-ctx.Done()
	}))
	defer s.Close()
	defer s.CloseClientConnections() // Close waits for the streams
	open := func(client, lab string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+lab, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Client", client)
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	var first *http.Response
	for i := range streamsPerLab {
		resp := open("a", "/demo")
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("stream %d: %s", i, resp.Status)
		}
		if i == 0 {
			first = resp
		}
	}
	refused := open("a", "/demo")
	body, err := io.ReadAll(refused.Body) // the handler ends
	if err != nil || refused.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(body), "Close some of them") {
		t.Errorf("one too many: %s %v %s", refused.Status, err, body)
	}
	if resp := open("b", "/demo"); resp.StatusCode != http.StatusOK {
		t.Errorf("another client: %s", resp.Status)
	}
	if resp := open("a", "/other"); resp.StatusCode != http.StatusOK {
		t.Errorf("another lab: %s", resp.Status)
	}
	_ = first.Body.Close()
	waittest.Until(t, "the server to notice the closed stream", func() (any, bool) {
		n := streams.count("a", "/demo")
		return n, n < streamsPerLab
	})
	if resp := open("a", "/demo"); resp.StatusCode != http.StatusOK {
		t.Errorf("after one was closed: %s", resp.Status)
	}
}

// count is how many streams of a client are open in a lab.
func (s *Streams) count(client, lab string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[streamKey{client, lab}]
}

func TestConnectionsAreLimited(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{Listener: tcp, most: 10, mostOfClient: 2, open: map[string]int{}}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
	Configure(s)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	// get reports whether a connection is answered, and leaves it open.
	get := func() (net.Conn, bool) {
		conn, err := net.Dial("tcp", tcp.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return conn, false
		}
		text, err := io.ReadAll(resp.Body)
		return conn, err == nil && string(text) == "hello"
	}
	first, answered := get()
	if _, second := get(); !answered || !second {
		t.Fatal("the first two connections are not answered")
	}
	if _, third := get(); third {
		t.Error("a third connection of the client is answered")
	}
	_ = first.Close()
	waittest.Until(t, "the server to notice the closed connection", func() (any, bool) {
		n := l.connections()
		return n, n < 2
	})
	if _, again := get(); !again {
		t.Error("after one was closed, a new connection is not answered")
	}
	if !(&listener{most: 1, mostOfClient: 1, total: 0, open: map[string]int{}}).admit("a") ||
		(&listener{most: 1, mostOfClient: 1, total: 1, open: map[string]int{}}).admit("b") {
		t.Error("the limit of all clients does not hold")
	}
}

func (l *listener) connections() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

func TestRecordedHeadersAreCut(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	long := strings.Repeat("x", RecordedBytes+1)
	for _, name := range recordedHeaders {
		r.Header.Set(name, long)
	}
	r.Header.Set("Cookie", long)
	if refused := CheckHead(r); refused != nil {
		t.Fatal(refused)
	}
	for _, name := range recordedHeaders {
		if n := len(r.Header.Get(name)); n != RecordedBytes {
			t.Errorf("%s has %d bytes", name, n)
		}
	}
	if r.Header.Get("Cookie") != long {
		t.Error("a header that is not recorded was cut")
	}
}

// Each rule of the table is reached by an address.
func TestRuleFor(t *testing.T) {
	for _, tt := range []struct {
		half, path string
		local      bool
		kind       Kind
		bytes      int64
	}{
		{"", "/import", true, Form, 513 << 20},
		{"", "/import", false, Form, 1 << 20},
		{"", "/imports", true, Form, 1 << 20},
		{"okta", "/import", true, Form, 1 << 20},
		{"", "/labs/demo/traffic/decode", false, Form, 3 << 20},
		{"", "/labs/demo/reset", false, Form, 1 << 20},
		{"sigma", "/scim/v2", false, Raw, 1 << 20},
		{"sigma", "/scim/v2/Users/1", false, Raw, 1 << 20},
		{"sigma", "/scimx", false, Form, 1 << 20},
		{"sigma", "/api/v2/saml2/assert", false, Form, 2 << 20},
		{"sigma", "/api/v2/members", false, Raw, 1 << 20},
		{"sigma", "/v2/members", false, Raw, 1 << 20},
		{"okta", "/app/sigma/exk1/sso/saml", false, Form, 2 << 20},
		{"okta", "/app/sigma/exk1/sso/saml/metadata", false, Form, 1 << 20},
		{"okta", "/api/v1/users", false, Raw, 1 << 20},
		{"okta", "/oauth2/v1/token", false, Raw, 1 << 20},
		{"okta", "/login/login.htm", false, Form, 1 << 20},
	} {
		if r := RuleFor(tt.half, tt.path, tt.local); r.Kind != tt.kind || r.Bytes != tt.bytes || r.Time <= 0 {
			t.Errorf("%s %s: %+v", tt.half, tt.path, r)
		}
	}
}
