package orgtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Browser is a browser without scripts. Each browser has its own cookies.
type Browser struct {
	t      *testing.T
	lab    *Lab
	client *http.Client
	Base   string // path prefix of the org in this window: "/okta/demo"
}

// Browser opens a browser without a session, in window 0.
func (l *Lab) Browser(t *testing.T) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{t: t, lab: l, client: &http.Client{Jar: jar}, Base: "/okta/demo"}
}

// SignedIn opens a browser and signs login in with [Password].
func (l *Lab) SignedIn(t *testing.T, login string) *Browser {
	t.Helper()
	b := l.Browser(t)
	page := b.Get("/login/login.htm").Submit("Sign in", Values{"Username": login, "Password": Password})
	page.Want(http.StatusOK, "My Apps")
	return b
}

// Page is a response, after redirects.
type Page struct {
	t       *testing.T
	browser *Browser
	Status  int
	URL     *url.URL
	Header  http.Header
	Body    string
	Doc     *goquery.Document
}

// Values maps labels of fields to the values to enter. "on" selects a checkbox, "off" clears it.
type Values map[string]string

// Get loads a path of the org.
func (b *Browser) Get(path string) *Page {
	b.t.Helper()
	return b.load(http.MethodGet, b.lab.URL+b.Base+path, nil)
}

// Post sends a form that is not on any page.
func (b *Browser) Post(path string, form url.Values) *Page {
	b.t.Helper()
	return b.load(http.MethodPost, b.lab.URL+b.Base+path, form)
}

// load sends a request, follows redirects and parses the response as HTML.
func (b *Browser) load(method, address string, form url.Values) *Page {
	b.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(text)))
	if err != nil {
		b.t.Fatal(err)
	}
	return &Page{t: b.t, browser: b, Status: res.StatusCode, URL: res.Request.URL, Header: res.Header, Body: string(text), Doc: doc}
}

// Text returns the text of the page's main element, with each run of white space as one space.
func (p *Page) Text() string { return fold(p.Doc.Find("main").Text()) }

// fold replaces each run of white space by one space.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// Want fails the test unless the page has the status and contains all of the texts.
func (p *Page) Want(status int, texts ...string) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.URL, p.Status, status, p.Text())
	}
	for _, text := range texts {
		if !strings.Contains(p.Text(), text) {
			p.t.Fatalf("%s does not contain %q\n%s", p.URL, text, p.Text())
		}
	}
	return p
}

// WantNot fails the test if the page contains one of the texts.
func (p *Page) WantNot(texts ...string) *Page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.Text(), text) {
			p.t.Fatalf("%s contains %q\n%s", p.URL, text, p.Text())
		}
	}
	return p
}

// Row returns the page reduced to the first table row or list item that contains text.
func (p *Page) Row(text string) *Page {
	p.t.Helper()
	found := p.Doc.Find("main tr, main li").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.Contains(fold(s.Text()), text)
	})
	if found.Length() == 0 {
		p.t.Fatalf("%s: no row contains %q\n%s", p.URL, text, p.Text())
	}
	row := *p
	row.Doc = goquery.NewDocumentFromNode(wrap(found.First()))
	return &row
}

// Click follows the link with the given name, or submits the form of the button with that name.
func (p *Page) Click(name string) *Page {
	p.t.Helper()
	for _, scope := range []string{"main a[href]", "a[href]"} {
		if link := named(p.Doc.Find(scope), name); link.Length() > 0 {
			to, err := p.URL.Parse(link.First().AttrOr("href", ""))
			if err != nil {
				p.t.Fatal(err)
			}
			return p.browser.load(http.MethodGet, to.String(), nil)
		}
	}
	return p.Submit(name, nil)
}

// Submit enters the values into the form of the given button, and submits the form. Other fields keep their values.
func (p *Page) Submit(button string, values Values) *Page {
	p.t.Helper()
	b := named(p.Doc.Find("main button"), button)
	if b.Length() == 0 {
		b = named(p.Doc.Find("button"), button)
	}
	if b.Length() == 0 {
		p.t.Fatalf("%s has no link or button %q\n%s", p.URL, button, p.Text())
	}
	form := b.First().Closest("form")
	sent := entries(form)
	for label, value := range values {
		p.fill(form, sent, label, value)
	}
	if name := b.First().AttrOr("name", ""); name != "" {
		sent.Set(name, b.First().AttrOr("value", ""))
	}
	to, err := p.URL.Parse(b.First().AttrOr("formaction", form.AttrOr("action", "")))
	if err != nil {
		p.t.Fatal(err)
	}
	if strings.EqualFold(form.AttrOr("method", "get"), "get") {
		to.RawQuery = sent.Encode()
		return p.browser.load(http.MethodGet, to.String(), nil)
	}
	return p.browser.load(http.MethodPost, to.String(), sent)
}

// Field returns the value of the field with the given label.
func (p *Page) Field(label string) string {
	p.t.Helper()
	control := labelled(p.Doc.Selection, label)
	if control.Length() == 0 {
		p.t.Fatalf("%s has no field %q", p.URL, label)
	}
	value, _ := valueOf(control)
	return value
}

// fill enters one value into sent, the form's data.
func (p *Page) fill(form *goquery.Selection, sent url.Values, label, value string) {
	p.t.Helper()
	control := labelled(form, label)
	if control.Length() == 0 {
		p.t.Fatalf("%s: the form has no field %q", p.URL, label)
	}
	name := control.AttrOr("name", "")
	if kind := control.AttrOr("type", ""); kind == "checkbox" {
		if value == "on" {
			sent.Add(name, control.AttrOr("value", "on"))
		} else {
			sent.Del(name)
		}
		return
	} else if kind == "radio" {
		value = control.AttrOr("value", "on")
	}
	if goquery.NodeName(control) == "select" {
		option := named(control.Find("option"), value)
		if option.Length() == 0 {
			p.t.Fatalf("%s: %q has no option %q", p.URL, label, value)
		}
		value = option.AttrOr("value", value)
	}
	// When several fields have the same name, only the field with this label changes.
	at := -1
	form.Find("input, textarea, select").FilterFunction(func(_ int, c *goquery.Selection) bool {
		return c.AttrOr("name", "") == name
	}).EachWithBreak(func(i int, c *goquery.Selection) bool {
		if c.Get(0) == control.Get(0) {
			at = i
		}
		return at < 0
	})
	if at >= 0 && len(sent[name]) > at && len(sent[name]) > 1 && control.AttrOr("type", "") != "radio" {
		sent[name][at] = value
		return
	}
	sent.Set(name, value)
}
