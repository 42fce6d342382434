package okta

import "strings"

// NavItem is one entry of the Admin Console's left navigation.
type NavItem struct {
	Label string
	Path  string // below AdminFrame.Base
}

// NavGroup is one collapsible group of the left navigation.
type NavGroup struct {
	Label string
	Icon  string
	Items []NavItem
}

// Navigation is the left navigation of the Admin Console of Okta Identity Engine, as of 2023 (idp/OKTA.md, Admin
// Console). Package idp/console registers a route for each path, so that a section that does not exist yet has a page with
// its name.
func Navigation() []NavGroup {
	return []NavGroup{
		{"Dashboard", "layout-dashboard", []NavItem{
			{"Dashboard", "/admin/dashboard"}, {"Tasks", "/admin/tasks"}, {"Getting Started", "/admin/getting-started"}}},
		{"Directory", "users", []NavItem{
			{"People", "/admin/users"}, {"Groups", "/admin/groups"}, {"Devices", "/admin/devices"},
			{"Profile Editor", "/admin/universaldirectory"}, {"Directory Integrations", "/admin/directory-integrations"},
			{"Self-Service Registration", "/admin/self-service-registration"}, {"Profile Sources", "/admin/profile-sources"}}},
		{"Customizations", "palette", []NavItem{
			{"Brands", "/admin/brands"}, {"Other", "/admin/customizations/other"}}},
		{"Applications", "layout-grid", []NavItem{
			{"Applications", "/admin/apps"}, {"Self Service", "/admin/self-service"},
			{"API Service Integrations", "/admin/api-service-integrations"}}},
		{"Security", "shield", []NavItem{
			{"General", "/admin/security/general"}, {"HealthInsight", "/admin/security/healthinsight"},
			{"Authenticators", "/admin/security/authenticators"},
			{"Authentication Policies", "/admin/security/authentication-policies"},
			{"Global Session Policy", "/admin/security/global-session-policy"},
			{"Profile Enrollment", "/admin/security/profile-enrollment"},
			{"Identity Providers", "/admin/security/identity-providers"},
			{"Delegated Authentication", "/admin/security/delegated-authentication"},
			{"Networks", "/admin/security/networks"}, {"Behavior Detection", "/admin/security/behavior-detection"},
			{"Administrators", "/admin/security/administrators"}, {"API", "/admin/security/api"},
			{"Device Integrations", "/admin/security/device-integrations"}}},
		{"Workflow", "workflow", []NavItem{
			{"Automations", "/admin/workflow/automations"}, {"Inline Hooks", "/admin/workflow/inline-hooks"},
			{"Event Hooks", "/admin/workflow/event-hooks"}}},
		{"Reports", "chart-column", []NavItem{
			{"Reports", "/admin/reports"}, {"System Log", "/admin/reports/system-log"}}},
		{"Settings", "settings", []NavItem{
			{"Account", "/admin/settings/account"}, {"Features", "/admin/settings/features"},
			{"Downloads", "/admin/settings/downloads"}, {"Emails & SMS", "/admin/settings/emails"}}},
	}
}

// within reports whether path is the page of the item or a page below it. A page of another item is not within: the path
// of System Log is below the path of Reports.
func within(item, path string) bool {
	if path == item {
		return true
	}
	return strings.HasPrefix(path, item+"/") && !isItem(path)
}

// isItem reports whether path is the path of an item.
func isItem(path string) bool {
	for _, g := range Navigation() {
		for _, i := range g.Items {
			if i.Path == path {
				return true
			}
		}
	}
	return false
}

// contains reports whether path is within an item of the group.
func (g NavGroup) contains(path string) bool {
	for _, i := range g.Items {
		if within(i.Path, path) {
			return true
		}
	}
	return false
}
