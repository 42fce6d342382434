package player

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"understudy/seed/script"
)

// allKinds holds the kinds in the order in which messages list controls.
var allKinds = []script.Kind{
	script.KindLink, script.KindButton, script.KindField, script.KindBox, script.KindChoice,
}

// kindOf is the kind of a control, "" for other elements. The role attribute overrides the element.
func kindOf(n *html.Node) script.Kind {
	if n.Type != html.ElementNode {
		return ""
	}
	switch attr(n, "role") {
	case "link":
		return script.KindLink
	case "button", "tab", "menuitem", "option":
		if n.DataAtom == atom.A && hasAttr(n, "href") {
			return script.KindLink
		}
		return script.KindButton
	case "checkbox", "switch", "menuitemcheckbox":
		return script.KindBox
	case "radio":
		return script.KindChoice
	}
	switch {
	case (n.DataAtom == atom.A || n.DataAtom == atom.Area) && hasAttr(n, "href"):
		return script.KindLink
	case n.DataAtom == atom.Button, n.DataAtom == atom.Summary, isButtonInput(n):
		return script.KindButton
	case n.DataAtom == atom.Input && inputType(n) == "checkbox":
		return script.KindBox
	case isChoice(n):
		return script.KindChoice
	case isField(n):
		return script.KindField
	}
	return ""
}

// controls lists the controls of these kinds that are not hidden, in document order.
func (p *page) controls(kinds ...script.Kind) []*html.Node {
	var list []*html.Node
	for n := range p.doc.Descendants() {
		if kind := kindOf(n); kind != "" && slices.Contains(kinds, kind) && !hidden(n, true) {
			list = append(list, n)
		}
	}
	return list
}

// isMain matches the main landmark.
func isMain(n *html.Node) bool { return n.DataAtom == atom.Main || attr(n, "role") == "main" }

// isCurrent reports whether the element is the current page of a navigation, or the selected tab.
func isCurrent(n *html.Node) bool {
	current, given := attribute(n, "aria-current")
	return given && current != "false" && current != "" || attr(n, "aria-selected") == "true"
}

// disabled reports whether the control is disabled, by itself or by its fieldset.
func disabled(n *html.Node) bool {
	if attr(n, "aria-disabled") == "true" {
		return true
	}
	switch n.DataAtom {
	case atom.Button, atom.Input, atom.Select, atom.Textarea:
		if hasAttr(n, "disabled") {
			return true
		}
		fieldset := closest(n.Parent, func(f *html.Node) bool { return f.DataAtom == atom.Fieldset && hasAttr(f, "disabled") })
		return fieldset != nil
	}
	return false
}

// sameEffect reports whether two controls do the same: links to one address, or equal submit buttons of one form.
func sameEffect(a, b *html.Node) bool {
	if a.DataAtom == atom.A && b.DataAtom == atom.A {
		return attr(a, "href") == attr(b, "href")
	}
	if !isSubmit(a) || !isSubmit(b) || closest(a, isElement(atom.Form)) != closest(b, isElement(atom.Form)) {
		return false
	}
	for _, key := range []string{"name", "value", "formaction", "formmethod", "form"} {
		if attr(a, key) != attr(b, key) {
			return false
		}
	}
	return true
}

// inputType is the type of an input, in lower case; text is the default.
func inputType(n *html.Node) string {
	if kind := strings.ToLower(attr(n, "type")); kind != "" {
		return kind
	}
	return "text"
}

// isButtonInput reports whether the element is an input that looks like a button.
func isButtonInput(n *html.Node) bool {
	if n.DataAtom != atom.Input {
		return false
	}
	switch inputType(n) {
	case "submit", "button", "reset", "image":
		return true
	}
	return false
}

// isField reports whether the element holds a value that is typed or copied.
func isField(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Textarea, atom.Output:
		return true
	case atom.Input:
		return !isButtonInput(n) && !isChoice(n) && inputType(n) != "hidden"
	}
	switch attr(n, "role") {
	case "textbox", "searchbox", "spinbutton":
		return true
	case "combobox":
		return n.DataAtom != atom.Select
	}
	return false
}

// isChoice reports whether the element is a select, a checkbox or a radio button.
func isChoice(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Select:
		return true
	case atom.Input:
		return inputType(n) == "checkbox" || inputType(n) == "radio"
	}
	return false
}

// options lists the options of a select.
func options(n *html.Node) []*html.Node {
	var list []*html.Node
	for d := range n.Descendants() {
		if d.DataAtom == atom.Option {
			list = append(list, d)
		}
	}
	return list
}
