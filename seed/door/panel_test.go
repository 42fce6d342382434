package door_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"understudy/seed/door"
	"understudy/seed/door/doortest"
	"understudy/seed/lab"
)

// panels counts the pages that a guide panel was rendered for, by method and path.
type panels struct {
	mu   sync.Mutex
	seen []string
}

func (p *panels) panel(r *http.Request, _ *lab.Lab) templ.Component {
	path := r.Method + " " + r.URL.Path
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.seen = append(p.seen, path)
		_, err := io.WriteString(w, "<p>the guide</p>")
		return err
	})
}

func (p *panels) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// A request that a program sends, or that a browser sends by itself during a sign-on, never waits for the guide.
func TestProgramsAndSAMLMessagesNeverWaitForTheGuide(t *testing.T) {
	guide := &panels{}
	r := doortest.NewWith(t, t.TempDir(), func(rt http.RoundTripper) http.RoundTripper { return rt },
		func(o *door.Options) { o.Panel = guide.panel })
	r.Create("demo")
	app := r.ConnectSAML("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	if len(guide.take()) == 0 {
		t.Fatal("the dashboard shows no guide, so the test would find nothing")
	}
	before := len(guide.take())
	v.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := v.Client.Get(v.Base + "/sigma/demo/api/v2/saml2/login")
	if err != nil {
		t.Fatal(err)
	}
	status, body, _ := v.Read(v.Client.Get(response.Header.Get("Location")))
	if status != http.StatusOK || !strings.Contains(body, "SAMLResponse") {
		t.Fatalf("no SAML response: %d %.300s", status, body)
	}
	message := hiddenFields(body)
	for _, request := range []struct{ method, path string }{
		{http.MethodGet, "/okta/demo" + app.EmbedPath()},
		{http.MethodGet, "/okta/demo" + app.SSOPath()},
		{http.MethodGet, "/okta/demo" + app.MetadataPath()},
		{http.MethodGet, "/okta/demo/api/v1/users"},
		{http.MethodPost, "/okta/demo/oauth2/v1/token"},
		{http.MethodPost, "/okta/demo" + app.SSOPath()},
		{http.MethodGet, "/sigma/demo/scim/v2/Users"},
		{http.MethodPost, "/sigma/demo/scim/v2/Users"},
		{http.MethodGet, "/sigma/demo/scim/v2/ServiceProviderConfig"},
		{http.MethodGet, "/sigma/demo/v2/members"},
		{http.MethodGet, "/sigma/demo/api/v2/saml2/2/metadata.xml"},
		{http.MethodGet, "/sigma/demo/api/v2/saml2/login"},
	} {
		if request.method == http.MethodPost {
			v.Post(request.path, url.Values{"SAMLRequest": {"PGEvPg=="}})
		} else {
			v.Get(request.path)
		}
	}
	if status, _, _ := v.Post("/sigma/demo/api/v2/saml2/assert", message); status != http.StatusSeeOther {
		t.Errorf("Sigma answers the SAML response with %d", status)
	}
	for _, page := range guide.take()[before:] {
		if page != "POST "+app.SSOPath() { // an error page, which a person reads
			t.Errorf("%s waits for the guide", page)
		}
	}
}

// hiddenFields reads the hidden fields of a page's form.
func hiddenFields(body string) url.Values {
	fields := url.Values{}
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		_, after, _ := strings.Cut(body, `name="`+name+`" value="`)
		value, _, _ := strings.Cut(after, `"`)
		fields.Set(name, html.UnescapeString(value))
	}
	return fields
}
