package okta

import (
	"strings"

	"understudy/ui/kit"
)

// endUserSections is the left navigation of My Apps.
var endUserSections = []NavItem{
	{"My Apps", "/app/UserHome", true},
	{"Add apps", "/enduser/catalog", false},
	{"Notifications", "/enduser/notifications", false},
	{"Settings", "/enduser/settings", true},
	{"Preferences", "/enduser/preferences", false},
	{"Recent Activity", "/enduser/activity", false},
}

// belongs are the pages that do not stand below the address of their section.
var belongs = map[string]string{
	"/admin/user/":  "/admin/users",
	"/admin/group/": "/admin/groups",
	"/admin/app/":   "/admin/apps/active",
	"/admin/apps/":  "/admin/apps/active",
}

// holds reports whether the section is where the page at path belongs: the section with the longest address above it.
func (i NavItem) holds(path string) bool { return i.Path == sectionOf(path) }

func sectionOf(path string) (section string) {
	for _, group := range Navigation {
		for _, item := range group.Items {
			if (path == item.Path || strings.HasPrefix(path, item.Path+"/")) && len(item.Path) > len(section) {
				section = item.Path
			}
		}
	}
	if section != "" {
		return section
	}
	for prefix, section := range belongs {
		if strings.HasPrefix(path, prefix) {
			return section
		}
	}
	return path
}

// holds reports whether one of the group's sections is where the page at path belongs.
func (g NavGroup) holds(path string) bool {
	for _, item := range g.Items {
		if item.holds(path) {
			return true
		}
	}
	return false
}

func results(sentence string) []kit.Status {
	if sentence == "" {
		return nil
	}
	return []kit.Status{{Message: sentence}}
}

func (f ConsoleFrame) page() kit.Page {
	bar := kit.NewLabBar(f.Lab, f.Window)
	bar.Who = f.Login
	return kit.Page{Title: f.Title, Skin: kit.SkinOkta, Lab: bar, Errors: f.Errors, Status: results(f.Notice)}
}

func (f PlainFrame) page() kit.Page {
	return kit.Page{Title: f.Title, Skin: kit.SkinOkta, Lab: kit.NewLabBar(f.Lab, f.Window), Errors: f.Errors}
}

func (f EndUserFrame) page() kit.Page {
	bar := kit.NewLabBar(f.Lab, f.Window)
	bar.Who = f.Login
	return kit.Page{Title: f.Title, Skin: kit.SkinOkta, Lab: bar, Errors: f.Errors, Status: results(f.Notice)}
}

// withErrors gives the frame the errors of its form, for the summary and the title.
func (f PlainFrame) withErrors(errors FormErrors) PlainFrame {
	f.Errors = errors
	return f
}

func (f EndUserFrame) withErrors(errors FormErrors) EndUserFrame {
	f.Errors = errors
	return f
}
