package okta

import "understudy/ui/kit"

// lead is the line under the group's name.
func (h GroupHead) lead() string {
	text := "Source: " + h.Source + " · " + plural(h.People, "person", "people") + " · " +
		plural(h.Apps, "application", "applications")
	if h.Description != "" {
		return h.Description + " · " + text
	}
	return text
}

func (h GroupHead) tabs() (tabs []kit.Tab) {
	for _, t := range []struct{ label, key string }{{"People", "people"}, {"Applications", "applications"},
		{"Profile", "profile"}, {"Directories", "directories"}, {"Admin roles", "admin-roles"}} {
		tabs = append(tabs, kit.Tab{Label: t.label, Href: h.Path + "/" + t.key, Current: h.Tab == t.key})
	}
	return tabs
}

// assign is the button of the empty tab People.
func (v GroupPeoplePage) assign() kit.Button {
	if !v.Head.CanAssignPeople {
		return kit.Button{}
	}
	return kit.Button{Label: "Assign people", Href: v.Head.Path + "/assign-people", Dialog: true}
}
