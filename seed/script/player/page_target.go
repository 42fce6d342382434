package player

import (
	"golang.org/x/net/html"
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
