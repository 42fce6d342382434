package player_test

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// site is a small server with pages for a test, and a lab card with the identities kim and bob.
type site struct {
	*httptest.Server
	mux *http.ServeMux

	mu    sync.Mutex
	asked map[string]int // path → number of requests for /soon
	list  []string       // items of /list, in order
	view  string         // the lab's view as JSON; the site has none when empty
	parts []string       // parts of the view in the last request
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{mux: http.NewServeMux(), asked: map[string]int{}, list: []string{"Apple", "Berry", "Cherry"}}
	s.Server = httptest.NewServer(s.mux)
	t.Cleanup(s.Close)
	s.mux.HandleFunc("/echo", echo)
	s.mux.HandleFunc("/who", who)
	s.mux.HandleFunc("/list", s.sorted)
	s.mux.HandleFunc("/soon", s.soon)
	s.mux.HandleFunc("/labs/demo", s.card)
	s.mux.HandleFunc("/labs/demo/view", s.serveView)
	s.page("/other", "Other", `<p>You went on.</p><a href="/other/deeper">Deeper</a>`)
	s.mux.HandleFunc("/to-echo", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/echo?from=303", http.StatusSeeOther)
	})
	s.mux.HandleFunc("/repeat", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/echo", http.StatusTemporaryRedirect)
	})
	s.mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/round", http.StatusFound)
	})
	s.mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		document(w, "Something broke", "<p>Report 4711.</p>")
	})
	s.mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="a.csv"`)
		fmt.Fprint(w, "a,b")
	})
	s.mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, "only <b>text</b>")
	})
	return s
}

func document(w io.Writer, title, main string) {
	fmt.Fprintf(w, "<!doctype html><html lang=\"en\"><head><title>%[1]s</title></head>"+
		"<body><main><h1>%[1]s</h1>%[2]s</main></body></html>", title, main)
}

// page serves HTML at a path.
func (s *site) page(path, title, main string) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		document(w, title, main)
	})
}

// echo shows the method, the fields in their order, and some headers of the request.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	body, _ := io.ReadAll(r.Body)
	sent := r.URL.RawQuery
	if r.Method == http.MethodPost {
		sent = string(body)
	}
	if kind := r.Header.Get("Content-Type"); strings.HasPrefix(kind, "multipart/form-data") {
		parsed, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(sent))
		parsed.Header.Set("Content-Type", kind)
		_ = parsed.ParseMultipartForm(1 << 20)
		sent = "multipart " + parsed.PostForm.Encode()
	}
	text := r.Method + " " + sent
	for _, key := range []string{"Origin", "Referer", "Sec-Fetch-Site"} {
		text += " " + key + "=" + r.Header.Get(key) + ";"
	}
	document(w, "Echo", "<pre>"+html.EscapeString(text)+"</pre>")
}

// who signs people in with a cookie, and shows who is signed in.
func who(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		http.SetCookie(w, &http.Cookie{Name: "who", Value: r.FormValue("user"), Path: "/"})
		http.Redirect(w, r, "/who", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if cookie, err := r.Cookie("who"); err == nil {
		document(w, "Home", "<p>Signed in as "+html.EscapeString(cookie.Value)+"</p>")
		return
	}
	document(w, "Sign in", `<form method="post"><p><label>Username <input name="user" autocomplete="username"></label></p>
		<p><label>Password <input type="password" name="password"></label></p><button>Sign in</button></form>`)
}

// sorted shows a list whose items have buttons to move them.
func (s *site) sorted(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPost {
		at := slices.Index(s.list, r.FormValue("item"))
		item := s.list[at]
		switch r.FormValue("move") {
		case "top":
			s.list = append([]string{item}, slices.Delete(s.list, at, at+1)...)
		case "down":
			s.list[at], s.list[at+1] = s.list[at+1], s.list[at]
		}
		http.Redirect(w, r, "/list", http.StatusSeeOther)
		return
	}
	var b strings.Builder
	for i, item := range s.list {
		fmt.Fprintf(&b, `<li>%[1]s <form method="post"><input type="hidden" name="item" value="%[1]s">`, item)
		if i > 0 {
			b.WriteString(`<button name="move" value="top">To top</button>`)
		}
		if i < len(s.list)-1 {
			b.WriteString(`<button name="move" value="down">Move down</button>`)
		}
		b.WriteString(`</form></li>`)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	document(w, "List", "<ol>"+b.String()+"</ol><p>Order: "+strings.Join(s.list, ", ")+"</p>")
}

// soon shows Finished from the third request on.
func (s *site) soon(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	n := s.asked[r.URL.Path]
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	state := "Running"
	if n >= 3 {
		state = "Finished"
	}
	document(w, "Job", "<p>"+state+"</p>")
}

func (s *site) card(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(player.Card{
		Lab:       "demo",
		Addresses: map[string]string{"okta": s.URL, "admin": s.URL + "/admin", "sigma": s.URL + "/sigma/"},
		Identities: []player.Identity{
			{ID: "kim", Half: "okta", Name: "Kim Lee", Username: "kim@example.com", Password: "Training-1"},
			{ID: "bob", Half: "sigma", Name: "Bob Stone", Username: "bob", Email: "bob@example.com", Password: "Training-2"},
		},
	})
}

func (s *site) serveView(w http.ResponseWriter, r *http.Request) {
	s.parts = r.URL.Query()["part"]
	if s.view == "" {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, s.view)
}

// play plays steps, each given as YAML without the key as.
func (s *site) play(t testing.TB, o player.Options, steps ...string) player.Report {
	t.Helper()
	o.URL = s.URL
	report, err := player.Play(t.Context(), parse(t, guide(steps...)), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// passes plays steps and fails the test unless all pass.
func (s *site) passes(t testing.TB, o player.Options, steps ...string) player.Report {
	t.Helper()
	report := s.play(t, o, steps...)
	for _, result := range report.Steps {
		if result.Failure != nil {
			t.Error(result.Failure)
		}
	}
	if !report.OK() || len(report.Steps) != len(steps) {
		t.Errorf("%s of %d steps", report.Summary(), len(steps))
	}
	return report
}

// fails plays steps and returns the failure of the first, which must fail.
func (s *site) fails(t testing.TB, o player.Options, steps ...string) *player.Failure {
	t.Helper()
	report := s.play(t, o, steps...)
	first := report.Steps[0]
	if first.Status != player.Failed || first.Failure == nil {
		t.Fatalf("step %s: %s, %v", first.ID, first.Status, first.Failure)
	}
	return first.Failure
}

// names lists the names of the cases in order.
func names(cases map[string]verbCase) []string { return slices.Sorted(maps.Keys(cases)) }

// guide is a guide file with these steps, all played by the identity kim. The first step begins in line 8.
func guide(steps ...string) string {
	var b strings.Builder
	b.WriteString("id: small\n\n# Small\n\n## First\nDuration: 1\n\n")
	for _, yaml := range steps {
		b.WriteString("<!-- script\nas: kim\n" + strings.Trim(yaml, "\n") + "\n-->\n\n")
	}
	return b.String()
}

func parse(t testing.TB, source string) *script.Script {
	t.Helper()
	s, err := script.Parse("guide.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
