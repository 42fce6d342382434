package okta

import "understudy/ui/kit"

// lead is the line under the person's name.
func (h PersonHead) lead() string {
	if h.Since.IsZero() {
		return h.Username
	}
	return h.Username + " · " + h.Status + " since " + when(h.Since)
}

// menu lists the items of More Actions.
func (h PersonHead) menu() (items []kit.MenuItem) {
	for _, action := range h.More {
		item := kit.MenuItem{Label: action.Label, Href: action.Path, Dialog: true, Danger: action.Danger, Rule: action.Danger}
		if action.NoConfirm {
			item = kit.MenuItem{Label: action.Label, Post: action.Path}
		}
		items = append(items, item)
	}
	return items
}

func (h PersonHead) tabs() (tabs []kit.Tab) {
	for _, t := range []struct{ label, key string }{
		{"Applications", "applications"}, {"Groups", "groups"}, {"Profile", "profile"}, {"Devices", "devices"},
		{"Admin roles", "admin-roles"},
	} {
		tabs = append(tabs, kit.Tab{Label: t.label, Href: h.Path + "/" + t.key, Current: h.Tab == t.key})
	}
	return tabs
}

// assign is the button of the empty tab Applications.
func (v PersonAppsPage) assign() kit.Button {
	if !v.Head.CanAssign {
		return kit.Button{}
	}
	return kit.Button{Label: "Assign Applications", Href: v.Head.Path + "/assign-apps", Dialog: true}
}

// editButton opens the edit mode of a section. Without a path there is no button.
func editButton(path string) kit.Button {
	if path == "" {
		return kit.Button{}
	}
	return kit.Button{Label: "Edit", Href: path}
}
