package player

import (
	"math"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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
