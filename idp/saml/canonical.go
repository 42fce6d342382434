package saml

import (
	"strings"
	"unicode/utf8"
)

// writer writes XML in two forms at the same time: sent is what the browser carries, canonical is the Exclusive XML
// Canonicalization 1.0 of it, which is what a signature covers. The forms differ only in namespace declarations that no
// element or attribute name uses (such as xs, used in the value xs:string): sent has them, canonical has not.
//
// The writer needs no general canonicalizer, because the package writes only XML of one kind: no comments, no CDATA,
// every prefix declared where it is first used, attributes in canonical order (those with a namespace last), and empty
// elements with an end tag.
type writer struct {
	sent, canonical []byte
}

// both appends to both forms.
func (w *writer) both(parts ...string) {
	for _, part := range parts {
		w.sent = append(w.sent, part...)
		w.canonical = append(w.canonical, part...)
	}
}

// open writes a start tag. attributes alternates names and values, with namespace declarations first.
func (w *writer) open(name string, attributes ...string) {
	w.both("<", name)
	for i := 0; i < len(attributes); i += 2 {
		w.both(" ", attributes[i], `="`, escapedAttribute(attributes[i+1]), `"`)
	}
	w.both(">")
}

// declare adds a namespace declaration to the start tag just written, in the sent form only: exclusive
// canonicalization leaves out a prefix that no name uses.
func (w *writer) declare(prefix, namespace string) {
	w.sent = append(w.sent[:len(w.sent)-1], ` xmlns:`+prefix+`="`+namespace+`">`...)
}

func (w *writer) close(name string) { w.both("</", name, ">") }

// element writes an element with text.
func (w *writer) element(name, text string, attributes ...string) {
	w.open(name, attributes...)
	w.both(escapedText(text))
	w.close(name)
}

// append adds everything that another writer wrote.
func (w *writer) append(other *writer) {
	w.sent = append(w.sent, other.sent...)
	w.canonical = append(w.canonical, other.canonical...)
}

// position is an offset in each form, in bytes.
type position struct{ sent, canonical int }

func (w *writer) position() position { return position{len(w.sent), len(w.canonical)} }

// insert puts text into both forms at an earlier position.
func (w *writer) insert(at position, text string) {
	w.sent = insert(w.sent, at.sent, text)
	w.canonical = insert(w.canonical, at.canonical, text)
}

func insert(text []byte, at int, more string) []byte {
	whole := make([]byte, 0, len(text)+len(more))
	return append(append(append(whole, text[:at]...), more...), text[at:]...)
}

// The escapes of Canonical XML 1.0, section 2.3.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func escapedText(text string) string      { return textEscapes.Replace(validXML(text)) }
func escapedAttribute(text string) string { return attributeEscapes.Replace(validXML(text)) }

// validXML replaces each character that XML 1.0 does not allow (section 2.2) by U+FFFD.
func validXML(text string) string {
	if !strings.ContainsFunc(text, invalidInXML) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if invalidInXML(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// invalidInXML reports whether XML 1.0 does not allow a character. utf8.RuneError also stands for invalid UTF-8.
func invalidInXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff || r == utf8.RuneError
}
