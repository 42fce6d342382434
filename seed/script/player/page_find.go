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

// kindOf tells what an element is for a person, "" for no control.
func kindOf(n *html.Node) script.Kind {
	if n.Type != html.ElementNode {
		return ""
	}
	switch attr(n, "role") {
	case "link":
		return script.KindLink
	case "button", "tab", "menuitem", "option":
		if n.DataAtom == atom.A && has(n, "href") {
			return script.KindLink
		}
		return script.KindButton
	case "checkbox", "switch", "menuitemcheckbox":
		return script.KindBox
	case "radio":
		return script.KindChoice
	}
	switch {
	case (n.DataAtom == atom.A || n.DataAtom == atom.Area) && has(n, "href"):
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

// controls lists the perceivable controls of some kinds, in document order.
func (p *page) controls(kinds ...script.Kind) []*html.Node {
	var list []*html.Node
	for n := range p.doc.Descendants() {
		if kind := kindOf(n); kind != "" && slices.Contains(kinds, kind) && !unseen(n, true) {
			list = append(list, n)
		}
	}
	return list
}

// missing says that a page does not offer what a script asks for.
type missing struct{ what string }

func (m missing) Error() string { return m.what }

// find gives the one control of these kinds with exactly this name. When
// several have it, the rules of a person's eye decide: what an open dialog
// holds, then what main holds, what is not already current, what shows.
func (p *page) find(name, within string, kinds ...script.Kind) (*html.Node, error) {
	var found []*html.Node
	for _, n := range p.controls(kinds...) {
		if p.name(n) == name {
			found = append(found, n)
		}
	}
	if within != "" && len(found) > 0 {
		if found = p.within(found, within); len(found) == 0 {
			return nil, missing{fmt.Sprintf("no %s “%s” in a row, list item, region or dialog with “%s”", kindWords(kinds), name, within)}
		}
	}
	if found = p.preferred(found); len(found) == 0 {
		return nil, missing{fmt.Sprintf("no %s “%s”", kindWords(kinds), name)}
	}
	for _, other := range found[1:] {
		if !sameEffect(found[0], other) {
			return nil, missing{fmt.Sprintf("%d controls are called “%s”: say in which row, region or dialog", len(found), name)}
		}
	}
	if disabled(found[0]) {
		return nil, missing{fmt.Sprintf("the %s “%s” is there, but disabled", kindWords(kinds), name)}
	}
	return found[0], nil
}

func kindWords(kinds []script.Kind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	return strings.Join(words, " or ")
}

// preferred keeps those that come first by the rules of find.
func (p *page) preferred(found []*html.Node) []*html.Node {
	best, kept := math.MaxInt, []*html.Node(nil)
	for _, n := range found {
		rank := 0
		for i, worse := range []bool{
			disabled(n), shut(n), isCurrent(n), closest(n, isMain) == nil, closest(n, isElement(atom.Dialog)) == nil,
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

func isMain(n *html.Node) bool { return n.DataAtom == atom.Main || attr(n, "role") == "main" }

func isCurrent(n *html.Node) bool {
	current, given := attribute(n, "aria-current")
	return given && current != "false" && current != "" || attr(n, "aria-selected") == "true"
}

func disabled(n *html.Node) bool {
	if attr(n, "aria-disabled") == "true" {
		return true
	}
	switch n.DataAtom {
	case atom.Button, atom.Input, atom.Select, atom.Textarea:
		if has(n, "disabled") {
			return true
		}
		fieldset := closest(n.Parent, func(f *html.Node) bool { return f.DataAtom == atom.Fieldset && has(f, "disabled") })
		return fieldset != nil
	}
	return false
}

// sameEffect tells whether it makes no difference which of two is used.
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

// isContainer: what groups things for a person: rows, items, regions, dialogs.
func isContainer(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Tr, atom.Li, atom.Fieldset, atom.Section, atom.Article, atom.Dialog, atom.Details, atom.Aside, atom.Main, atom.Nav:
		return true
	}
	switch attr(n, "role") {
	case "row", "listitem", "group", "region", "dialog", "article", "tabpanel", "radiogroup":
		return true
	}
	return false
}

// within keeps the controls that lie closest to the text: a container that is
// called so wins over one in which the text stands by itself, that over one
// which merely mentions it; among equals the smallest.
func (p *page) within(found []*html.Node, text string) []*html.Node {
	bestRank, bestSize := math.MaxInt, math.MaxInt
	var kept []*html.Node
	for _, n := range found {
		rank, size := math.MaxInt, math.MaxInt
		for box := closest(n.Parent, isContainer); box != nil; box = closest(box.Parent, isContainer) {
			r := p.mentions(box, text)
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

// mentions ranks how a container is about a text: 0 called so, 1 the text
// stands in it by itself, 2 it is part of a longer text, -1 not at all.
func (p *page) mentions(box *html.Node, text string) int {
	if p.name(box) == text || p.heading(box) == text {
		return 0
	}
	for n := range box.Descendants() {
		if n.Type == html.TextNode && fold(n.Data) == text && !unseen(n, false) {
			return 1
		}
	}
	if strings.Contains(p.text(box), text) {
		return 2
	}
	return -1
}

// heading is the text of a container's first heading, "" for rows and items.
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

// scope is the smallest container about a text, for see … in.
func (p *page) scope(text string) *html.Node {
	bestRank, bestSize := math.MaxInt, math.MaxInt
	var best *html.Node
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || !isContainer(n) || unseen(n, true) || shut(n) {
			continue
		}
		rank := p.mentions(n, text)
		if rank < 0 {
			continue
		}
		if size := len(p.text(n)); rank < bestRank || rank == bestRank && size < bestSize {
			bestRank, bestSize, best = rank, size, n
		}
	}
	return best
}

// shows tells whether the page shows what a see, not-see or wait is about.
func (p *page) shows(a script.Action) bool {
	if a.Kind != "" {
		_, err := p.find(a.Name, a.In, a.Kind)
		return err == nil
	}
	if a.In == "" {
		return strings.Contains(p.whole(), fold(a.Name))
	}
	box := p.scope(a.In)
	return box != nil && strings.Contains(p.text(box), fold(a.Name))
}

// has tells whether the page has a control of a name, an option of it, or shows it as text.
func (p *page) has(name string) bool {
	name = fold(name)
	if strings.Contains(p.whole(), name) {
		return true
	}
	for _, kind := range []script.Kind{script.KindLink, script.KindButton, script.KindField, script.KindBox, script.KindChoice} {
		for _, n := range p.controls(kind) {
			if p.name(n) == name {
				return true
			}
			if n.DataAtom == atom.Select && slices.ContainsFunc(options(n), func(o *html.Node) bool { return fold(rawText(o)) == name }) {
				return true
			}
		}
	}
	return false
}

// choice finds an option: of the select, or in the group of radio buttons,
// that is called name; or the radio button itself when there is no group.
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
		return nil, nil, missing{fmt.Sprintf("no select “%s”, and no group “%s” with a choice “%s”", a.Name, a.Name, a.Value)}
	}
	var offered []string
	for _, o := range options(control) {
		label := fold(rawText(o))
		if label == a.Value && !has(o, "disabled") {
			return control, o, nil
		}
		offered = append(offered, "“"+label+"”")
	}
	return nil, nil, missing{fmt.Sprintf("“%s” offers %s, not “%s”", a.Name, strings.Join(offered, ", "), a.Value)}
}

// groupOf tells whether a radio button belongs to a group of that name.
func (p *page) groupOf(radio *html.Node, name string) bool {
	return closest(radio.Parent, func(n *html.Node) bool {
		return (n.DataAtom == atom.Fieldset || attr(n, "role") == "radiogroup" || attr(n, "role") == "group") && p.name(n) == name
	}) != nil
}

// offers describes what a person could use instead, for a failed step.
func (p *page) offers() []string {
	const most = 80
	var list []string
	for _, kind := range []script.Kind{script.KindLink, script.KindButton, script.KindField, script.KindBox, script.KindChoice} {
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
