package kit_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"understudy/static"
)

// policy is the Content-Security-Policy of all pages (seed/door).
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// storybook serves every story at its name, under the Content-Security-Policy of the front door.
func storybook(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())
	for name, story := range stories() {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := story.Render(r.Context(), w); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// fetch returns the parsed HTML of a page.
func fetch(t *testing.T, url string) *goquery.Document {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", url, res.Status)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestPagesFollowConventions checks the conventions for all pages: no inline script or style, one h1, labelled fields, valid
// references, and no password in the HTML.
func TestPagesFollowConventions(t *testing.T) {
	server := storybook(t)
	for name := range stories() {
		t.Run(name, func(t *testing.T) {
			doc := fetch(t, server.URL+"/"+name)
			checkPolicy(t, doc)
			checkStructure(t, doc)
			checkReferences(t, doc)
			if strings.Contains(doc.Text(), "must-not-show") || doc.Find(`[value="must-not-show"]`).Length() > 0 {
				t.Error("the page contains the password")
			}
		})
	}
}

func checkPolicy(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s, which the Content-Security-Policy forbids", s.Nodes[0].Data, a.Key)
			}
		}
	})
	if n := doc.Find("style, script:not([src])").Length(); n > 0 {
		t.Errorf("%d inline styles or scripts", n)
	}
}

func checkStructure(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if title := doc.Find("head > title").Text(); !strings.HasPrefix(title, "[Training] ") || len(title) < 12 {
		t.Errorf("title %q does not begin with [Training]", title)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	if n := doc.Find("main#main").Length(); n != 1 {
		t.Errorf("%d main, want 1", n)
	}
	if mark := strings.TrimSpace(doc.Find(".training-mark").Text()); mark != "Training stand-in: no real passwords" {
		t.Errorf("training mark %q", mark)
	}
	doc.Find(`input[type="password"]`).Each(func(_ int, s *goquery.Selection) {
		if !slices.Contains(strings.Fields(s.AttrOr("aria-describedby", "")), "training-advice") {
			t.Errorf("the password field %q is not described by the advice not to enter a real password", s.AttrOr("name", ""))
		}
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		if doc.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() != 1 {
			t.Errorf("field %q has not exactly one label", s.AttrOr("name", s.AttrOr("id", "?")))
		}
	})
	doc.Find("a, button, summary").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			t.Errorf("a <%s> without a name", s.Nodes[0].Data)
		}
	})
}

// checkReferences checks that ids are unique and that every reference to an id has a target.
func checkReferences(t *testing.T, doc *goquery.Document) {
	t.Helper()
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("two elements have the id %q", id)
		}
		seen[id] = true
	})
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		doc.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(name, "")) {
				if !seen[id] {
					t.Errorf("%s refers to the id %q, which no element has", name, id)
				}
			}
		})
	}
	doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[id] {
			t.Errorf("a link refers to #%s, which no element has", id)
		}
	})
	doc.Find(`svg.icon`).Each(func(_ int, s *goquery.Selection) {
		if s.Children().Length() == 0 {
			t.Error("an icon is not in static/icons")
		}
	})
}

// TestFormErrors checks the title, the link in the error summary, and that the field still has the typed value.
func TestFormErrors(t *testing.T) {
	doc := fetch(t, storybook(t).URL+"/form")
	if got, want := doc.Find("title").Text(), "[Training] Error: Add person - Okta"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	target := doc.Find(".notice-error a").First().AttrOr("href", "")
	field := doc.Find(target)
	if field.AttrOr("name", "") != "login" || field.AttrOr("value",
		"") != "bob@gmail.com" || field.AttrOr("aria-invalid", "") != "true" {
		t.Errorf("the summary links to %q, not to the field login with the typed value", target)
	}
}
