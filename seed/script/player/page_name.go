package player

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// name is the accessible name of an element, by the main rules of “Accessible Name and Description Computation 1.2”
// (accname) and “HTML Accessibility API Mappings 1.0” (HTML-AAM).
func (p *page) name(n *html.Node) string { return fold(p.nameOf(n, map[*html.Node]bool{}, true)) }

// nameOf computes a name. seen holds the elements whose names are being computed, to end cycles. With references it
// follows aria-labelledby; accname 1.2, step 2B, forbids that inside a reference.
func (p *page) nameOf(n *html.Node, seen map[*html.Node]bool, references bool) string {
	if seen[n] {
		return ""
	}
	seen[n] = true
	defer delete(seen, n)
	if references {
		if name := p.labelledBy(n, seen); name != "" {
			return name
		}
	}
	if name := strings.TrimSpace(attr(n, "aria-label")); name != "" {
		return name
	}
	if name := p.nativeName(n, seen); fold(name) != "" {
		return name
	}
	if namedByContent(n) {
		if name := p.content(n, seen); fold(name) != "" {
			return name
		}
	}
	if title := attr(n, "title"); fold(title) != "" {
		return title
	}
	if isField(n) {
		return attr(n, "placeholder")
	}
	return ""
}

// labelledBy joins the names of the elements that aria-labelledby refers to.
func (p *page) labelledBy(n *html.Node, seen map[*html.Node]bool) string {
	var names []string
	for _, id := range strings.Fields(attr(n, "aria-labelledby")) {
		target := p.byID[id]
		if target == nil {
			continue
		}
		if target == n { // an element may refer to itself among others
			names = append(names, p.ownText(n, seen))
			continue
		}
		names = append(names, p.nameOfReference(target, seen))
	}
	return fold(strings.Join(names, " "))
}

// ownText is the name of an element that refers to itself in aria-labelledby.
func (p *page) ownText(n *html.Node, seen map[*html.Node]bool) string {
	if label := attr(n, "aria-label"); fold(label) != "" {
		return label
	}
	return p.content(n, seen)
}

// nameOfReference is the name of an element that aria-labelledby refers to. The element may be hidden and needs no role.
func (p *page) nameOfReference(n *html.Node, seen map[*html.Node]bool) string {
	if name := p.nameOf(n, seen, false); fold(name) != "" {
		return name
	}
	return p.content(n, seen)
}

// nativeName is the name that HTML elements give: label, legend, caption, alt (HTML-AAM, section 4).
func (p *page) nativeName(n *html.Node, seen map[*html.Node]bool) string {
	switch n.DataAtom {
	case atom.Input:
		switch inputType(n) {
		case "submit", "reset", "button":
			if value, given := attribute(n, "value"); given {
				return value
			}
			return map[string]string{"submit": "Submit", "reset": "Reset"}[inputType(n)]
		case "image":
			return attr(n, "alt")
		}
		return p.labelText(n, seen)
	case atom.Textarea, atom.Select, atom.Output, atom.Meter, atom.Progress, atom.Button:
		return p.labelText(n, seen)
	case atom.Img, atom.Area:
		return attr(n, "alt")
	case atom.Fieldset:
		return p.childText(n, atom.Legend, seen)
	case atom.Table:
		return p.childText(n, atom.Caption, seen)
	case atom.Figure:
		return p.childText(n, atom.Figcaption, seen)
	case atom.Details: // not in HTML-AAM; a person calls the element by its summary
		return p.childText(n, atom.Summary, seen)
	case atom.Svg:
		for child := range n.ChildNodes() {
			if child.DataAtom == atom.Title || child.Data == "title" {
				return rawText(child)
			}
		}
	}
	return ""
}

// labelText joins the visible labels of a control.
func (p *page) labelText(n *html.Node, seen map[*html.Node]bool) string {
	var names []string
	for _, label := range p.labels[n] {
		if !selfHidden(label) {
			names = append(names, p.nameContent(label, seen))
		}
	}
	return strings.Join(names, " ")
}

// nameContent is the aria-label or the text of a label.
func (p *page) nameContent(n *html.Node, seen map[*html.Node]bool) string {
	if name := attr(n, "aria-label"); fold(name) != "" {
		return name
	}
	return p.content(n, seen)
}

// childText is the text of the first child element of a kind, such as the legend of a fieldset.
func (p *page) childText(n *html.Node, name atom.Atom, seen map[*html.Node]bool) string {
	for child := range n.ChildNodes() {
		if child.DataAtom == name {
			return p.content(child, seen)
		}
	}
	return ""
}

// content is the name from content (accname 1.2, step 2F): the text, and the names of images and labelled elements.
func (p *page) content(n *html.Node, seen map[*html.Node]bool) string {
	var b strings.Builder
	for child := range n.ChildNodes() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
			continue
		}
		if child.Type != html.ElementNode || selfHidden(child) || attr(child, "aria-hidden") == "true" {
			continue
		}
		var part string
		switch {
		case isField(child), isChoice(child):
			continue // the value of a control inside a label is not part of what a person calls it
		case hasAttr(child, "aria-label"), hasAttr(child, "aria-labelledby"),
			child.DataAtom == atom.Img, child.DataAtom == atom.Svg:
			part = p.nameOf(child, seen, true)
		case child.DataAtom == atom.Br:
			part = " "
		default:
			part = p.content(child, seen)
			if fold(part) == "" {
				part = attr(child, "title")
			}
		}
		if inline[child.DataAtom] {
			b.WriteString(part)
		} else {
			b.WriteString(" " + part + " ")
		}
	}
	return b.String()
}

// namedByContent reports whether the element takes its name from its content (WAI-ARIA 1.2, “Roles Supporting Name from
// Content”).
func namedByContent(n *html.Node) bool {
	switch attr(n, "role") {
	case "button", "link", "tab", "menuitem", "menuitemradio", "menuitemcheckbox", "option", "checkbox", "radio",
		"switch", "heading", "row", "cell", "gridcell", "treeitem":
		return true
	}
	switch n.DataAtom {
	case atom.A, atom.Button, atom.Summary, atom.Option, atom.Legend, atom.Caption, atom.Th, atom.Td, atom.Label,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
