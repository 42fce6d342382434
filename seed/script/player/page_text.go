package player

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// selfHidden reports whether the element hides itself and all its content. Content of a closed details element is not
// hidden in this sense, because a person can open it.
func selfHidden(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return n.Type == html.CommentNode || n.Type == html.DoctypeNode
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head, atom.Datalist, atom.Noembed, atom.Iframe:
		return true
	case atom.Dialog:
		if !hasAttr(n, "open") {
			return true
		}
	case atom.Input:
		if strings.EqualFold(attr(n, "type"), "hidden") {
			return true
		}
	}
	return hasAttr(n, "hidden")
}

// inClosedDetails reports whether n is in a closed details element, outside its summary.
func inClosedDetails(n *html.Node) bool {
	for child, parent := n, n.Parent; parent != nil; child, parent = parent, parent.Parent {
		if parent.DataAtom == atom.Details && !hasAttr(parent, "open") && child != summaryOf(parent) {
			return true
		}
	}
	return false
}

// summaryOf returns the element that opens a details element; nil when there is none.
func summaryOf(details *html.Node) *html.Node {
	for child := range details.ChildNodes() {
		if child.DataAtom == atom.Summary {
			return child
		}
	}
	return nil
}

// hidden reports whether n or an element around it is hidden. If assistive is true, elements with aria-hidden count as
// hidden too: a person sees them, but assistive technology does not.
func hidden(n *html.Node, assistive bool) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && (selfHidden(n) || assistive && attr(n, "aria-hidden") == "true") {
			return true
		}
	}
	return false
}

// text returns the visible text of n, including the values of fields, with white space folded.
func (p *page) text(n *html.Node) string {
	var b strings.Builder
	visibleText(&b, n)
	return fold(b.String())
}

// visibleText appends the text of n to b. Passwords and closed content are left out; blocks are surrounded by spaces.
func visibleText(b *strings.Builder, n *html.Node) {
	if selfHidden(n) {
		return
	}
	switch n.DataAtom {
	case atom.Input:
		switch inputType(n) {
		case "checkbox", "radio", "file", "password", "image", "range", "color":
		default:
			b.WriteString(" " + attr(n, "value") + " ")
		}
		return
	case atom.Textarea:
		b.WriteString(" " + rawText(n) + " ")
		return
	case atom.Select:
		for _, option := range selected(n) {
			b.WriteString(" " + fold(rawText(option)) + " ")
		}
		return
	}
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		return
	}
	block := n.Type == html.ElementNode && !inline[n.DataAtom]
	if block {
		b.WriteByte(' ')
	}
	closed := n.DataAtom == atom.Details && !hasAttr(n, "open")
	for child := range n.ChildNodes() {
		if !closed || child.DataAtom == atom.Summary {
			visibleText(b, child)
		}
	}
	if block {
		b.WriteByte(' ')
	}
}

// inline elements do not separate words: the text before and after them may be one word.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true,
	atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.I: true, atom.Ins: true, atom.Kbd: true,
	atom.Mark: true, atom.Q: true, atom.S: true, atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strong: true,
	atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Var: true, atom.Wbr: true, atom.Label: true, atom.Font: true,
}

// allText returns everything that a person can read of the page, including the title.
func (p *page) allText() string { return p.title + "\n" + p.text(p.doc) }

// fold replaces each run of white space by one space, as browsers do when they show text.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
