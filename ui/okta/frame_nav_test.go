package okta

import "testing"

// A page belongs to exactly one item of the navigation, also if its path is below the path of another item.
func TestWithinMarksOneItem(t *testing.T) {
	for path, want := range map[string]string{
		"/admin/users":                "People",
		"/admin/users/00u1/groups":    "People",
		"/admin/reports":              "Reports",
		"/admin/reports/system-log":   "System Log",
		"/admin/security/general":     "General",
		"/admin/apps/active":          "Applications",
		"/admin/usersettings-unknown": "",
	} {
		got := ""
		for _, group := range Navigation() {
			for _, item := range group.Items {
				if within(item.Path, path) {
					got += item.Label
				}
			}
		}
		if got != want {
			t.Errorf("%s is within %q, want %q", path, got, want)
		}
	}
}

// The console opens one group of the navigation: the group with the current page.
func TestNavigationOpensTheGroupOfThePage(t *testing.T) {
	for _, group := range Navigation() {
		for _, item := range group.Items {
			for _, other := range Navigation() {
				if other.contains(item.Path) != (other.Label == group.Label) {
					t.Errorf("%s: group %s contains it: %v", item.Path, other.Label, other.contains(item.Path))
				}
			}
		}
	}
}
