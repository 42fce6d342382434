// Package xmltree parses the XML of signed messages into a tree, and writes elements of the tree in the form of
// Exclusive XML Canonicalization 1.0, which XML signatures cover.
//
//	bytes ─▶ Parse ─▶ *Element ─▶ Canonical ─▶ bytes to hash and compare with the signature
//	                     └──────▶ Attr, Only, Text: what the application reads
//
// The same tree is hashed and read. If two parsers were used, an attacker could write a document that they understand
// differently (CVE-2020-27846 is an example). The parser is strict for the same reason: it accepts UTF-8 documents that are
// well-formed (XML 1.0, fifth edition) and namespace-well-formed (Namespaces in XML 1.0). It rejects what SAML does not
// need: document type declarations with their entities, and processing instructions. Comments are dropped, as in the
// canonical form without comments.
//
// Start reading in xmltree.go, the tree. The other files:
//
//   - parse.go: the parser
//   - name.go: names and characters (XML 1.0, sections 2.2 and 2.3)
//   - canonical.go: canonicalization
package xmltree

// Limits protect [Parse] from documents that would take too much memory or time.
type Limits struct {
	Depth    int // nesting of elements
	Elements int // number of elements in the document
}

// Element is an XML element whose namespaces are resolved.
type Element struct {
	Prefix string // as written; empty if there is none
	Local  string
	Space  string // URI of the namespace; empty if there is none

	Attributes []Attribute // in document order, without namespace declarations
	Children   []Node
	Parent     *Element // nil for the document element

	declared []declaration
}

// Attribute is an attribute that is not a namespace declaration.
type Attribute struct {
	Prefix, Local, Space string
	Value                string // normalized by XML 1.0, section 3.3.3
}

// Node is a child of an element: an element, or character data. Two neighbors are never both character data.
type Node struct {
	Element *Element // nil if the node is character data
	Text    string
}

type declaration struct{ prefix, space string }

// Is reports whether the element has the given namespace and local name. It is false for nil.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Local == local && e.Space == space
}

// Attr returns the value of an attribute without namespace, or "" if there is none. It is "" for nil.
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

// All returns the child elements with the given name. There are none for nil.
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

// Only returns the child element with the given name, or nil if there are none or several. It is nil for nil.
func (e *Element) Only(space, local string) *Element {
	if list := e.All(space, local); len(list) == 1 {
		return list[0]
	}
	return nil
}

// Text returns the character data of the element, or "" if the element has child elements. It is "" for nil.
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

// namespace returns the namespace that is bound to a prefix in the scope of the element. The empty prefix is always
// known: it is bound to no namespace unless declared.
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
