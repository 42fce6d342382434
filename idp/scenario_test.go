package idp_test

import (
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

func noPages(*echo.Echo) {}

// A scenario assigns the app to a group that Okta imports later, with the values that it gives, and only once.
func TestScenarioAssignsTheAppToAnImportedGroup(t *testing.T) {
	seed := orgtest.Starter()
	seed.ImportedGroups = []idp.SeedImportedGroup{{Name: "FinanceViewers", Profile: map[string]string{"userType": "viewer"}}}
	l := orgtest.Open(t, seed, idp.Options{}, noPages)
	ctx, actor := l.Context(t), idp.System(idp.Client{})
	app, err := l.Org.AddApp(ctx, actor, idp.NewApp{CatalogKey: "sigmaonaws"})
	if err != nil {
		t.Fatal(err)
	}
	imported := []idp.ImportedGroup{{ExternalID: "t1", Name: "FinanceViewers"}, {ExternalID: "t2", Name: "Operations"}}
	for range 2 { // the second import changes nothing
		if err := l.Org.SaveImportedGroups(ctx, actor, app.ID, imported); err != nil {
			t.Fatal(err)
		}
	}
	groups, err := l.Org.AppGroups(ctx, app.ID)
	if err != nil || len(groups) != 1 || groups[0].GroupName != "FinanceViewers" || groups[0].Profile["userType"] != "viewer" || groups[0].People != 0 {
		t.Errorf("assigned to %+v, %v", groups, err)
	}
}

func TestScenarioChoosesWordings(t *testing.T) {
	l := orgtest.Open(t, orgtest.Starter(), idp.Options{}, noPages)
	ctx := l.Context(t)
	if s, err := l.Org.Settings(ctx); err != nil || s.Label("More details") != "More details" || s.OtherLabel("More details") != "Show details" {
		t.Errorf("without a choice: %q, %v", s.Label("More details"), err)
	}
	seed := idp.Seed{Name: "A", Subdomain: "a", Labels: map[string]string{"More details": "Show details"}}
	l = orgtest.Open(t, seed, idp.Options{}, noPages)
	if s, err := l.Org.Settings(l.Context(t)); err != nil || s.Label("More details") != "Show details" || s.OtherLabel("More details") != "More details" {
		t.Errorf("with a choice: %q, %v", s.Label("More details"), err)
	}
	for _, wrong := range []map[string]string{{"More details": "Details"}, {"Save": "Keep"}} {
		err := l.Org.Populate(l.Context(t), idp.Seed{Labels: wrong})
		if err == nil || !strings.Contains(err.Error(), "cannot be worded") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}
