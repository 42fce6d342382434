package site_test

import (
	"context"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/keytest"
	"understudy/seed/base/store"
	"understudy/seed/base/waittest"
	"understudy/sp"
	"understudy/sp/site"
	"understudy/sp/web"
)

var scenario = sp.Seed{
	Name: "Plain Analytics",
	Members: []sp.SeedMember{
		{FirstName: "Ann", LastName: "Admin", Email: "ann@example.com", Password: "Ann-lab-1", AccountType: "Admin"},
		{FirstName: "Carl", LastName: "Creator", Email: "carl@example.com", Password: "Carl-lab-1", AccountType: "Creator"},
		{FirstName: "Vic", LastName: "Viewer", Email: "vic@example.com", Password: "Vic-lab-1", AccountType: "Viewer"},
	},
	Teams:      []sp.SeedTeam{{Name: "FinanceViewers", Members: []string{"vic@example.com"}, Workspace: true}},
	Workspaces: []sp.SeedWorkspace{{Name: "All Members", Folders: []string{"Reports"}, Grants: []sp.SeedGrant{{To: "everyone", Access: "edit"}}}},
	Documents: []sp.SeedDocument{
		{Name: "Sales", Owner: "carl@example.com", In: "All Members/Reports", Text: "How sales went.",
			Pages: []sp.WorkbookPage{{Name: "Data", Elements: []sp.Element{
				{ID: "sum", Kind: "bar", Title: "Revenue by region", Columns: []sp.Column{{Name: "Region"}, {Name: "Revenue",
					Number: true}}, Rows: [][]string{{"North", "1200"}, {"South", "800"}}},
				{ID: "all", Kind: "table", Title: "Orders", Columns: []sp.Column{{Name: "Region"}, {Name: "Revenue",
					Number: true}}, Rows: [][]string{{"North", "1200"}, {"South", "800"}}},
			}}}},
		{Name: "Diary", Owner: "carl@example.com", In: "My Documents"},
	},
}

// testBase is the URL of the organization for changes that do not come from a browser.
const testBase sp.BaseURL = "http://lab.test/sigma/demo"

// lab is the site behind a small front door.
type lab struct {
	t    testing.TB
	org  *sp.Organization
	ctx  context.Context
	base string
	db   *store.DB
}

// lastMail is the latest email to an address.
func (l *lab) lastMail(t testing.TB, to string) (body string) {
	t.Helper()
	must(t, l.db.Read(l.ctx, func(tx *store.Tx) error {
		list, err := tx.Mailbox(50)
		for _, m := range list {
			if m.ToAddr == to && body == "" {
				body = m.Body
			}
		}
		return err
	}))
	return body
}

func keys(ctx context.Context) (*rsa.PrivateKey, error) { return keytest.Source()(ctx) }

func newLab(t testing.TB) *lab {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo"})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	org, err := sp.Open(t.Context(), db, sp.Options{Keys: keys})
	must(t, err)
	must(t, org.Populate(t.Context(), scenario))
	e := echo.New()
	site.Register(e)
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = web.HTMLError(c, err) }
	var origin string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := address.Address{Origin: origin, Prefix: "/sigma/demo", Lab: "demo"}
		path := r.URL.Path
		switch {
		case strings.HasPrefix(path, "/sigma/demo~2/"):
			at.Window, path = 2, strings.TrimPrefix(path, "/sigma/demo~2")
		default:
			path = strings.TrimPrefix(path, "/sigma/demo")
		}
		r = r.WithContext(sp.With(address.With(r.Context(), at), org))
		r.URL.Path = path
		e.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	origin = server.URL
	return &lab{t: t, org: org, ctx: t.Context(), base: server.URL + "/sigma/demo", db: db}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is a person's browser with its present page.
type browser struct {
	lab    *lab
	client *http.Client
	doc    *goquery.Document
	resp   *http.Response
	body   []byte
}

func (l *lab) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(l.t, err)
	return &browser{lab: l, client: &http.Client{Jar: jar, Timeout: waittest.Deadline}}
}

// as is a browser in which a member is signed in.
func (l *lab) as(name string) *browser {
	l.t.Helper()
	b := l.browser()
	b.visit("/login")
	b.submit("Sign in", "Email", strings.ToLower(name)+"@example.com", "Password", name+"-lab-1")
	b.sees("Home")
	return b
}

func (b *browser) take(resp *http.Response, err error) {
	b.lab.t.Helper()
	must(b.lab.t, err)
	defer func() { _ = resp.Body.Close() }()
	b.body, err = io.ReadAll(resp.Body)
	must(b.lab.t, err)
	b.resp = resp
	b.doc, err = goquery.NewDocumentFromReader(strings.NewReader(string(b.body)))
	must(b.lab.t, err)
	b.doc.Url = resp.Request.URL
}

// visit opens a path of the half.
func (b *browser) visit(path string) *browser {
	b.lab.t.Helper()
	b.take(b.client.Get(b.lab.base + path))
	return b
}

// text is the visible text of the page, in one line.
func (b *browser) text() string {
	return strings.Join(strings.Fields(b.doc.Find("body").Text()+" "+b.values()), " ")
}

func (b *browser) values() string {
	var all []string
	b.doc.Find("main input, main textarea, main option[selected]").Each(func(_ int, s *goquery.Selection) {
		all = append(all, s.AttrOr("value", ""), s.Text())
	})
	return strings.Join(all, " ")
}

func (b *browser) sees(texts ...string) *browser {
	b.lab.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.text(), text) {
			b.lab.t.Fatalf("%s (%d) does not show %q:\n%s", b.resp.Request.URL, b.resp.StatusCode, text, b.text())
		}
	}
	return b
}

func (b *browser) seesNot(texts ...string) *browser {
	b.lab.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.text(), text) {
			b.lab.t.Fatalf("%s shows %q:\n%s", b.resp.Request.URL, text, b.text())
		}
	}
	return b
}

func (b *browser) status(want int) {
	b.lab.t.Helper()
	if b.resp.StatusCode != want {
		b.lab.t.Fatalf("%s answers %d, want %d:\n%s", b.resp.Request.URL, b.resp.StatusCode, want, b.text())
	}
}

// control finds a link or button by its exact name; main wins over the frame.
func (b *browser) control(selector, name string) *goquery.Selection {
	match := func(s *goquery.Selection) *goquery.Selection {
		return s.FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.Join(strings.Fields(s.Text()), " ") == name
		})
	}
	if in := match(b.doc.Find("main").Find(selector)); in.Length() > 0 {
		return in.First()
	}
	return match(b.doc.Find(selector)).First()
}

func (b *browser) has(name string) bool { return b.control("a, button, summary", name).Length() > 0 }

// click follows a link.
func (b *browser) click(name string) *browser {
	b.lab.t.Helper()
	link := b.control("a", name)
	href, ok := link.Attr("href")
	if !ok {
		b.lab.t.Fatalf("%s has no link %q:\n%s", b.resp.Request.URL, name, b.text())
	}
	target, err := b.doc.Url.Parse(href)
	must(b.lab.t, err)
	b.take(b.client.Get(target.String()))
	return b
}

// submit fills fields by their labels and presses a button. A check box is ticked with "on" and unticked with "".
func (b *browser) submit(button string, pairs ...string) *browser {
	b.lab.t.Helper()
	form := b.control("button", button).Closest("form")
	if form.Length() == 0 {
		b.lab.t.Fatalf("%s has no button %q in a form:\n%s", b.resp.Request.URL, button, b.text())
	}
	values := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", ""), fieldValue(s)
		for i := 0; i+1 < len(pairs); i += 2 {
			if b.label(s) == pairs[i] {
				value = pairs[i+1]
				if s.AttrOr("type", "") == "checkbox" && value != "" {
					value = s.AttrOr("value", "on")
				}
			}
		}
		if t := s.AttrOr("type", ""); name != "" && (t != "checkbox" && t != "radio" || value != "") {
			values.Add(name, strings.TrimPrefix(value, "\n"))
		}
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		found := false
		form.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) { found = found || b.label(s) == pairs[i] })
		if !found {
			b.lab.t.Fatalf("%s has no field %q", b.resp.Request.URL, pairs[i])
		}
	}
	target, err := b.doc.Url.Parse(form.AttrOr("action", ""))
	must(b.lab.t, err)
	if form.AttrOr("method", "get") == "get" {
		target.RawQuery = values.Encode()
		b.take(b.client.Get(target.String()))
	} else {
		b.take(b.client.PostForm(target.String(), values))
	}
	return b
}

func fieldValue(s *goquery.Selection) string {
	switch {
	case goquery.NodeName(s) == "textarea":
		return s.Text()
	case goquery.NodeName(s) == "select":
		if o := s.Find("option[selected]"); o.Length() > 0 {
			return o.AttrOr("value", "")
		}
		return s.Find("option").First().AttrOr("value", "")
	case s.AttrOr("type", "") == "checkbox" || s.AttrOr("type", "") == "radio":
		if _, on := s.Attr("checked"); !on {
			return ""
		}
	}
	return s.AttrOr("value", "")
}

// label is the exact text of a field's label, without its hint.
func (b *browser) label(s *goquery.Selection) string {
	id := s.AttrOr("id", "")
	if id == "" {
		return ""
	}
	l := b.doc.Find(`label[for="` + id + `"]`).First().Clone()
	l.Find(".optional").Remove()
	return strings.Join(strings.Fields(l.Text()), " ")
}
