package main

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/base/waittest"
	"understudy/seed/content"
	"understudy/seed/lab"
)

// documentedApp returns the app file of static/docs/content.md.
func documentedApp(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "static", "docs", "content.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "`mine/apps/crumb-orders.yaml`:\n\n```yaml\n")
	app, _, ends := strings.Cut(after, "```\n")
	if !found || !ends {
		t.Fatal("the page has no example of an app")
	}
	return app
}

// ordersScenario is a scenario whose administrator has the documented app.
var ordersScenario = strings.Replace(bakeryScenario, "sigma:\n", "  apps: [{catalogKey: crumb-orders, label: Orders of Rosa, users: [rosa@bakery.example]}]\nsigma:\n", 1)

func writeContent(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

var signOnLink = regexp.MustCompile(`href="(/okta/demo/home/crumb-orders/[^"]+)"`)

// signsOnToOrders opens all tiles of Crumb Orders as the person who is signed in, and checks the SAML responses. It returns their number.
func (v *visitor) signsOnToOrders(body string) int {
	v.Helper()
	tiles := signOnLink.FindAllStringSubmatch(body, -1)
	for _, tile := range tiles {
		status, page := v.get(html.UnescapeString(tile[1]))
		v.wants(http.StatusOK, `action="https://orders.bakery.example/saml/acs"`)(status, page)
		_, after, _ := strings.Cut(page, `name="SAMLResponse" value="`)
		encoded, _, _ := strings.Cut(after, `"`)
		response, err := base64.StdEncoding.DecodeString(html.UnescapeString(encoded))
		for _, want := range []string{"https://orders.bakery.example/saml/metadata", "firstName", "Rosa", "rosa@bakery.example"} {
			if err != nil || !strings.Contains(string(response), want) {
				v.Errorf("the SAML response lacks %s: %v %.200s", want, err, response)
			}
		}
	}
	return len(tiles)
}

// The documented app file appears in the catalog and in a scenario. People sign on to apps that were added from it, also when the
// file has gone and the lab is reset.
func TestAnAppFileIsInTheCatalog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeContent(t, dir, map[string]string{"apps/crumb-orders.yaml": documentedApp(t), "scenarios/bakery.yaml": ordersScenario})
	for _, name := range []string{"apps/crumb-orders.yaml", "scenarios/bakery.yaml"} {
		if err := checkContent(t.Context(), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	s := startWith(t, serveCommand{contentFlags: contentFlags{Content: dir, Scenario: "bakery"}})
	rosa := newVisitor(t, s)
	signIn := url.Values{"username": {"rosa@bakery.example"}, "password": {"Warm-Oven-11"}, "fromURI": {"/admin/dashboard"}}
	rosa.wants(http.StatusOK)(rosa.post("/okta/demo/login/login.htm", signIn))
	rosa.wants(http.StatusOK, "Crumb Orders", "Commerce")(rosa.get("/okta/demo/admin/apps/catalog"))
	rosa.wants(http.StatusOK, "Orders of bread and cake.")(rosa.get("/okta/demo/admin/apps/catalog/crumb-orders"))
	add := url.Values{"step": {"2"}, "move": {"done"}, "label": {"Orders of all"}, "base": {"https://orders.bakery.example"}}
	rosa.wants(http.StatusOK, "Orders of all was added.")(rosa.post("/okta/demo/admin/apps/catalog/crumb-orders/add", add))
	add.Set("base", "orders")
	rosa.wants(http.StatusUnprocessableEntity, `value="orders"`)(rosa.post("/okta/demo/admin/apps/catalog/crumb-orders/add", add))
	_, apps := rosa.get("/okta/demo/app/UserHome")
	if n := rosa.signsOnToOrders(apps); n != 1 {
		t.Errorf("%d tiles: %s", n, apps)
	}

	if err := os.Remove(filepath.Join(dir, "apps", "crumb-orders.yaml")); err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, "the app to leave the catalog", func() (any, bool) {
		_, body := rosa.get("/okta/demo/admin/apps/catalog")
		return body, !strings.Contains(body, "Crumb Orders")
	})
	rosa.wants(http.StatusNotFound)(rosa.get("/okta/demo/admin/apps/catalog/crumb-orders"))
	rosa.wants(http.StatusOK, "Orders of all")(rosa.get("/okta/demo/admin/apps/active"))
	if n := rosa.signsOnToOrders(apps); n != 1 {
		t.Errorf("%d sign-ons without the file", n)
	}
	if made := exported(t, s, "demo"); !strings.Contains(made.Text, "crumb-orders") {
		t.Error("the exported scenario lacks the app")
	} else if err := s.Registry.Create(t.Context(), "copy", made); err != nil {
		t.Error(err)
	}
	if err := s.Registry.ResetTo(t.Context(), "demo", "", lab.EndSessions); err != nil {
		t.Fatal(err)
	}
	rosa.wants(http.StatusOK)(rosa.post("/okta/demo/login/login.htm", signIn))
	_, apps = rosa.get("/okta/demo/app/UserHome")
	if n := rosa.signsOnToOrders(apps); n != 1 {
		t.Errorf("%d tiles after a reset: %s", n, apps)
	}
}

// Mistakes in app files are named with line and suggestion, by the check, at the start of the server and at the upload. A scenario that
// no lab can be created from is refused, too.
func TestMistakesInAppsAndScenariosAreNamed(t *testing.T) {
	t.Parallel()
	app := documentedApp(t)
	v := newVisitor(t, start(t))
	for _, c := range []struct{ name, from, to, want string }{
		{"an unknown key", "signOnMode:", "signonMode:", "crumb-orders.yaml:5:1: unknown key signonMode; did you mean signOnMode?"},
		{"an unknown mode", "SAML_2_0 #", "SAML2_0 #", "crumb-orders.yaml:5:13: there is no sign-on mode SAML2_0; choose SAML_2_0 or BOOKMARK; did you mean SAML_2_0?"},
		{"an unknown field", `"{base}/saml/acs"`, `"{bass}/saml/acs"`, "crumb-orders.yaml:12:8: there is no field bass; add it to fields; did you mean base?"},
		{"a script as address", `"{base}/saml/acs"`, `"javascript:alert(1)"`, "crumb-orders.yaml:12:8: acs is no address"},
		{"an expression", "value: user.department", "value: user.departmnt(", "crumb-orders.yaml:16:33: the expression is not valid"},
		{"another key", "name: Crumb Orders", "key: crumbs\nname: Crumb Orders", "crumb-orders.yaml:2:6: the key is the name of the file, crumb-orders"},
		{"no category", "category: Commerce\n", "", "the key category is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(app, c.from, c.to, 1)
			path := filepath.Join(t.TempDir(), "apps", "crumb-orders.yaml")
			writeContent(t, filepath.Dir(filepath.Dir(path)), map[string]string{"apps/crumb-orders.yaml": text})
			if err := checkContent(t.Context(), path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the check: %v", err)
			}
			if _, err := content.Open(filepath.Dir(filepath.Dir(path)), ""); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the start: %v", err)
			}
			status, body := v.sendFile("/content", "crumb-orders.yaml", text, url.Values{"kind": {"apps"}})
			if status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(body), c.want) {
				t.Errorf("the upload: %d %s", status, body)
			}
		})
	}
	status, body := v.sendFile("/content", "orders.yaml", ordersScenario, nil)
	v.wants(http.StatusUnprocessableEntity, "crumb-orders")(status, body)
	v.wants(http.StatusOK, "Catalog app", "Crumb Orders")(v.sendFile("/content", "crumb-orders.yaml", app, nil))
	v.wants(http.StatusOK, "A bakery before its first day")(v.sendFile("/content", "orders.yaml", ordersScenario, nil))
}
