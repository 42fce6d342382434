package control_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"understudy/seed/base/keytest"
	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/lab"
	"understudy/seed/server"
)

// judge is a transport that compares each request and its answer with the OpenAPI document.
type judge struct {
	t     *testing.T
	valid validator.Validator

	mu      sync.Mutex
	answers map[string][]int // "GET /labs/{name}" → statuses
	paths   []string         // of the document
}

func newJudge(t *testing.T) *judge {
	t.Helper()
	text, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	valid, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, wrong := valid.ValidateDocument(); !ok {
		t.Fatal(wrong)
	}
	model, err := document.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{t: t, valid: valid, answers: map[string][]int{}}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			j.paths = append(j.paths, strings.ToUpper(method)+" "+path)
		}
	}
	return j
}

// RoundTrip implements http.RoundTripper.
func (j *judge) RoundTrip(r *http.Request) (*http.Response, error) {
	j.t.Helper()
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(text))
	j.mu.Lock()
	defer j.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(sent))
	if answer.StatusCode < 300 && !strings.HasSuffix(r.URL.Path, "/import") {
		if ok, wrong := j.valid.ValidateHttpRequest(r); !ok {
			j.t.Errorf("%s %s was accepted, but the document forbids it: %v", r.Method, r.URL, wrong)
		}
	}
	if answer.Header.Get("Content-Type") != "application/octet-stream" {
		if ok, wrong := j.valid.GetResponseBodyValidator().ValidateResponseBody(r, answer); !ok {
			j.t.Errorf("%s %s answers %d %.300s: %v", r.Method, r.URL, answer.StatusCode, text, wrong)
		}
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	key := j.operation(r)
	j.answers[key] = append(j.answers[key], answer.StatusCode)
	return answer, nil
}

// operation returns the operation of the document that a request is for.
func (j *judge) operation(r *http.Request) string {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/control/v1"), "/")
	best := ""
	for _, key := range j.paths {
		method, path, _ := strings.Cut(key, " ")
		wanted := strings.Split(path, "/")
		matches := method == r.Method && len(wanted) == len(parts)
		for i := range wanted {
			matches = matches && (strings.HasPrefix(wanted[i], "{") || wanted[i] == parts[i])
		}
		if matches && (best == "" || strings.Count(path, "{") < strings.Count(best, "{")) {
			best = key
		}
	}
	return best
}

// start starts a server within the test.
func start(t *testing.T, change func(*server.Config)) *server.Server {
	t.Helper()
	config := server.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), Lab: "demo", IdleClose: idle, Keys: lab.KeysFrom(keytest.Source())}
	if change != nil {
		change(&config)
	}
	s, err := server.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Every operation of the document exists, does what it says, and answers as the document says. The server has no other operation.
func TestOperationsAnswerAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	plain := start(t, nil)
	class := start(t, func(c *server.Config) { c.Workshop = &server.Workshop{Labs: 3, Code: "blue-lantern"} })
	j := newJudge(t)
	at := func(s *server.Server) *client.Client {
		return &client.Client{URL: s.URL, Token: s.Token, HTTP: &http.Client{Transport: j}}
	}
	controlLabs(t, at(plain))
	controlWorkshop(t, at(class), class)
	for _, key := range j.paths {
		succeeded := false
		for _, status := range j.answers[key] {
			succeeded = succeeded || status < 300
		}
		if !succeeded {
			t.Errorf("%s was never called with success: %v", key, j.answers[key])
		}
	}
	served := 0
	for _, r := range plain.Door.Routes() {
		if path, ours := strings.CutPrefix(r.Path, "/control/v1"); ours && r.Half == "" {
			served++
			if j.operation(&http.Request{Method: r.Method, URL: mustParse(t, "/control/v1"+strings.ReplaceAll(path, ":", ""))}) == "" {
				t.Errorf("the document lacks %s %s", r.Method, path)
			}
		}
	}
	if served != len(j.paths) {
		t.Errorf("the server has %d operations, the document %d", served, len(j.paths))
	}
}
