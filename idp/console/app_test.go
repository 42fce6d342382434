package console_test

import (
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// withSigma adds Sigma on AWS from the catalog. It returns the administrator's browser and the page of the app.
func withSigma(t *testing.T) (*orgtest.Lab, *orgtest.Browser, *orgtest.Page) {
	t.Helper()
	lab, admin := open(t)
	page := admin.Get("/admin/apps/catalog").Submit("Search", orgtest.Values{"Search": "Sigma"}).
		Click("Sigma on AWS").Click("Add Integration").Submit("Done", nil)
	return lab, admin, page.Want(http.StatusOK, "Sigma on AWS was added.", "Assignments")
}

func TestAppIsAddedFromTheCatalog(t *testing.T) {
	_, admin := open(t)
	list := admin.Get("/admin/apps/active").Want(http.StatusOK, "Applications", "Browse App Catalog")
	catalog := list.Click("Browse App Catalog").Want(http.StatusOK, "Browse App Integration Catalog")
	found := catalog.Submit("Search", orgtest.Values{"Search": "sigma"}).
		Want(http.StatusOK, "Sigma on AWS", "Sigma on GCP", "Sigma on Azure")
	found.WantNot("Bookmark App")
	detail := found.Click("Sigma on AWS").Want(http.StatusOK, "Okta Verified", "SAML", "SCIM", "Overview", "Functionality")
	form := detail.Click("Add Integration").
		Want(http.StatusOK, "General Settings", "This label displays under the app on your home page")
	if got := form.Field("Application label"); got != "Sigma on AWS" {
		t.Errorf("label is prefilled with %q", got)
	}
	form.Submit("Done", orgtest.Values{"Application label": " "}).Want(http.StatusUnprocessableEntity)
	page := form.Submit("Done", orgtest.Values{"Application label": "Sigma for <b>us</b>"}).
		Want(http.StatusOK, "Sigma for <b>us</b>", "Assign")
	if !strings.HasSuffix(page.URL.Path, "/assignments") {
		t.Errorf("leads to %s, not to the tab Assignments", page.URL)
	}
	admin.Get("/admin/apps/active").Want(http.StatusOK, "Sigma for <b>us</b>")
	form.Submit("Done", orgtest.Values{"Application label": "Sigma for <b>us</b>"}).
		Want(http.StatusUnprocessableEntity, "Add Sigma on AWS")
}

func TestAddIntegrationKeepsTheValuesOfBothSteps(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/apps/catalog").Submit("Search", orgtest.Values{"Search": "Sigma"}).Click("Sigma on AWS").
		Click("Add Integration")
	next := form.Submit("Next", orgtest.Values{"Application label": "Sigma two", "Do not display application icon to users": "on"}).
		Want(http.StatusOK, "Sign-On Options")
	back := next.Submit("Previous", orgtest.Values{"Default Relay State": "https://sigma.example/demo"})
	if got := back.Field("Application label"); got != "Sigma two" {
		t.Errorf("the label is %q", got)
	}
	app := back.Submit("Next", nil).Submit("Done", nil).Want(http.StatusOK, "Sigma two")
	app.Click("Sign On").Want(http.StatusOK, "https://sigma.example/demo")
	app.Click("General").Want(http.StatusOK, "Do not display application icon to users")
}

func TestCatalogSuggestions(t *testing.T) {
	_, admin := open(t)
	page := admin.Get("/admin/apps/catalog/suggestions?q=sig")
	for _, label := range []string{`"Sigma on AWS"`, `"Sigma on GCP"`, `"See All Results"`} {
		if !strings.Contains(page.Body, label) {
			t.Errorf("the suggestions have no %s: %s", label, page.Body)
		}
	}
	if strings.TrimSpace(admin.Get("/admin/apps/catalog/suggestions?q=").Body) != "[]" {
		t.Error("an empty search has suggestions")
	}
}

func TestSignOnTabShowsURLsWithoutWindow(t *testing.T) {
	lab, _, page := withSigma(t)
	signOn := page.Click("Sign On").Want(http.StatusOK, "Settings", "SAML Signing Certificates", "Credentials Details")
	app := only(t, lab)
	for label, want := range map[string]string{
		"Sign on URL":  lab.URL + "/okta/demo" + app.SSOPath(),
		"Issuer":       "http://www.okta.com/" + app.ExternalKey,
		"Metadata URL": lab.URL + "/okta/demo" + app.MetadataPath(),
		"Sign out URL": lab.URL + "/okta/demo",
	} {
		if got := signOn.Field(label); got != want {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
	certificate := signOn.Field("Signing Certificate")
	if block, _ := pem.Decode([]byte(certificate)); block == nil || block.Type != "CERTIFICATE" {
		t.Errorf("the certificate is not PEM: %q", certificate)
	}
	file := signOn.Click("Download")
	if file.Body != certificate || !strings.Contains(file.Header.Get("Content-Disposition"), "okta.cert") {
		t.Errorf("downloaded %q as %s", file.Body, file.Header.Get("Content-Disposition"))
	}
	signOn.Click("View SAML setup instructions").Want(http.StatusOK, "How to Configure SAML 2.0 for Sigma on AWS")
}

func TestDefaultRelayStateIsSaved(t *testing.T) {
	_, _, page := withSigma(t)
	form := page.Click("Sign On").Click("Edit").Want(http.StatusOK, "Default Relay State")
	form.Submit("Save", orgtest.Values{"Default Relay State": " https://sigma.example/demo/finish-login "}).
		Want(http.StatusOK, "The sign-on settings were saved.", "https://sigma.example/demo/finish-login")
}

func TestCertificateIsRotated(t *testing.T) {
	lab, _, page := withSigma(t)
	before := page.Click("Sign On").Field("Signing Certificate")
	made := page.Click("Sign On").Submit("Generate new certificate", nil).Want(http.StatusOK, "Inactive")
	if made.Field("Signing Certificate") != before {
		t.Error("a new certificate signs before its activation")
	}
	active := made.Row("Inactive").Submit("Activate", nil).Want(http.StatusOK, "The certificate was activated.")
	if active.Field("Signing Certificate") == before {
		t.Error("the activated certificate does not sign")
	}
	metadata := active.Row("Inactive").Click("View IdP metadata")
	if !strings.Contains(metadata.Body, only(t, lab).SSOPath()) {
		t.Errorf("metadata: %s", metadata.Body)
	}
}

func TestGeneralSettingsAreEdited(t *testing.T) {
	_, _, page := withSigma(t)
	form := page.Click("General").Want(http.StatusOK, "App Settings", "App Embed Link").Click("Edit")
	refused := form.Submit("Save", orgtest.Values{"Application label": "", "Application notes for admins": "ours"}).
		Want(http.StatusUnprocessableEntity)
	if got := refused.Field("Application notes for admins"); got != "ours" {
		t.Errorf("the note is %q after a form error", got)
	}
	refused.Submit("Save", orgtest.Values{"Application label": "Sigma renamed"}).Want(http.StatusOK, "Sigma renamed", "ours")
}

func TestPersonIsAssignedEditedAndUnassigned(t *testing.T) {
	_, admin, page := withSigma(t)
	dialog := page.Click("Assign to People").Want(http.StatusOK, "Assign Sigma on AWS to People")
	form := dialog.Row("Eva Ember").Click("Assign").Want(http.StatusOK, "User Type")
	back := form.Submit("Save and Go Back", orgtest.Values{"User Type": "Viewer"})
	back.Row("Eva Ember").Want(http.StatusOK, "Assigned")
	tab := back.Click("Done").Want(http.StatusOK)
	tab.Row("Eva Ember").Want(http.StatusOK, orgtest.EvaLogin, "Individual")
	edit := tab.Row("Eva Ember").Click("Edit")
	if got := edit.Field("User Type"); !strings.EqualFold(got, "viewer") {
		t.Errorf("User Type is %q", got)
	}
	edit.Submit("Save", orgtest.Values{"User Type": "Admin"}).Want(http.StatusOK, "The assignment of Eva Ember was saved.")
	confirm := tab.Row("Eva Ember").Click("Unassign").Want(http.StatusOK, "Are you sure", "deactivated")
	confirm.Submit("OK", nil).Want(http.StatusOK, "Eva Ember was unassigned.").WantNot(orgtest.EvaLogin)
	admin.Get("/admin/apps/active?q=nothing").Want(http.StatusOK, "No application in this list matches your search.")
}

func TestGroupsAreOrderedByPriority(t *testing.T) {
	lab, admin, page := withSigma(t)
	ctx, system := lab.Context(t), idp.System(idp.Client{})
	for _, name := range []string{"First", "Second", "Third"} {
		group, err := lab.Org.CreateGroup(ctx, system, name, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lab.Org.AssignGroup(ctx, system, only(t, lab).ID, group.ID,
			idp.Assignment{Profile: map[string]string{"userType": "viewer"}}); err != nil {
			t.Fatal(err)
		}
	}
	groups := page.Click("Assignments").Click("Groups").Want(http.StatusOK, "First", "User Type: Viewer")
	order := func(p *orgtest.Page) string {
		var names []string
		p.Doc.Find("main tbody th a").Each(func(_ int, a *goquery.Selection) { names = append(names, a.Text()) })
		return strings.Join(names, " ")
	}
	for _, step := range []struct{ row, button, want string }{
		{"Third", "To top", "Third First Second"},
		{"First", "Move down", "Third Second First"},
		{"First", "Move up", "Third First Second"},
	} {
		groups = groups.Row(step.row).Submit(step.button, nil).Want(http.StatusOK, "now has priority")
		if got := order(groups); got != step.want {
			t.Fatalf("%s of %s: order %s, want %s", step.button, step.row, got, step.want)
		}
	}
	list, err := lab.Org.AppGroups(ctx, only(t, lab).ID)
	if err != nil {
		t.Fatal(err)
	}
	dropped := admin.Post(strings.TrimPrefix(groups.URL.Path, "/okta/demo")+"/priorities", url.Values{"id": {list[2].GroupID},
		"position": {"1"}})
	if got := order(dropped.Want(http.StatusOK)); got != "Second Third First" {
		t.Errorf("the order after dragging: %s", got)
	}
}

func TestAppIsDeactivatedAndDeleted(t *testing.T) {
	_, admin, page := withSigma(t)
	inactive := page.Click("Deactivate").Want(http.StatusOK, "Deactivate Application").Submit("Deactivate Application", nil).
		Want(http.StatusOK, "Inactive")
	admin.Get("/admin/apps/active").WantNot("Sigma on AWS")
	admin.Get("/admin/apps/active?status=INACTIVE").Want(http.StatusOK, "Sigma on AWS")
	inactive.Click("Delete").Submit("Delete Application", nil).Want(http.StatusOK, "was deleted", "Browse App Catalog")
	admin.Get("/admin/apps/active?status=INACTIVE").WantNot("SAML 2.0")
}

func TestUsersAreAssignedToApps(t *testing.T) {
	lab, admin, _ := withSigma(t)
	app := only(t, lab)
	eva, err := lab.Org.User(lab.Context(t), orgtest.EvaLogin)
	if err != nil {
		t.Fatal(err)
	}
	admin.Get("/admin/apps/active").Click("Assign Users to App").Submit("Next", nil).
		Want(http.StatusUnprocessableEntity, "Choose at least one application.", "Choose at least one person.")
	confirm := admin.Post("/admin/apps/assign", url.Values{"app": {app.ID}, "person": {eva.ID}}).
		Want(http.StatusOK, "Confirm Assignments", "Eva Ember", "Will be assigned")
	confirm.Submit("Confirm Assignments", nil).Want(http.StatusOK, "1 assignment was made.")
	if _, err := lab.Org.AppUser(lab.Context(t), app.ID, eva.ID); err != nil {
		t.Error(err)
	}
}

func TestCustomSAMLAppIsCreated(t *testing.T) {
	_, admin := open(t)
	first := admin.Get("/admin/apps/active").Click("Create App Integration").Want(http.StatusOK, "SAML 2.0", "OIDC").
		Submit("Next", nil)
	first.Submit("Next", nil).Want(http.StatusUnprocessableEntity, "App name is required.")
	second := first.Submit("Next", orgtest.Values{"App name": "Ticket desk"}).Want(http.StatusOK, "Configure SAML")
	second.Submit("Finish", nil).Want(http.StatusUnprocessableEntity, "Configure SAML")
	second.Submit("Finish", orgtest.Values{"Single sign-on URL": "https://desk.example/saml",
		"Audience URI (SP Entity ID)": "desk"}).
		Want(http.StatusOK, "Ticket desk", "SAML Signing Certificates")
}

func TestUnknownAppPages(t *testing.T) {
	lab, admin, page := withSigma(t)
	app := only(t, lab)
	for _, path := range []string{
		"/admin/app/" + app.Name + "/instance/0oaNothing00000000000/", "/admin/app/other/instance/" + app.ID + "/",
		"/admin/app/" + app.Name + "/instance/" + app.ID + "/nothing", "/admin/apps/catalog/nothing",
		"/admin/app/" + app.Name + "/instance/" + app.ID + "/sign-on/certificates/none/okta.cert",
	} {
		admin.Get(path).Want(http.StatusNotFound)
	}
	page.Click("Mobile").Want(http.StatusOK, "not part of this stand-in yet")
	logs := page.Click("View Logs").Want(http.StatusOK, "System Log", "Create application")
	if got := logs.URL.Query().Get("q"); !strings.Contains(got, app.ID) {
		t.Errorf("the log's filter is %q", got)
	}
	lab.SignedIn(t, orgtest.EvaLogin).Get("/admin/apps/active").Want(http.StatusForbidden)
}

// only returns the only app of the lab.
func only(t *testing.T, lab *orgtest.Lab) idp.App {
	t.Helper()
	apps, err := lab.Org.Apps(lab.Context(t), idp.AppQuery{})
	if err != nil || len(apps) != 1 {
		t.Fatalf("%d apps, %v", len(apps), err)
	}
	return apps[0]
}

func TestConvertAssignmentsFromTheTab(t *testing.T) {
	_, _, tab := withSigma(t)
	tab.Click("Convert assignments").Want(http.StatusOK, "There is nothing to convert.")
	people := tab.Click("Assign to People").Row("Eva Ember").Click("Assign")
	people.Submit("Save and Go Back", nil).Want(http.StatusOK, "Assigned")
	tab.Click("Assign to Groups").Row("Marketing").Click("Assign").Submit("Save and Go Back", nil).Want(http.StatusOK, "Assigned")
	after := tab.Click("Convert assignments").Want(http.StatusOK, "Eva Ember").Submit("Convert", nil).
		Want(http.StatusOK, "1 assignment was converted.")
	after.Row("Eva Ember").Want(http.StatusOK, "Group", "Through Marketing")
}

// Preview SAML shows the response for a person or the reason why there is none. Nobody is signed on.
func TestPreviewSAML(t *testing.T) {
	_, admin, tab := withSigma(t)
	tab.Click("Sign On").Click("Preview SAML").Want(http.StatusOK, "Nobody is assigned to this application")
	tab.Click("Assign to People").Row("Eva Ember").Click("Assign").Submit("Save and Go Back", nil)
	page := tab.Click("Sign On").Click("Preview SAML").Want(http.StatusOK, "Eva Ember", "The preview does not sign anybody in.")
	if xml := page.Field("SAML response"); !strings.Contains(xml, orgtest.EvaLogin+"</saml2:NameID>") || !strings.Contains(xml,
		"\n  <saml2:Assertion") {
		t.Errorf("the response is\n%s", xml)
	}
	admin.Get("/admin/reports/system-log").Want(http.StatusOK).WantNot("User single sign on to app")
	admin.Get("/admin/users").Click("Eva Ember").Click("Suspend").Submit("Suspend", nil)
	tab.Click("Sign On").Click("Preview SAML").
		Want(http.StatusOK, "Okta would not send a response", "Eva Ember cannot sign in to Okta: the account is Suspended.")
}
