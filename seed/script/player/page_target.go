package player

import (
	"golang.org/x/net/html"
)

// target finds what a crop or callout names: a control, even one that is disabled, a region of that name, or the
// smallest thing with exactly this text. A region goes first when asked for.
func (p *page) target(name, within string, region bool) (*html.Node, error) {
	name = fold(name)
	var controls, regions, texts []*html.Node
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || unseen(n, true) || shut(n) {
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
		controls, regions, texts = p.within(controls, within), p.within(regions, within), p.within(texts, within)
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
		return nil, missing{"no control “" + name + "” in “" + within + "”"}
	}
	return nil, missing{"no control, region or text “" + name + "”"}
}
