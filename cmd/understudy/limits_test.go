package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/door"
	"understudy/seed/door/limit"
	"understudy/seed/lab"
)

// oversized is a request that exceeds a limit.
type oversized struct {
	name, contentType string
	body              func(rule limit.Rule) io.Reader
	status            int
	forms             bool // only for addresses that take a form
}

// zeros reads as many zeros as a body has.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

const urlencoded = "application/x-www-form-urlencoded"

func oversizedRequests(t *testing.T) []oversized {
	t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if _, err := form.CreateFormFile("file", "x"); err != nil {
		t.Fatal(err)
	}
	field := func(name string, bytes int) func(limit.Rule) io.Reader {
		return func(limit.Rule) io.Reader { return strings.NewReader(name + "=" + strings.Repeat("x", bytes)) }
	}
	return []oversized{
		{"a long body", "application/json", func(r limit.Rule) io.Reader {
			return io.MultiReader(strings.NewReader(`{"username":"`), io.LimitReader(zeros{}, r.Bytes))
		}, http.StatusRequestEntityTooLarge, false},
		{"a long form", urlencoded, func(r limit.Rule) io.Reader { return field("a", int(r.Bytes))(r) },
			http.StatusRequestEntityTooLarge, false},
		{"a long upload", form.FormDataContentType(), func(r limit.Rule) io.Reader {
			return io.MultiReader(bytes.NewReader(head.Bytes()), io.LimitReader(zeros{}, r.Bytes))
		}, http.StatusRequestEntityTooLarge, false},
		{"a long field", urlencoded, field("username", limit.FieldBytes+1), http.StatusBadRequest, true},
		{"a long name of a field", urlencoded, field(strings.Repeat("n", limit.FieldNameSize+1), 1), http.StatusBadRequest, true},
		{"many fields", urlencoded, func(limit.Rule) io.Reader {
			return strings.NewReader(strings.Repeat("a=b&", limit.FieldCount+1))
		}, http.StatusBadRequest, true},
		{"JSON in place of a form", "application/json", func(limit.Rule) io.Reader {
			return strings.NewReader(`{"username":"ada"}`)
		}, http.StatusUnsupportedMediaType, true},
		{"a form that ends early", form.FormDataContentType(), func(limit.Rule) io.Reader {
			return bytes.NewReader(head.Bytes())
		}, http.StatusBadRequest, true},
	}
}

var parameter = regexp.MustCompile(`:\w+|\*`)

// address returns an address of a route in a lab.
func address(r door.Route, name string) string {
	path := strings.Replace(r.Path, ":lab", name, 1)
	path = parameter.ReplaceAllString(path, "x")
	if r.Half != "" {
		path = "/" + string(r.Half) + "/" + name + path
	}
	return path
}

// takesBody lists the routes of a server that take a body, without those that several methods share.
func takesBody(s *running) (list []door.Route) {
	seen := map[string]bool{}
	for _, r := range s.Door.Routes() {
		key := string(r.Half) + r.Path
		if r.Method == http.MethodGet || r.Method == http.MethodHead || seen[key] || strings.HasPrefix(r.Method, "echo_") {
			continue
		}
		seen[key] = true
		r.Method = http.MethodPost
		list = append(list, r)
	}
	return list
}

// Every address of the server refuses what is too large, in the style of its half, and leaves no file behind.
func TestEveryAddressRefusesOversizedRequests(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	serve, err := (&serveCommand{dataFlags: dataFlags{Data: t.TempDir()}, Addr: "127.0.0.1:0", Lab: "lab-01", IdleClose: defaultIdle}).start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = serve.Close() })
	workshop := openWorkshop(t, t.TempDir(), 2)
	newVisitor(t, workshop).join("Ann")
	ada := newVisitor(t, workshop)
	ada.instructs(workshop)
	routes := 0
	for _, v := range []*visitor{newVisitor(t, serve), ada} {
		s := map[string]*running{serve.url: serve, workshop.url: workshop}[v.url]
		for _, r := range takesBody(s) {
			routes++
			for _, o := range oversizedRequests(t) {
				tryOversized(t, v, r, o)
			}
		}
	}
	if routes < 200 {
		t.Errorf("only %d routes were tried", routes)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*")); err != nil || len(left) > 0 {
		t.Errorf("files of uploads are left: %v %v", left, err)
	}
}

func tryOversized(t *testing.T, v *visitor, r door.Route, o oversized) {
	t.Helper()
	to := address(r, "lab-01")
	within := strings.TrimPrefix(to, "/"+string(r.Half)+"/lab-01")
	if r.Half == "" {
		within = to
	}
	rule := limit.RuleFor(string(r.Half), within, true)
	if o.forms && rule.Kind != limit.Form || rule.Bytes > 100<<20 && o.status == http.StatusRequestEntityTooLarge {
		return // an upload of a lab has another test
	}
	req, err := http.NewRequestWithContext(t.Context(), r.Method, v.url+to, o.body(rule))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = -1 // only reading can find out
	req.Header.Set("Content-Type", o.contentType)
	resp, err := v.client.Do(req)
	if err != nil {
		t.Errorf("%s to %s: %v", o.name, to, err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body) // the server may close the connection after its answer
	style := "text/html"
	switch {
	case r.Half == lab.Sigma && strings.HasPrefix(within, "/scim"):
		style = "application/scim+json"
	case strings.HasPrefix(within, door.ControlPath):
		style = "application/problem+json"
	case rule.Kind == limit.Raw:
		style = "application/json"
	}
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != o.status || !strings.HasPrefix(kind, style) {
		t.Errorf("%s to %s: %d %s, want %d %s: %.200s", o.name, to, resp.StatusCode, kind, o.status, style, text)
	}
}

// The import of a lab takes a large file, and leaves nothing of it in the directory for temporary files.
func TestUploadedFilesAreRemoved(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	p := serve(t, "--data", t.TempDir())
	v := &visitor{T: t, url: p.url, client: http.DefaultClient}
	for _, path := range []string{"/import", "/labs", "/okta/demo/login/login.htm", "/sigma/demo/login", "/labs/demo/reset"} {
		for _, size := range []int64{1 << 10, 8 << 20} {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			_ = form.WriteField("as", "copy")
			file, err := form.CreateFormFile("file", "lab.understudy")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(file, zeros{}, size); err != nil {
				t.Fatal(err)
			}
			_ = form.Close()
			status, _ := v.read(http.Post(p.url+path, form.FormDataContentType(), &body))
			if tooLarge := status == http.StatusRequestEntityTooLarge; tooLarge != (size > 1<<20 && path != "/import") {
				t.Errorf("%s with %d bytes: status %d", path, size, status)
			}
		}
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "multipart-*")); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
}

// Long queries are refused before a handler searches for them, and long paths before they are recorded.
func TestLongAddressesAreRefused(t *testing.T) {
	p := serve(t, "--ephemeral")
	v := &visitor{T: t, url: p.url, client: http.DefaultClient}
	long := url.Values{"q": {strings.Repeat("x", 50_001)}}.Encode()
	for _, path := range []string{"/okta/demo/admin/users", "/sigma/demo/admin/members", "/labs/demo/mail", "/"} {
		v.wants(http.StatusBadRequest, "The field q has 50001 bytes")(v.get(path + "?" + long))
	}
	for _, path := range []string{"/okta/demo/", "/sigma/demo/", "/labs/demo/", "/"} {
		v.wants(http.StatusRequestURITooLong)(v.get(path + strings.Repeat("x", limit.PathBytes+1)))
	}
}

// A search text of many words is answered, by all pages that search users: SQLite limits the depth of a condition.
func TestSearchesOfManyWordsAreAnswered(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post(signInForm, adaSignsIn())
	words := url.Values{"q": {strings.Repeat("a ", 8000)}}.Encode()
	for _, path := range []string{"/okta/demo/admin/users", "/okta/demo/admin/search", "/okta/demo/admin/groups", "/okta/demo/admin/apps"} {
		resp, err := l.client.Get(l.server.url + path + "?" + words)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}
