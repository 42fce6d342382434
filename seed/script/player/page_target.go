package player

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// target finds what a crop or a mark names: a control, even a disabled one, a region with that name, or the smallest
// element with exactly this text. With region, a region is preferred to a control.
func (p *page) target(name, within string, region bool) (*html.Node, error) {
	name = fold(name)
	var controls, regions, texts []*html.Node
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || hidden(n, true) || inClosedDetails(n) {
			continue
		}
		switch {
		case kindOf(n) != "":
			if p.name(n) == name {
				controls = append(controls, n)
			}
		case isContainer(n) && (p.name(n) == name || p.heading(n) == name):
			regions = append(regions, n)
		case p.text(n) == name:
			texts = append(texts, n)
		}
	}
	if within != "" {
		controls = p.within(controls, within)
		regions, texts = p.within(regions, within), p.within(texts, within)
	}
	if region && len(regions) > 0 {
		controls = nil
	}
	if found := p.preferred(controls); len(found) > 0 {
		return found[0], nil
	}
	for _, found := range [][]*html.Node{p.preferred(regions), p.preferred(texts)} {
		if len(found) > 0 {
			innermost := found[0]
			for _, n := range found[1:] {
				if closest(n.Parent, func(outer *html.Node) bool { return outer == innermost }) != nil {
					innermost = n
				}
			}
			return innermost, nil
		}
	}
	if within != "" {
		return nil, notFound{"no control “" + name + "” in “" + within + "”"}
	}
	return nil, notFound{"no control, region or text “" + name + "”"}
}

// targetOf is target with the variables of name and within replaced.
func (p *page) targetOf(v values, name, within string, region bool) (*html.Node, error) {
	name, err := v.insert(name)
	if err != nil {
		return nil, err
	}
	if within, err = v.insert(within); err != nil {
		return nil, err
	}
	return p.target(name, within, region)
}

// valueTarget is target for a mark that hides a value: if the name is that of a value and not of a control, it is the value beside
// the name. It fails if there is none, because a picture must not show what it should hide.
func (p *page) valueTarget(v values, name, within string) (*html.Node, error) {
	n, err := p.targetOf(v, name, within, false)
	if err != nil || kindOf(n) != "" {
		return n, err
	}
	label := closest(n, func(e *html.Node) bool {
		switch e.DataAtom {
		case atom.Th:
			return attr(e, "data-label") == "" // otherwise it is a value of a list, whose column has that name
		case atom.Dt, atom.Label, atom.Legend, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
		return false
	})
	if label == nil {
		return n, nil // a region, or the value itself
	}
	if value := p.valueBeside(label); value != nil {
		return value, nil
	}
	return nil, notFound{"“" + fold(name) + "” is a label without a value beside it: name a field, a row or the value"}
}

// valueBeside returns the value that a label is about: the dd of a dt, the td of a row's th, the field of a label; nil for none.
func (p *page) valueBeside(label *html.Node) *html.Node {
	switch label.DataAtom {
	case atom.Dt:
		return nextElement(label, atom.Dt, func(e *html.Node) bool { return e.DataAtom == atom.Dd })
	case atom.Label:
		for e := range p.doc.Descendants() {
			inside := closest(e, func(outer *html.Node) bool { return outer == label }) != nil
			if isField(e) && (inside || attr(label, "for") != "" && attr(e, "id") == attr(label, "for")) {
				return e
			}
		}
		return nil
	}
	return nextElement(label, 0, func(e *html.Node) bool { return e.DataAtom == atom.Td || attr(e, "role") == "cell" })
}

// nextElement returns the next visible sibling that matches, but none behind an element of the kind end.
func nextElement(n *html.Node, end atom.Atom, matches func(*html.Node) bool) *html.Node {
	for e := n.NextSibling; e != nil; e = e.NextSibling {
		if e.Type != html.ElementNode || hidden(e, true) {
			continue
		}
		if end != 0 && e.DataAtom == end {
			return nil
		}
		if matches(e) {
			return e
		}
	}
	return nil
}
