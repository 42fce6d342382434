package player

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"understudy/seed/script"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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

// notFound means that the page does not have, or not yet, what the script asks for.
type notFound struct{ what string }

func (e notFound) Error() string { return e.what }

// find gives the control of these kinds with exactly this name, within a container when within is not empty. When several
// controls have the name, find prefers one in an open dialog, then one in main, then one that is not the current page or
// tab, then one that is not in a closed details element, then one that is enabled (see preferred). Several that remain
// must have the same effect.
func (p *page) find(name, within string, kinds ...script.Kind) (*html.Node, error) {
	var found []*html.Node
	for _, n := range p.controls(kinds...) {
		if p.name(n) == name {
			found = append(found, n)
		}
	}
	if within != "" && len(found) > 0 {
		if found = p.within(found, within); len(found) == 0 {
			return nil, notFound{fmt.Sprintf("no %s “%s” in a row, list item, region or dialog with “%s”",
				kindNames(kinds), name, within)}
		}
	}
	if found = p.preferred(found); len(found) == 0 {
		return nil, notFound{fmt.Sprintf("no %s “%s”", kindNames(kinds), name)}
	}
	for _, other := range found[1:] {
		if !sameEffect(found[0], other) {
			return nil, notFound{fmt.Sprintf("%d controls are named “%s”: add the row, region or dialog (in: …)", len(found), name)}
		}
	}
	if disabled(found[0]) {
		return nil, notFound{fmt.Sprintf("the %s “%s” is disabled", kindNames(kinds), name)}
	}
	return found[0], nil
}

func kindNames(kinds []script.Kind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	return strings.Join(words, " or ")
}

// preferred keeps the controls with the best rank. Each rule of find is a bit of the rank; the last rule in the list weighs
// most, and 0 is best.
func (p *page) preferred(found []*html.Node) []*html.Node {
	best, kept := math.MaxInt, []*html.Node(nil)
	for _, n := range found {
		rank := 0
		for i, worse := range []bool{
			disabled(n), inClosedDetails(n), isCurrent(n), closest(n, isMain) == nil, closest(n, isElement(atom.Dialog)) == nil,
		} {
			if worse {
				rank |= 1 << i
			}
		}
		if rank < best {
			best, kept = rank, nil
		}
		if rank == best {
			kept = append(kept, n)
		}
	}
	return kept
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

// isContainer reports whether the element is a row, list item, region, dialog or another group of controls.
func isContainer(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Tr, atom.Li, atom.Fieldset, atom.Section, atom.Article, atom.Dialog, atom.Details, atom.Aside,
		atom.Main, atom.Nav:
		return true
	}
	switch attr(n, "role") {
	case "row", "listitem", "group", "region", "dialog", "article", "tabpanel", "radiogroup":
		return true
	}
	return false
}

// within keeps the controls whose container fits the text best (see textRank). Among containers of the same rank it takes
// the smallest, measured by its text.
func (p *page) within(found []*html.Node, text string) []*html.Node {
	bestRank, bestSize := math.MaxInt, math.MaxInt
	var kept []*html.Node
	for _, n := range found {
		rank, size := math.MaxInt, math.MaxInt
		for box := closest(n.Parent, isContainer); box != nil; box = closest(box.Parent, isContainer) {
			r := p.textRank(box, text)
			if r < 0 {
				continue
			}
			if s := len(p.text(box)); r < rank || r == rank && s < size {
				rank, size = r, s
			}
		}
		switch {
		case rank == math.MaxInt || rank > bestRank || rank == bestRank && size > bestSize:
		case rank == bestRank && size == bestSize:
			kept = append(kept, n)
		default:
			bestRank, bestSize, kept = rank, size, []*html.Node{n}
		}
	}
	return kept
}

// textRank says how a container holds a text: 0 as its name or heading, 1 as a whole text node, 2 as part of a longer
// text, -1 not at all.
func (p *page) textRank(box *html.Node, text string) int {
	if p.name(box) == text || p.heading(box) == text {
		return 0
	}
	for n := range box.Descendants() {
		if n.Type == html.TextNode && fold(n.Data) == text && !hidden(n, false) {
			return 1
		}
	}
	if strings.Contains(p.text(box), text) {
		return 2
	}
	return -1
}

// heading is the text of a container's first heading, "" for rows and list items.
func (p *page) heading(box *html.Node) string {
	switch box.DataAtom {
	case atom.Section, atom.Article, atom.Dialog, atom.Aside, atom.Div:
	default:
		return ""
	}
	for n := range box.Descendants() {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			if closest(n.Parent, isContainer) == box {
				return p.name(n)
			}
			return ""
		}
	}
	return ""
}

// container is the container that fits a text best, nil when none holds it.
func (p *page) container(text string) *html.Node {
	bestRank, bestSize := math.MaxInt, math.MaxInt
	var best *html.Node
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || !isContainer(n) || hidden(n, true) || inClosedDetails(n) {
			continue
		}
		rank := p.textRank(n, text)
		if rank < 0 {
			continue
		}
		if size := len(p.text(n)); rank < bestRank || rank == bestRank && size < bestSize {
			bestRank, bestSize, best = rank, size, n
		}
	}
	return best
}

// shows reports whether the page shows what a see, not-see or wait names.
func (p *page) shows(a script.Action) bool {
	if a.Kind != "" {
		_, err := p.find(a.Name, a.In, a.Kind)
		return err == nil
	}
	if a.In == "" {
		return strings.Contains(p.allText(), fold(a.Name))
	}
	box := p.container(a.In)
	return box != nil && strings.Contains(p.text(box), fold(a.Name))
}

// has reports whether the page has a control or an option with this name, or shows the name as text.
func (p *page) has(name string) bool {
	name = fold(name)
	if strings.Contains(p.allText(), name) {
		return true
	}
	for _, kind := range allKinds {
		for _, n := range p.controls(kind) {
			if p.name(n) == name {
				return true
			}
			isOption := func(o *html.Node) bool { return fold(rawText(o)) == name }
			if n.DataAtom == atom.Select && slices.ContainsFunc(options(n), isOption) {
				return true
			}
		}
	}
	return false
}

// choice finds what a choose action names: an option of a select, a radio button in a named group, or a radio button by
// its own name (the action has no value). option is nil for radio buttons.
func (p *page) choice(a script.Action) (control, option *html.Node, err error) {
	if a.Value == "" {
		radio, err := p.find(a.Name, a.In, script.KindChoice)
		return radio, nil, err
	}
	control, err = p.find(a.Name, a.In, script.KindChoice)
	if err != nil {
		radio, radioErr := p.find(a.Value, a.Name, script.KindChoice)
		if radioErr == nil && p.groupOf(radio, a.Name) {
			return radio, nil, nil
		}
		return nil, nil, notFound{
			fmt.Sprintf("no select “%s”, and no group “%s” with a choice “%s”", a.Name, a.Name, a.Value),
		}
	}
	var offered []string
	for _, o := range options(control) {
		label := fold(rawText(o))
		if label == a.Value && !hasAttr(o, "disabled") {
			return control, o, nil
		}
		offered = append(offered, "“"+label+"”")
	}
	return nil, nil, notFound{fmt.Sprintf("“%s” has the options %s, not “%s”", a.Name, strings.Join(offered, ", "), a.Value)}
}

// groupOf reports whether a radio button belongs to a group with this name.
func (p *page) groupOf(radio *html.Node, name string) bool {
	return closest(radio.Parent, func(n *html.Node) bool {
		role := attr(n, "role")
		return (n.DataAtom == atom.Fieldset || role == "radiogroup" || role == "group") && p.name(n) == name
	}) != nil
}

// describeControls lists the controls of the page for the message of a failed step, at most 80.
func (p *page) describeControls() []string {
	const most = 80
	var list []string
	for _, kind := range allKinds {
		for _, n := range p.controls(kind) {
			entry := fmt.Sprintf("%s “%s”", kind, p.name(n))
			if disabled(n) {
				entry += " (disabled)"
			}
			if !slices.Contains(list, entry) {
				list = append(list, entry)
			}
		}
	}
	if len(list) > most {
		list = append(list[:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return list
}
