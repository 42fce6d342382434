package xmltree

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical returns an element in the form of Exclusive XML Canonicalization 1.0 without comments. The child element
// without is left out, as the enveloped-signature transform leaves out the signature; nil leaves out nothing. inclusive
// are the prefixes of an InclusiveNamespaces PrefixList, which are treated as in Canonical XML 1.0; "#default" is the
// default namespace.
func (e *Element) Canonical(without *Element, inclusive ...string) []byte {
	w := canonical{without: without, inclusive: inclusive, text: make([]byte, 0, 4<<10)}
	w.element(e)
	return w.text
}

// canonical is the state of one canonicalization.
type canonical struct {
	text      []byte
	without   *Element
	inclusive []string
	rendered  []declaration // written by the enclosing elements, innermost last
}

func (w *canonical) element(e *Element) {
	around := len(w.rendered)
	w.write("<")
	w.name(e.Prefix, e.Local)
	w.namespaces(e)
	for _, a := range sorted(e.Attributes) {
		w.write(" ")
		w.name(a.Prefix, a.Local)
		w.write(`="`)
		w.attributeValue(a.Value)
		w.write(`"`)
	}
	w.write(">")
	for _, c := range e.Children {
		switch {
		case c.Element == nil:
			w.characters(c.Text)
		case c.Element != w.without:
			w.element(c.Element)
		}
	}
	w.write("</")
	w.name(e.Prefix, e.Local)
	w.write(">")
	w.rendered = w.rendered[:around]
}

// namespaces writes the declarations that the names of the element and its attributes use, unless an enclosing element has
// written the same one (Exclusive XML Canonicalization 1.0, section 3).
func (w *canonical) namespaces(e *Element) {
	var buffer [4]declaration
	needed := append(buffer[:0], declaration{e.Prefix, e.Space})
	for _, a := range e.Attributes {
		if a.Prefix != "" {
			needed = append(needed, declaration{a.Prefix, a.Space})
		}
	}
	for _, prefix := range w.inclusive {
		if prefix == "#default" {
			prefix = ""
		}
		if space, known := e.namespace(prefix); known {
			needed = append(needed, declaration{prefix, space})
		}
	}
	slices.SortFunc(needed, func(a, b declaration) int { return cmp.Compare(a.prefix, b.prefix) })
	for i, d := range needed {
		if d.prefix == "xml" || i > 0 && d == needed[i-1] || w.inForce(d.prefix) == d.space {
			continue
		}
		if d.prefix == "" {
			w.write(` xmlns="`)
		} else {
			w.write(" xmlns:", d.prefix, `="`)
		}
		w.attributeValue(d.space)
		w.write(`"`)
		w.rendered = append(w.rendered, d)
	}
}

// inForce returns the namespace that was last written for a prefix, or "" for none.
func (w *canonical) inForce(prefix string) string {
	for _, d := range slices.Backward(w.rendered) {
		if d.prefix == prefix {
			return d.space
		}
	}
	return ""
}

// sorted returns attributes in canonical order (Canonical XML 1.0, section 2.2): by namespace, then by local name.
func sorted(attributes []Attribute) []Attribute {
	order := func(a, b Attribute) int {
		return cmp.Or(cmp.Compare(a.Space, b.Space), cmp.Compare(a.Local, b.Local))
	}
	if slices.IsSortedFunc(attributes, order) {
		return attributes
	}
	list := slices.Clone(attributes)
	slices.SortFunc(list, order)
	return list
}

func (w *canonical) name(prefix, local string) {
	if prefix != "" {
		w.write(prefix, ":")
	}
	w.write(local)
}

func (w *canonical) write(parts ...string) {
	for _, part := range parts {
		w.text = append(w.text, part...)
	}
}

// The escapes of Canonical XML 1.0, section 2.3.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func (w *canonical) characters(text string) {
	if strings.ContainsAny(text, "&<>\r") {
		text = textEscapes.Replace(text)
	}
	w.write(text)
}

func (w *canonical) attributeValue(text string) {
	if strings.ContainsAny(text, "&<\"\t\n\r") {
		text = attributeEscapes.Replace(text)
	}
	w.write(text)
}
