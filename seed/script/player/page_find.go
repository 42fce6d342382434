package player

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"understudy/seed/script"
)

// notFound means that the page does not have, or not yet, what the script asks for.
type notFound struct{ what string }

func (e notFound) Error() string { return e.what }

// find returns the control of these kinds with exactly this name, within a container when within is not empty. When several
// controls have the name, find prefers one in an open dialog, then one in main, then one that is not the current page or
// tab, then one that is not in a closed details element, then one that is enabled (see preferred). Several that remain
// must have the same effect. When no control has the name, find looks for a control with this description (title).
func (p *page) find(name, within string, kinds ...script.Kind) (*html.Node, error) {
	var found []*html.Node
	for _, n := range p.controls(kinds...) {
		if p.name(n) == name {
			found = append(found, n)
		}
	}
	if len(found) == 0 { // the description of a control may be its name in another release of the product
		for _, n := range p.controls(kinds...) {
			if fold(attr(n, "title")) == name {
				found = append(found, n)
			}
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

// describeControls lists the controls of the page for the message of a failed step, up to a limit.
func (p *page) describeControls(most int) []string {
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
