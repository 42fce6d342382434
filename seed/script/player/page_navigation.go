package player

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"understudy/seed/script"
)

// nextLink finds the link to follow next on a path such as Applications > Applications, and how many parts of the path it
// covers. It prefers the last part whose link lies in navigation groups named like the parts before it. Without groups it
// takes a link named like the first part, in a navigation landmark if there is one.
func (p *page) nextLink(path []string) (link *html.Node, taken int, err error) {
	for last := len(path) - 1; last > 0; last-- {
		if link := p.inGroups(path[last], path[:last]); link != nil {
			return link, last + 1, nil
		}
	}
	var inNav []*html.Node
	for _, n := range p.links(path[0]) {
		if closest(n, isNav) != nil {
			inNav = append(inNav, n)
		}
	}
	if len(inNav) > 0 {
		return inNav[0], 1, nil
	}
	if all := p.links(path[0]); len(all) > 0 {
		return all[0], 1, nil
	}
	if len(path) == 1 {
		return nil, 0, notFound{fmt.Sprintf("no link “%s” in the navigation", path[0])}
	}
	return nil, 0, notFound{
		fmt.Sprintf("no link “%s” in a navigation group “%s”, and no link “%s”", path[1], path[0], path[0]),
	}
}

// links lists the links with this name.
func (p *page) links(name string) []*html.Node {
	var list []*html.Node
	for _, n := range p.controls(script.KindLink) {
		if p.name(n) == name {
			list = append(list, n)
		}
	}
	return list
}

func isNav(n *html.Node) bool { return n.DataAtom == atom.Nav || attr(n, "role") == "navigation" }

// inGroups finds a link in a navigation landmark, inside nested groups with these names, outermost first.
func (p *page) inGroups(name string, groups []string) *html.Node {
	for _, link := range p.links(name) {
		nav := closest(link, isNav)
		if nav == nil {
			continue
		}
		left := len(groups)
		for branch, n := link, link.Parent; n != nil && left > 0; branch, n = n, n.Parent {
			if p.isGroup(n, branch, groups[left-1]) {
				left--
			}
			if n == nav {
				break
			}
		}
		if left == 0 {
			return link
		}
	}
	return nil
}

// isGroup reports whether n is a group with this name around branch. The name is its accessible name, or the text of the
// last heading or label in n before branch.
func (p *page) isGroup(n, branch *html.Node, name string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	if p.name(n) == name && !strings.EqualFold(n.Data, "a") {
		return true
	}
	for before := branch.PrevSibling; before != nil; before = before.PrevSibling {
		if before.Type != html.ElementNode || hidden(before, true) {
			continue
		}
		switch before.DataAtom {
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Button, atom.Summary,
			atom.Span, atom.P, atom.Strong, atom.Div, atom.A:
			return p.name(before) == name || p.text(before) == name
		}
	}
	return false
}
