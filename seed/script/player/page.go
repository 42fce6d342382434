package player

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is a document as a player sees it. The HTTP player parses what the server sent. The browser player parses a copy of
// its document, in which elements that are not rendered have the attribute hidden (read_document.js). The rules for
// finding controls and text are therefore the same for both.
type page struct {
	url     *url.URL
	doc     *html.Node
	title   string
	byID    map[string]*html.Node
	labels  map[*html.Node][]*html.Node // control → its label elements
	changed []change                    // texts that rename altered
}

// parsePage parses HTML. With scripting, noscript elements are left out, as in a browser that runs JavaScript.
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
		if control := p.labelledControl(label); control != nil {
			p.labels[control] = append(p.labels[control], label)
		}
	}
	return p, nil
}

// labelledControl is the control that a label belongs to (HTML standard, 4.10.4); nil when there is none.
func (p *page) labelledControl(label *html.Node) *html.Node {
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
	index int // of the attribute; -1 for the text of a text node
	was   string
}

// rename alters labels of the page, from keys of words to their values. See Options.Rename.
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
				isLabel := slices.Contains([]string{"aria-label", "alt", "title"}, a.Key) || a.Key == "value" && isButtonInput(n)
				if found && isLabel {
					p.changed = append(p.changed, change{n, i, a.Val})
					n.Attr[i].Val = other
				}
			}
		}
	}
}

// restore undoes rename.
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

// attribute is the value of an attribute, and whether the element has it.
func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// attr is the value of an attribute, "" when the element does not have it.
func attr(n *html.Node, key string) string {
	value, _ := attribute(n, key)
	return value
}

func hasAttr(n *html.Node, key string) bool {
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

// rawText is all text in n, hidden or not, with its white space.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// isElement matches elements with one of these names.
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

// closest is n, or else the nearest element around it, that matches; nil when none does.
func closest(n *html.Node, match func(*html.Node) bool) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && match(n) {
			return n
		}
	}
	return nil
}
