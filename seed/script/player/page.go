package player

import (
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is a document as a player sees it. The HTTP player parses what the
// server sent; the browser player parses a reading of the live document in
// which what is not rendered is marked hidden (browser.js). Everything that
// follows is therefore the same for both.
type page struct {
	url     *url.URL
	doc     *html.Node
	title   string
	byID    map[string]*html.Node
	labels  map[*html.Node][]*html.Node // control → its label elements
	changed []change                    // what rename altered
}

// parsePage reads HTML. Without scripting the content of noscript counts.
func parsePage(address *url.URL, body io.Reader, scripting bool) (*page, error) {
	doc, err := html.ParseWithOptions(body, html.ParseOptionEnableScripting(scripting))
	if err != nil {
		return nil, err
	}
	p := &page{url: address, doc: doc, byID: map[string]*html.Node{}, labels: map[*html.Node][]*html.Node{}}
	var labels []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" && p.byID[id] == nil {
			p.byID[id] = n
		}
		switch n.DataAtom {
		case atom.Label:
			labels = append(labels, n)
		case atom.Title:
			if p.title == "" && closest(n, isElement(atom.Svg)) == nil {
				p.title = fold(rawText(n))
			}
		}
	}
	for _, label := range labels {
		if control := p.labelled(label); control != nil {
			p.labels[control] = append(p.labels[control], label)
		}
	}
	return p, nil
}

// labelled is the control that a label belongs to (HTML standard, 4.10.4).
func (p *page) labelled(label *html.Node) *html.Node {
	if id, given := attribute(label, "for"); given {
		return p.byID[id]
	}
	for n := range label.Descendants() {
		switch n.DataAtom {
		case atom.Input, atom.Select, atom.Textarea, atom.Output, atom.Button, atom.Meter, atom.Progress:
			if attr(n, "type") != "hidden" {
				return n
			}
		}
	}
	return nil
}

// change is one text that rename altered.
type change struct {
	node  *html.Node
	index int // of the attribute; -1 is the node's own text
	was   string
}

// rename shows the page with some labels altered, to prove that exactly the
// steps which name a label notice. restore undoes it.
func (p *page) rename(words map[string]string) {
	if p == nil || len(words) == 0 {
		return
	}
	for n := range p.doc.Descendants() {
		switch n.Type {
		case html.TextNode:
			if other, found := words[fold(n.Data)]; found {
				p.changed = append(p.changed, change{n, -1, n.Data})
				n.Data = other
			}
		case html.ElementNode:
			for i, a := range n.Attr {
				other, found := words[fold(a.Val)]
				if found && (a.Key == "aria-label" || a.Key == "alt" || a.Key == "title" || a.Key == "value" && isButtonInput(n)) {
					p.changed = append(p.changed, change{n, i, a.Val})
					n.Attr[i].Val = other
				}
			}
		}
	}
}

func (p *page) restore() {
	if p == nil {
		return
	}
	for _, c := range p.changed {
		if c.index < 0 {
			c.node.Data = c.was
		} else {
			c.node.Attr[c.index].Val = c.was
		}
	}
	p.changed = nil
}

// hidden tells whether a person cannot perceive the element at all: not what
// lies in a closed details, which can be opened.
func hidden(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return n.Type == html.CommentNode || n.Type == html.DoctypeNode
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head, atom.Datalist, atom.Noembed, atom.Iframe:
		return true
	case atom.Dialog:
		if !has(n, "open") {
			return true
		}
	case atom.Input:
		if strings.EqualFold(attr(n, "type"), "hidden") {
			return true
		}
	}
	return has(n, "hidden")
}

// shut tells whether n lies in a closed details, outside its summary.
func shut(n *html.Node) bool {
	for child, parent := n, n.Parent; parent != nil; child, parent = parent, parent.Parent {
		if parent.DataAtom == atom.Details && !has(parent, "open") && child != summaryOf(parent) {
			return true
		}
	}
	return false
}

// summaryOf is the element that opens a details.
func summaryOf(details *html.Node) *html.Node {
	for child := range details.ChildNodes() {
		if child.DataAtom == atom.Summary {
			return child
		}
	}
	return nil
}

// unseen tells whether n or what it lies in is hidden, from sight or, with
// assistive set, from assistive technology too.
func unseen(n *html.Node, assistive bool) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && (hidden(n) || assistive && attr(n, "aria-hidden") == "true") {
			return true
		}
	}
	return false
}

// text is the visible text below n with white space folded, including the
// values of fields.
func (p *page) text(n *html.Node) string {
	var b strings.Builder
	visibleText(&b, n)
	return fold(b.String())
}

func visibleText(b *strings.Builder, n *html.Node) {
	if hidden(n) {
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
	closed := n.DataAtom == atom.Details && !has(n, "open")
	for child := range n.ChildNodes() {
		if !closed || child.DataAtom == atom.Summary {
			visibleText(b, child)
		}
	}
	if block {
		b.WriteByte(' ')
	}
}

// inline elements do not part words.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true, atom.Data: true,
	atom.Del: true, atom.Dfn: true, atom.Em: true, atom.I: true, atom.Ins: true, atom.Kbd: true, atom.Mark: true, atom.Q: true,
	atom.S: true, atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true,
	atom.Time: true, atom.U: true, atom.Var: true, atom.Wbr: true, atom.Label: true, atom.Font: true,
}

// whole is everything a person can read of the page, the title included.
func (p *page) whole() string { return p.title + "\n" + p.text(p.doc) }

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, key string) string {
	value, _ := attribute(n, key)
	return value
}

func has(n *html.Node, key string) bool {
	_, found := attribute(n, key)
	return found
}

func setAttr(n *html.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func removeAttr(n *html.Node, key string) {
	for i, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}

// rawText is all text below n as it stands in the source.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func isElement(names ...atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, name := range names {
			if n.DataAtom == name {
				return true
			}
		}
		return false
	}
}

// closest is n or the nearest element around it that matches.
func closest(n *html.Node, match func(*html.Node) bool) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && match(n) {
			return n
		}
	}
	return nil
}

// fold joins runs of white space into one blank, as browsers show text.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
