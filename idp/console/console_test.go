package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/console"
	"understudy/idp/internal/orgtest"
	"understudy/idp/signin"
	"understudy/ui/okta"
)

// open serves the starter org, and returns a browser in which its administrator is signed in.
func open(t *testing.T) (*orgtest.Lab, *orgtest.Browser) {
	t.Helper()
	lab := orgtest.Open(t, orgtest.Starter(), idp.Options{}, func(e *echo.Echo) {
		signin.Register(e, signin.Options{})
		console.Register(e)
	})
	return lab, lab.SignedIn(t, orgtest.AdminLogin)
}

// sigma adds the app Sigma on AWS.
func sigma(t *testing.T, lab *orgtest.Lab) idp.App {
	t.Helper()
	app, err := lab.Org.AddApp(lab.Context(t), idp.System(idp.Client{}), idp.NewApp{CatalogKey: "sigmaonaws"})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestConsoleIsForAdministratorsOnly(t *testing.T) {
	lab, admin := open(t)
	visitor := lab.Browser(t).Get("/admin/users?status=ACTIVE")
	visitor.Want(http.StatusOK, "Sign In", "to access Okta Admin Console")
	after := visitor.Submit("Sign in", orgtest.Values{"Username": orgtest.AdminLogin, "Password": orgtest.Password})
	after.Want(http.StatusOK, "People")
	if after.URL.RawQuery != "status=ACTIVE" {
		t.Errorf("sign-in led to %s", after.URL)
	}
	lab.SignedIn(t, orgtest.EvaLogin).Get("/admin/users").Want(http.StatusForbidden, "Access Forbidden").WantNot("Add person")
	admin.Get("/app/UserHome").Click("Admin").Want(http.StatusOK, "Dashboard", "Overview", "Tasks", "Org changes")
}

func TestEverySectionOfTheNavigationHasAPage(t *testing.T) {
	_, admin := open(t)
	for _, group := range okta.Navigation() {
		for _, item := range group.Items {
			page := admin.Get(item.Path)
			if page.Status != http.StatusOK && page.Status != http.StatusFound {
				t.Errorf("%s > %s: status %d\n%s", group.Label, item.Label, page.Status, page.Text())
			}
			if page.Doc.Find("h1").Length() != 1 {
				t.Errorf("%s > %s has %d h1", group.Label, item.Label, page.Doc.Find("h1").Length())
			}
			if title := page.Doc.Find("title").Text(); !strings.HasPrefix(title, "[Training] ") {
				t.Errorf("%s > %s has the title %q", group.Label, item.Label, title)
			}
		}
	}
	admin.Get("/admin/security/networks").Want(http.StatusOK, "not part of this stand-in yet")
}

func TestSearchFindsPeopleAppsAndGroups(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	admin.Get("/admin/search?q=sigma").Want(http.StatusOK, "Sigma on AWS").Click("Sigma on AWS")
	admin.Get("/admin/search?q=Market").Want(http.StatusOK, "Marketing").Click("Marketing").Want(http.StatusOK, "Eva Ember")
	admin.Get("/admin/search?q=ember").Want(http.StatusOK).Click("Eva Ember").Want(http.StatusOK, orgtest.EvaLogin)
	admin.Get("/admin/search?q=zzz").Want(http.StatusOK, "No person, app or group matches")
	suggest := admin.Get("/admin/search/suggest?q=ember")
	if !strings.Contains(suggest.Body, `"label":"Eva Ember"`) || !strings.HasPrefix(suggest.Header.Get("Content-Type"),
		"application/json") {
		t.Errorf("suggestions: %s", suggest.Body)
	}
}

func TestSystemLogShowsAndFilters(t *testing.T) {
	lab, admin := open(t)
	lab.Browser(t).Get("/").Submit("Sign in", orgtest.Values{"Username": "who@example.com", "Password": "x"})
	page := admin.Get("/admin/reports/system-log").
		Want(http.StatusOK, "System Log", "User login to Okta", "failure: Verification error", "Download CSV", "Expand All")
	row := page.Row("Verification error")
	row.Want(http.StatusOK, "who@example.com", "Actor", "Client", "Event", "VERIFICATION_ERROR", "Debug data")
	found := page.Submit("Search", orgtest.Values{"Search": `eventType eq "user.session.start" and outcome.result eq "FAILURE"`})
	found.Want(http.StatusOK, "Events: 1", "Verification error")
	if found.Doc.Find("details[open] .log-sections").Length() != 0 {
		t.Error("rows are expanded before Expand All")
	}
	if found.Click("Expand All").Doc.Find("details[open] .log-sections").Length() != 1 {
		t.Error("Expand All expands no row")
	}
	csv := found.Click("Download CSV")
	if csv.Status != http.StatusOK || strings.Count(csv.Body, "user.session.start") != 1 ||
		!strings.Contains(csv.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("CSV: %d %s", csv.Status, csv.Body)
	}
	admin.Get("/admin/reports/system-log?q=outcome.result+eq").Want(http.StatusUnprocessableEntity)
	admin.Get("/admin/reports/system-log?from=yesterday").Want(http.StatusUnprocessableEntity, "Enter a date and time")
	admin.Get("/admin/reports/system-log?from=2020-01-02T00:00&to=2020-01-01T00:00").
		Want(http.StatusUnprocessableEntity, "To must be after From")
	admin.Get("/admin/reports/system-log?from=2020-01-01T00:00&to=2020-01-02T00:00").Want(http.StatusOK, "No events match")
	admin.Get("/report/system_log_2?q=x").Want(http.StatusOK, "System Log")
}
