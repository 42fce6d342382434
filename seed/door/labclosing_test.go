package door_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/door/doortest"
)

// A connection works as before after its lab was deleted in the middle of a request, whatever the request was.
func TestAConnectionOutlivesItsLab(t *testing.T) {
	waits := make(chan struct{})
	wait := func(r door.LabRequest) error {
		close(waits)
		<-r.Ctx().Done()
		return nil
	}
	pages := func(e *echo.Echo) {
		e.GET("/labs/:lab/stream", door.LabHandler(func(r door.LabRequest) error {
			r.Response().Header().Set(echo.HeaderContentType, "text/event-stream")
			fmt.Fprint(r.Response(), "data: 1\n\n")
			r.Response().Flush()
			return wait(r)
		}))
		e.GET("/labs/:lab/page", door.LabHandler(wait))
		e.POST("/labs/:lab/form", door.LabHandler(wait))
	}
	s := doortest.NewWith(t, t.TempDir(), func(transport http.RoundTripper) http.RoundTripper { return transport },
		func(o *door.Options) { o.Mount = append(o.Mount, pages) })
	host := strings.TrimPrefix(s.HTTP.URL, "http://")
	for _, request := range []string{
		"GET /labs/demo/stream HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
		"GET /labs/demo/page HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
		"POST /labs/demo/form HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n",
		"POST /labs/demo/form HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
	} {
		s.Create("demo")
		waits = make(chan struct{})
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		from := bufio.NewReader(conn)
		fmt.Fprint(conn, request)
		<-waits
		if err := s.Registry.Delete(t.Context(), "demo"); err != nil {
			t.Fatal(err)
		}
		if _, body, err := readResponse(from); err != nil {
			t.Errorf("%.30q: %v %s", request, err, body)
		}
		for n := range 3 {
			fmt.Fprintf(conn, "GET /labs/none HTTP/1.1\r\nHost: %s\r\n\r\n", host)
			if resp, body, err := readResponse(from); err != nil || resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "no lab") {
				t.Errorf("%.30q, next request %d: %v %+v %.200s", request, n, err, resp, body)
				break
			}
		}
		_ = conn.Close()
	}
}

func readResponse(from *bufio.Reader) (*http.Response, string, error) {
	resp, err := http.ReadResponse(from, nil)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}
