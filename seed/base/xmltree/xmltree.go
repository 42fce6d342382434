// Package xmltree reads the XML of signed messages into a tree and writes parts of the tree in the form of Exclusive XML
// Canonicalization 1.0, which is what signatures cover.
//
// One tree serves both purposes: what was hashed and what is read afterwards are the same nodes, so no second parser can
// see another document than the first (CVE-2020-27846 and its kin). For that the reader is strict. It takes documents
// in UTF-8 that are well-formed (XML 1.0, fifth edition) and namespace-well-formed (Namespaces in XML 1.0), and refuses
// what SAML never needs: document types with their entities, and processing instructions. Comments leave no trace, as
// in the canonical form.
package xmltree

// Limits bound what [Parse] takes.
type Limits struct {
	Depth    int // of elements within one another
	Elements int // in the whole document
}

// Element is an element with its names resolved.
type Element struct {
	Prefix string // as written; empty without one
	Local  string
	Space  string // the namespace; empty for none

	Attributes []Attribute // in the order of the document, without declarations of namespaces
	Children   []Node
	Parent     *Element // nil for the document element

	declared []declaration
}

// Attribute is an attribute that declares no namespace.
type Attribute struct {
	Prefix, Local, Space string
	Value                string // normalized (XML 1.0, section 3.3.3)
}

// Node is a child of an element: an element, or character data. There is never character data beside character data.
type Node struct {
	Element *Element // nil for character data
	Text    string
}

type declaration struct{ prefix, space string }

// Is reports whether an element has this name; false for nil.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Local == local && e.Space == space
}

// Attr gives the value of an attribute without a namespace; empty when there is none, and for nil.
func (e *Element) Attr(local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attributes {
		if a.Space == "" && a.Local == local {
			return a.Value
		}
	}
	return ""
}

// All gives the direct children of a name; none for nil.
func (e *Element) All(space, local string) (list []*Element) {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Element.Is(space, local) {
			list = append(list, c.Element)
		}
	}
	return list
}

// Only gives the one direct child of a name; nil when there is none or more than one, and for nil.
func (e *Element) Only(space, local string) *Element {
	if list := e.All(space, local); len(list) == 1 {
		return list[0]
	}
	return nil
}

// Text gives an element's character data; empty when there are elements in it, and for nil.
func (e *Element) Text() string {
	if e == nil || len(e.Children) != 1 {
		return ""
	}
	return e.Children[0].Text
}

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// namespace gives what a prefix stands for here; the empty prefix always stands for something, if only for none.
func (e *Element) namespace(prefix string) (space string, known bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	for ; e != nil; e = e.Parent {
		for _, d := range e.declared {
			if d.prefix == prefix {
				return d.space, true
			}
		}
	}
	return "", prefix == ""
}
