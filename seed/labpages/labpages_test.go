package labpages_test

import (
	"net/url"
	"strings"
	"testing"

	"understudy/seed/door/doortest"
)

func TestStartPageCreatesLabs(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	v := r.Browser()
	if _, body, _ := v.Get("/"); !strings.Contains(body, "Create a lab") {
		t.Error("the start page has no form to create a lab")
	}
	status, body, _ := v.Post("/labs", url.Values{"name": {"No Name"}})
	if status != 422 || !strings.Contains(body, "small letters") || !strings.Contains(body, `value="No Name"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _, path := v.Post("/labs", url.Values{"name": {"mine"}}); status != 200 || path != "/labs/mine" {
		t.Errorf("%d %s", status, path)
	}
	if status, body, _ := v.Post("/labs", url.Values{"name": {"mine"}}); status != 422 || !strings.Contains(body, "already") {
		t.Errorf("%d %s", status, body)
	}
}

func TestPagesShowThatTheClockIsAhead(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	if status, body, _ := v.Post("/labs/demo/clock", url.Values{"days": {"3"}}); status != 200 || !strings.Contains(body, "3 days ahead") {
		t.Errorf("%d %s", status, body)
	}
	// By the lab's clock the session has expired. The sign-in page says that the clock is ahead.
	if _, body, _ := v.Get("/okta/demo/admin/dashboard"); !strings.Contains(body, "Clock 3 days ahead") || !strings.Contains(body, "Sign In") {
		t.Errorf("%s", body)
	}
	if status, _, _ := v.Post("/labs/demo/clock", url.Values{"days": {"-1"}}); status != 400 {
		t.Errorf("a negative number of days: %d", status)
	}
	v.Post("/labs/demo/clock", url.Values{"days": {"0"}})
	if _, body, _ := v.Get("/okta/demo/"); strings.Contains(body, "days ahead") {
		t.Error("the clock is still ahead")
	}
}

func TestLabSettingIsKept(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	status, body, path := v.Post("/labs/demo/settings", url.Values{"unknownTypes": {"refuse"}})
	if status != 200 || path != "/labs/demo" || !strings.Contains(body, `value="refuse" checked`) {
		t.Errorf("%s answers %d: %s", path, status, body)
	}
}
