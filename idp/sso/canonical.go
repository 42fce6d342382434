package sso

import (
	"strings"
	"unicode/utf8"
)

// writer writes an element twice at the same time: as it is sent, and in the form that Exclusive XML Canonicalization 1.0
// gives it, which is what is signed. Both are the same but for namespaces that only the values of attributes need: they
// are declared in what is sent, and left out of the canonical form.
//
// It can be this simple because it writes only what we make up: no comments, no CDATA, every prefix declared where it is
// first used, attributes given in canonical order (namespaced ones last), empty elements with an end tag.
type writer struct {
	wire, canonical []byte
}

func (w *writer) both(parts ...string) {
	for _, part := range parts {
		w.wire = append(w.wire, part...)
		w.canonical = append(w.canonical, part...)
	}
}

// open writes a start tag. attributes are names and values in turn, declarations of namespaces first.
func (w *writer) open(name string, attributes ...string) {
	w.both("<", name)
	for i := 0; i < len(attributes); i += 2 {
		w.both(" ", attributes[i], `="`, escapedAttribute(attributes[i+1]), `"`)
	}
	w.both(">")
}

// declare adds a declaration to the start tag just written that no canonical form has, because no name uses it.
func (w *writer) declare(prefix, namespace string) {
	w.wire = append(w.wire[:len(w.wire)-1], ` xmlns:`+prefix+`="`+namespace+`">`...)
}

func (w *writer) close(name string) { w.both("</", name, ">") }

// element writes an element that has a text.
func (w *writer) element(name, text string, attributes ...string) {
	w.open(name, attributes...)
	w.both(escapedText(text))
	w.close(name)
}

// insert puts a text into both forms, at places that were noted before.
func (w *writer) insert(at mark, text string) {
	w.wire = insert(w.wire, at.wire, text)
	w.canonical = insert(w.canonical, at.canonical, text)
}

// mark is a place in both forms.
type mark struct{ wire, canonical int }

func (w *writer) mark() mark { return mark{len(w.wire), len(w.canonical)} }

func insert(text []byte, at int, more string) []byte {
	whole := make([]byte, 0, len(text)+len(more))
	return append(append(append(whole, text[:at]...), more...), text[at:]...)
}

// The escapes of Canonical XML 1.0, section 2.3.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func escapedText(text string) string      { return textEscapes.Replace(legible(text)) }
func escapedAttribute(text string) string { return attributeEscapes.Replace(legible(text)) }

// legible puts U+FFFD in the place of what no XML document may hold (XML 1.0, section 2.2).
func legible(text string) string {
	illegible := func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff || r == utf8.RuneError
	}
	if !strings.ContainsFunc(text, illegible) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if illegible(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}
