package okta

// NavGroup is a group of the Admin Console's left navigation.
type NavGroup struct {
	Name  string
	Icon  string
	Items []NavItem
}

// NavItem is a section of the Admin Console.
type NavItem struct {
	Name  string
	Path  string // within the Okta half
	Built bool   // false: the page only says that it is not part of the stand-in yet
}

// Navigation is the Admin Console's left navigation, in the order and words of 2023.
var Navigation = []NavGroup{
	{"Dashboard", "layout-dashboard", []NavItem{
		{"Dashboard", "/admin/dashboard", true},
		{"Tasks", "/admin/tasks", true},
		{"Getting Started", "/admin/getting-started", false},
	}},
	{"Directory", "users", []NavItem{
		{"People", "/admin/users", true},
		{"Groups", "/admin/groups", true},
		{"Devices", "/admin/devices", false},
		{"Profile Editor", "/admin/universaldirectory", false},
		{"Directory Integrations", "/admin/people/directories", false},
		{"Self-Service Registration", "/admin/selfservice", false},
		{"Profile Sources", "/admin/profilemasters", false},
	}},
	{"Customizations", "palette", []NavItem{
		{"Brands", "/admin/customizations/brands", false},
		{"Other", "/admin/customizations/other", false},
	}},
	{"Applications", "layout-grid", []NavItem{
		{"Applications", "/admin/apps/active", true},
		{"Self Service", "/admin/apps/self-service", false},
		{"API Service Integrations", "/admin/apps/api-services", false},
	}},
	{"Security", "shield", []NavItem{
		{"General", "/admin/security/general", false},
		{"HealthInsight", "/admin/security/healthinsight", false},
		{"Authenticators", "/admin/security/authenticators", false},
		{"Authentication Policies", "/admin/authn/authentication-policies", false},
		{"Global Session Policy", "/admin/access/policies", false},
		{"Profile Enrollment", "/admin/authn/policies/profile-enrollment", false},
		{"Identity Providers", "/admin/access/identity-providers", false},
		{"Delegated Authentication", "/admin/security/delegated-authentication", false},
		{"Networks", "/admin/access/networks", false},
		{"Behavior Detection", "/admin/access/behavior-detection", false},
		{"Administrators", "/admin/access/admins", false},
		{"API", "/admin/access/api", false},
		{"Device Integrations", "/admin/security/device-integrations", false},
	}},
	{"Workflow", "workflow", []NavItem{
		{"Automations", "/admin/workflow/automations", false},
		{"Inline Hooks", "/admin/workflow/inline-hooks", false},
		{"Event Hooks", "/admin/workflow/event-hooks", false},
	}},
	{"Reports", "chart-column", []NavItem{
		{"Reports", "/admin/reports", false},
		{"System Log", "/admin/reports/system-log", true},
	}},
	{"Settings", "settings", []NavItem{
		{"Account", "/admin/settings/account", false},
		{"Features", "/admin/settings/features", false},
		{"Downloads", "/admin/settings/downloads", false},
		{"Emails & SMS", "/admin/settings/emails-sms", false},
	}},
}
