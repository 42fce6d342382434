package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/console"
	"understudy/idp/internal/orgtest"
	"understudy/idp/provision"
	"understudy/idp/signin"
	"understudy/scim"
	"understudy/scim/scimtest"
)

const scimToken = "token-of-the-scim-service"

// provisioning is an org with the app Sigma on AWS, the provisioning runner, and the SCIM service of the app.
type provisioning struct {
	*testing.T
	lab     *orgtest.Lab
	admin   *orgtest.Browser
	app     idp.App
	runner  *provision.Runner
	scim    *scimtest.Service
	baseURL string
}

// openProvisioning opens the org and its SCIM service. The app's API integration is off.
func openProvisioning(t *testing.T) *provisioning {
	t.Helper()
	s := &provisioning{T: t, runner: provision.New(provision.Config{}), scim: scimtest.New(t, nil)}
	s.lab = orgtest.Open(t, orgtest.Starter(), idp.Options{Wake: s.runner.Wake}, func(e *echo.Echo) {
		e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				c.SetRequest(c.Request().WithContext(provision.With(c.Request().Context(), s.runner)))
				return next(c)
			}
		})
		signin.Register(e, signin.Options{})
		console.Register(e)
	})
	s.runner.Start(s.lab.Org)
	t.Cleanup(s.runner.Stop)
	s.baseURL = s.scim.Listen(t, scimToken)
	s.admin, s.app = s.lab.SignedIn(t, orgtest.AdminLogin), sigma(t, s.lab)
	return s
}

// page opens a page of the app, such as "assignments".
func (s *provisioning) page(tab string) *orgtest.Page {
	s.Helper()
	return s.admin.Get("/admin/app/sigmaonaws/instance/" + s.app.ID + "/" + tab)
}

// settled waits until all due jobs have run.
func (s *provisioning) settled() {
	s.Helper()
	if err := s.runner.Settled(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// enable enables the API integration and everything under To App, with the pages of the app.
func (s *provisioning) enable() {
	s.Helper()
	s.page("provisioning").Click("Configure API Integration").
		Submit("Save", orgtest.Values{"Enable API integration": "on", "Base URL": s.baseURL, "API Token": scimToken}).
		Want(http.StatusOK, "The API integration was saved.")
	s.admin.Post("/admin/app/sigmaonaws/instance/"+s.app.ID+"/provisioning/to-app/edit",
		map[string][]string{"createUsers": {"true"}, "updateUsers": {"true"}, "deactivateUsers": {"true"}}).
		Want(http.StatusOK, "The provisioning settings were saved.")
	s.settled()
}

// scimUsers returns the users of the SCIM service.
func (s *provisioning) scimUsers() []*scim.Object {
	s.Helper()
	page, err := (&scim.Client{BaseURL: s.baseURL, Token: scimToken}).Query(s.Context(), "Users", scim.ListRequest{StartIndex: 1,
		Count: 100})
	if err != nil {
		s.Fatal(err)
	}
	return page.Resources
}

func TestCredentialsAreTestedBeforeTheyAreSaved(t *testing.T) {
	s := openProvisioning(t)
	form := s.page("provisioning").Want(http.StatusOK, "Provisioning is not enabled").Click("Configure API Integration").
		Want(http.StatusOK, "Enable API integration")
	typed := orgtest.Values{"Enable API integration": "on", "Base URL": s.baseURL, "API Token": "wrong"}
	refused := form.Submit("Save", typed).Want(http.StatusUnprocessableEntity,
		"Error authenticating: Unauthorized. Errors reported by remote server: The token is not valid.")
	if refused.Field("Base URL") != s.baseURL || refused.Field("API Token") != "wrong" {
		t.Error("the form lost the typed values")
	}
	typed["Base URL"] = strings.TrimSuffix(s.baseURL, "/scim/v2")
	form.Submit("Test API Credentials", typed).Want(http.StatusUnprocessableEntity, "Error authenticating: Not Found")
	typed["Base URL"] = "nonsense"
	form.Submit("Test API Credentials", typed).Want(http.StatusUnprocessableEntity, "Enter the SCIM base URL")
	s.page("provisioning").Want(http.StatusOK, "Provisioning is not enabled")

	typed["Base URL"], typed["API Token"] = s.baseURL, scimToken
	verified := form.Submit("Test API Credentials", typed).Want(http.StatusOK, "Sigma on AWS was verified successfully!")
	s.page("provisioning").Want(http.StatusOK, "Provisioning is not enabled")
	saved := verified.Submit("Save", nil).Want(http.StatusOK, "The API integration was saved.", "Provisioning to App", "Disabled")
	integration := saved.Click("Integration").Want(http.StatusOK, s.baseURL)
	if edit := integration.Click("Edit"); strings.Contains(edit.Body, scimToken) || edit.Field("Base URL") != s.baseURL {
		t.Error("the form shows the saved token, or lost the base URL")
	}
	integration.Click("Edit").Submit("Save", nil).
		Want(http.StatusOK, "The API integration was saved.") // an empty token keeps the saved one
	integration.Click("Edit").Submit("Save", orgtest.Values{"Enable API integration": "off"}).
		Want(http.StatusOK, "Provisioning is not enabled")
}

// The catalog app knows the base URL of the lab's Sigma. The org of the test has no SCIM service there, so the test of the credentials
// fails at that address and nowhere else.
func TestAnEmptyBaseURLIsTheLabsSigma(t *testing.T) {
	s := openProvisioning(t)
	own := s.lab.URL + "/sigma/demo/scim/v2"
	form := s.page("provisioning").Click("Configure API Integration").Want(http.StatusOK, "If the field is empty, Okta uses this lab", own)
	form.Submit("Test API Credentials", orgtest.Values{"API Token": scimToken}).
		Want(http.StatusUnprocessableEntity, "Error authenticating: Not Found").WantNot("Enter the SCIM base URL")
}

func TestMappingsAreEditedWithAPreview(t *testing.T) {
	s := openProvisioning(t)
	s.enable()
	page := s.page("provisioning").Want(http.StatusOK, "Sigma on AWS Attribute Mappings", "user.firstName").WantNot("User Type")
	page.Click("Show Unmapped Attributes").Want(http.StatusOK, "User Type", "Not mapped")
	form := page.Row("Display name").Click("Edit").Want(http.StatusOK, "Attribute value")
	form.Submit("Preview", orgtest.Values{"Attribute value": `user.lastName + ", " + user.firstName`,
		"Preview with a person": "Eva Ember (" + orgtest.EvaLogin + ")"}).
		Want(http.StatusOK, "Preview: Ember, Eva").
		Submit("Save", nil).Want(http.StatusOK, "The mapping of Display name was saved.", `user.lastName + ", " + user.firstName`)
	s.page("provisioning/to-okta").Want(http.StatusOK, "User Creation & Matching")
	s.page("provisioning").Submit("Force Sync", nil).Want(http.StatusOK, "0 profiles are pushed")
}

func TestPeopleAssignedBeforeProvisioningWaitForProvisionUser(t *testing.T) {
	s := openProvisioning(t)
	s.page("assignments/people").Row("Eva Ember").Click("Assign").Submit("Save and Go Back", nil).Want(http.StatusOK, "Assigned")
	s.enable()
	waiting := s.page("assignments").Row("Eva Ember").
		Want(http.StatusOK, "User was assigned this application before Provisioning was enabled "+
			"and not provisioned in the downstream application. Click Provision User.")
	if len(s.scimUsers()) != 0 {
		t.Error("a person was provisioned before Provision User")
	}
	waiting.WantNot("Retry")
	s.admin.Get("/admin/apps/active").Row("Sigma on AWS").Want(http.StatusOK, "1 assignment has an error").Click("1 assignment has an error").
		Want(http.StatusOK, "Click Provision User")
	s.page("assignments").Submit("Provision User", nil).Want(http.StatusOK, "1 person is being provisioned")
	s.settled()
	s.page("assignments").Want(http.StatusOK, "Eva Ember").WantNot("Click Provision User")
	s.admin.Get("/admin/apps/active").WantNot("has an error")
	if users := s.scimUsers(); len(users) != 1 || users[0].Text("userName") != orgtest.EvaLogin {
		t.Errorf("the SCIM service has %d users", len(users))
	}
}

func TestFailedAssignmentShowsItsErrorAndIsRetried(t *testing.T) {
	s := openProvisioning(t)
	s.enable()
	ctx := s.lab.Context(t)
	in, err := s.lab.Org.SaveCredentials(ctx, idp.System(idp.Client{}), s.app.ID, idp.Credentials{Enabled: true, BaseURL: s.baseURL,
		Token: "revoked"})
	if err != nil || !in.Enabled {
		t.Fatal(err)
	}
	s.page("assignments/people").Row("Eva Ember").Click("Assign").Submit("Save and Go Back", nil)
	s.settled()
	s.page("assignments").Row("Eva Ember").
		Want(http.StatusOK, "The credentials used to connect to the API were invalid; please check your configuration.")
	s.admin.Get("/admin/apps/active").Row("Sigma on AWS").Want(http.StatusOK, "1 assignment has an error")
	if _, err := s.lab.Org.SaveCredentials(ctx, idp.System(idp.Client{}), s.app.ID, idp.Credentials{Enabled: true,
		BaseURL: s.baseURL, Token: scimToken}); err != nil {
		t.Fatal(err)
	}
	s.settled() // a new token retries the failed jobs
	s.page("assignments").Row("Eva Ember").WantNot("invalid", "Retry")
	if len(s.scimUsers()) != 1 {
		t.Error("Eva was not created")
	}
}

func TestGroupsArePushedByName(t *testing.T) {
	s := openProvisioning(t)
	s.page("push-groups").Want(http.StatusOK, "Groups can be pushed once the API integration is on.")
	s.enable()
	empty := s.page("push-groups").Want(http.StatusOK, "No group is pushed.")
	empty.Click("Find groups by name").Submit("Search", orgtest.Values{"Enter a group to push": "zzz"}).
		Want(http.StatusOK, "No group matches “zzz”")
	chosen := empty.Click("Find groups by name").Submit("Search", orgtest.Values{"Enter a group to push": "mark"}).
		Click("Marketing").Want(http.StatusOK, "No match found")
	chosen.Submit("Save & Add Another", nil).
		Want(http.StatusOK, "Marketing is being pushed to Sigma on AWS.", "Enter a group to push")
	s.settled()
	pushed := s.page("push-groups").Row("Marketing").Want(http.StatusOK, "Active")
	pushed.Submit("Deactivate group push", nil).Want(http.StatusOK, "no longer pushed")
	s.page("push-groups").Row("Marketing").Want(http.StatusOK, "Inactive").Submit("Activate group push", nil)
	s.settled()
	s.page("push-groups").Row("Marketing").Submit("Push now", nil).Want(http.StatusOK, "is being pushed")
	s.settled()
	unlink := s.page("push-groups").Row("Marketing").Click("Unlink pushed group").
		Want(http.StatusOK, "Delete the group in the target app (recommended)")
	unlink.Submit("Unlink", orgtest.Values{"Leave the group in the target app": "on"}).
		Want(http.StatusOK, "Marketing was unlinked.", "No group is pushed.")
	s.settled()
	s.page("push-groups").Submit("Refresh App Groups", nil)
	s.settled()
	match := s.page("push-groups/by-name").Submit("Search", orgtest.Values{"Enter a group to push": "Marketing"}).Click("Marketing")
	match.Want(http.StatusOK, "Match found: Marketing", "Link Group").Submit("Save", nil)
	s.settled()
	s.page("push-groups").Row("Marketing").Want(http.StatusOK, "Active")
}

func TestGroupsArePushedByRule(t *testing.T) {
	s := openProvisioning(t)
	s.enable()
	form := s.page("push-groups").Click("Find groups by rule")
	form.Submit("Create Rule", nil).Want(http.StatusUnprocessableEntity, "Enter a name for the rule.")
	typed := orgtest.Values{"Rule name": "Everything about markets", "Group name": "starts with", "Text": "market"}
	form.Submit("Preview", typed).Want(http.StatusOK, "1 group found by this rule so far: Marketing").
		Submit("Create Rule", nil).Want(http.StatusOK, "The rule Everything about markets was created.", "Marketing",
		"By the rule Everything about markets")
	s.admin.Get("/admin/groups").Click("Add group").Submit("Save", orgtest.Values{"Name": "Market research"})
	s.settled()
	page := s.page("push-groups").Want(http.StatusOK, "Market research", "2 groups")
	page.Click("Delete rule").Submit("Delete Rule", nil).Want(http.StatusOK, "was deleted.", "No group is pushed.")
}

func TestPeopleAreImportedAndConfirmed(t *testing.T) {
	s := openProvisioning(t)
	s.page("import").Want(http.StatusOK, "People can be imported once the API integration is on.")
	client := &scim.Client{BaseURL: s.baseURL, Token: scimToken}
	for _, person := range [][3]string{{orgtest.EvaLogin, "Eva", "Ember"}, {"nora@example.com", "Nora", "North"},
		{"ola@elsewhere.example", "Ola", "Admin"}} {
		user := scim.NewObject()
		user.Set("schemas", []any{scim.CoreUser})
		user.Set("userName", person[0])
		name := scim.NewObject()
		name.Set("givenName", person[1])
		name.Set("familyName", person[2])
		user.Set("name", name)
		if _, err := client.Create(t.Context(), "Users", user); err != nil {
			t.Fatal(err)
		}
	}
	s.enable()
	s.page("import").Submit("Import Now", nil).Want(http.StatusOK, "The import was started.")
	s.settled()
	found := s.page("import").Want(http.StatusOK, "3 users scanned", "3 new users found", "Exact match", "Partial match",
		"No match")
	if _, checked := found.Row("Eva Ember").Doc.Find("input[name=confirm]").Attr("checked"); !checked {
		t.Error("an exact match is not selected")
	}
	found.Submit("Confirm Assignments", nil).Want(http.StatusOK, "1 assignment was confirmed.").WantNot("Exact match")
	s.page("assignments").Want(http.StatusOK, "Eva Ember").WantNot("Nora")
	s.page("import").Submit("Clear Unconfirmed Users", nil).Want(http.StatusOK, "The list of unconfirmed users was cleared.").
		WantNot("Nora")
	s.page("import").Submit("Import Now", nil)
	s.settled()
	s.page("import").Want(http.StatusOK, "3 users scanned", "2 new users found", "1 user unchanged")
}
