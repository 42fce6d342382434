package xmltree

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The reasons for which a document is rejected.
var (
	ErrMalformed    = errors.New("not well-formed XML")
	ErrDocumentType = errors.New("a document type declaration, which could define entities")
	ErrInstruction  = errors.New("a processing instruction")
	ErrTooDeep      = errors.New("too deep nesting")
	ErrTooMany      = errors.New("too many elements or attributes")
)

// maxAttributes limits the attributes and namespace declarations of one element, because declare and resolve compare every pair.
const maxAttributes = 64

// Parse reads a document and returns its root element. The error is one of the Err variables of this package.
func Parse(document []byte, limits Limits) (*Element, error) {
	if !utf8.Valid(document) {
		return nil, ErrMalformed
	}
	p := parser{rest: string(document), limits: limits}
	return p.document()
}

// parser holds the text that remains to be read. Its methods remove from rest what they read.
type parser struct {
	rest     string
	limits   Limits
	elements int
}

// take reads the given text, if rest starts with it, and reports whether it does.
func (p *parser) take(text string) bool {
	if !strings.HasPrefix(p.rest, text) {
		return false
	}
	p.rest = p.rest[len(text):]
	return true
}

// until reads up to the end mark, reads the mark too, and returns the text before it.
func (p *parser) until(end string) (string, error) {
	before, after, found := strings.Cut(p.rest, end)
	if !found {
		return "", ErrMalformed
	}
	p.rest = after
	return before, nil
}

// space reads white space and reports whether there was any.
func (p *parser) space() bool {
	n := 0
	for n < len(p.rest) && isSpace(p.rest[n]) {
		n++
	}
	p.rest = p.rest[n:]
	return n > 0
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// document reads a document: optional byte order mark, XML declaration, root element (XML 1.0, section 2.1).
func (p *parser) document() (*Element, error) {
	p.take("\ufeff")
	if err := p.declaration(); err != nil {
		return nil, err
	}
	if err := p.misc(); err != nil {
		return nil, err
	}
	if !p.take("<") {
		return nil, ErrMalformed
	}
	root, err := p.tree()
	if err != nil {
		return nil, err
	}
	if err := p.misc(); err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, ErrMalformed
	}
	return root, nil
}

// declaration reads the XML declaration, if there is one (XML 1.0, section 2.8).
func (p *parser) declaration() error {
	if !strings.HasPrefix(p.rest, "<?xml") || len(p.rest) < 6 || !isSpace(p.rest[5]) {
		return nil
	}
	text, err := p.until("?>")
	if err != nil {
		return err
	}
	inner := parser{rest: strings.TrimPrefix(text, "<?xml")}
	for _, known := range []struct {
		name     string
		required bool
		allows   func(string) bool
	}{
		{"version", true, func(v string) bool { return v == "1.0" }},
		{"encoding", false, func(v string) bool { return strings.EqualFold(v, "utf-8") || strings.EqualFold(v, "us-ascii") }},
		{"standalone", false, func(v string) bool { return v == "yes" || v == "no" }},
	} {
		before := inner.rest
		if !inner.space() || !inner.take(known.name) {
			if known.required {
				return ErrMalformed
			}
			inner.rest = before
			continue
		}
		value, err := inner.equalsQuoted()
		if err != nil || !known.allows(value) {
			return ErrMalformed
		}
	}
	inner.space()
	if inner.rest != "" {
		return ErrMalformed
	}
	return nil
}

// misc reads white space and comments before and after the root element (Misc of XML 1.0, section 2.8).
func (p *parser) misc() error {
	for {
		p.space()
		switch {
		case p.take("<!--"):
			if err := p.comment(); err != nil {
				return err
			}
		case strings.HasPrefix(p.rest, "<!DOCTYPE"):
			return ErrDocumentType
		case strings.HasPrefix(p.rest, "<?"):
			return ErrInstruction
		default:
			return nil
		}
	}
}

// comment reads a comment after its "<!--" (XML 1.0, section 2.5).
func (p *parser) comment() error {
	text, err := p.until("--")
	if err != nil || !p.take(">") || !legal(text) {
		return ErrMalformed
	}
	return nil
}

// tree reads the root element with its content, after its "<". It uses a loop instead of recursion, so deep nesting cannot exhaust the stack.
func (p *parser) tree() (*Element, error) {
	root, open, err := p.startTag(nil)
	if err != nil || !open {
		return root, err
	}
	at, depth := root, 1
	var text strings.Builder // character data; comments and CDATA sections do not split it
	flush := func() {
		if text.Len() > 0 {
			at.Children = append(at.Children, Node{Text: text.String()})
			text.Reset()
		}
	}
	for {
		data, err := p.charData()
		if err != nil {
			return nil, err
		}
		text.WriteString(data)
		switch {
		case p.take("</"):
			flush()
			if err := p.endTag(at); err != nil {
				return nil, err
			}
			if at = at.Parent; at == nil {
				return root, nil
			}
			depth--
		case p.take("<!--"):
			if err := p.comment(); err != nil {
				return nil, err
			}
		case p.take("<![CDATA["):
			data, err := p.until("]]>")
			if err != nil || !legal(data) {
				return nil, ErrMalformed
			}
			text.WriteString(lineEnds.Replace(data))
		case strings.HasPrefix(p.rest, "<!DOCTYPE"):
			return nil, ErrDocumentType
		case strings.HasPrefix(p.rest, "<?"):
			return nil, ErrInstruction
		case p.take("<"):
			flush()
			child, open, err := p.startTag(at)
			if err != nil {
				return nil, err
			}
			at.Children = append(at.Children, Node{Element: child})
			if !open {
				continue
			}
			if depth++; depth > p.limits.Depth {
				return nil, ErrTooDeep
			}
			at = child
		default:
			return nil, ErrMalformed
		}
	}
}

// startTag reads a start tag or an empty-element tag, after its "<". open is false for an empty-element tag.
func (p *parser) startTag(parent *Element) (e *Element, open bool, err error) {
	if p.elements++; p.elements > p.limits.Elements {
		return nil, false, ErrTooMany
	}
	e = &Element{Parent: parent}
	if e.Prefix, e.Local, err = p.name(); err != nil {
		return nil, false, err
	}
	for {
		spaced := p.space()
		switch {
		case p.take(">"):
			return e, true, e.resolve()
		case p.take("/>"):
			return e, false, e.resolve()
		case !spaced:
			return nil, false, ErrMalformed
		}
		if err := p.attribute(e); err != nil {
			return nil, false, err
		}
	}
}

// attribute reads one attribute or namespace declaration of a start tag.
func (p *parser) attribute(e *Element) error {
	prefix, local, err := p.name()
	if err != nil {
		return err
	}
	raw, err := p.equalsQuoted()
	if err != nil {
		return err
	}
	value, err := attributeValue(raw)
	if err != nil {
		return err
	}
	if len(e.Attributes)+len(e.declared) >= maxAttributes {
		return ErrTooMany
	}
	switch {
	case prefix == "" && local == "xmlns":
		return e.declare("", value)
	case prefix == "xmlns":
		return e.declare(local, value)
	}
	e.Attributes = append(e.Attributes, Attribute{Prefix: prefix, Local: local, Value: value})
	return nil
}

// declare adds a namespace declaration (Namespaces in XML 1.0, sections 3 and 5).
func (e *Element) declare(prefix, space string) error {
	for _, d := range e.declared {
		if d.prefix == prefix {
			return ErrMalformed
		}
	}
	switch {
	case prefix == "xmlns", space == xmlnsSpace, (prefix == "xml") != (space == xmlSpace), prefix != "" && space == "":
		return ErrMalformed
	}
	e.declared = append(e.declared, declaration{prefix, space})
	return nil
}

// resolve sets the namespaces of an element and its attributes, and rejects attributes that occur twice (Namespaces in XML
// 1.0, section 6.3).
func (e *Element) resolve() error {
	var known bool
	if e.Space, known = e.namespace(e.Prefix); !known || e.Prefix == "xmlns" {
		return ErrMalformed
	}
	for i := range e.Attributes {
		a := &e.Attributes[i]
		if a.Prefix != "" { // an attribute without a prefix is in no namespace
			if a.Space, known = e.namespace(a.Prefix); !known {
				return ErrMalformed
			}
		}
		for _, before := range e.Attributes[:i] {
			if before.Local == a.Local && before.Space == a.Space {
				return ErrMalformed
			}
		}
	}
	return nil
}

func (p *parser) endTag(e *Element) error {
	prefix, local, err := p.name()
	if err != nil {
		return err
	}
	p.space()
	if prefix != e.Prefix || local != e.Local || !p.take(">") {
		return ErrMalformed
	}
	return nil
}

// equalsQuoted reads the equals sign and the quoted value after the name of an attribute.
func (p *parser) equalsQuoted() (string, error) {
	p.space()
	if !p.take("=") {
		return "", ErrMalformed
	}
	p.space()
	switch {
	case p.take(`"`):
		return p.until(`"`)
	case p.take(`'`):
		return p.until(`'`)
	}
	return "", ErrMalformed
}

// charData reads character data up to the next tag, comment or CDATA section, and normalizes line ends (XML 1.0,
// section 2.11).
func (p *parser) charData() (string, error) {
	raw := p.rest
	if end := strings.IndexByte(raw, '<'); end >= 0 {
		raw = raw[:end]
	}
	p.rest = p.rest[len(raw):]
	if strings.Contains(raw, "]]>") || !legal(raw) {
		return "", ErrMalformed
	}
	if strings.IndexByte(raw, '\r') >= 0 {
		raw = lineEnds.Replace(raw)
	}
	return expanded(raw)
}

// attributeValue normalizes the value of an attribute (XML 1.0, section 3.3.3): literal white space becomes spaces,
// and white space from character references stays.
func attributeValue(raw string) (string, error) {
	if strings.IndexByte(raw, '<') >= 0 || !legal(raw) {
		return "", ErrMalformed
	}
	if strings.ContainsAny(raw, "\t\n\r") {
		raw = spaces.Replace(raw)
	}
	return expanded(raw)
}

var (
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	spaces   = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ")
)

// expanded replaces references by characters. Only the five predefined entities exist (XML 1.0, section 4.6).
func expanded(raw string) (string, error) {
	before, rest, found := strings.Cut(raw, "&")
	if !found {
		return raw, nil
	}
	var b strings.Builder
	b.Grow(len(raw))
	for {
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, ";")
		if !closed {
			return "", ErrMalformed
		}
		r, err := reference(name)
		if err != nil {
			return "", err
		}
		b.WriteRune(r)
		before, rest, found = strings.Cut(after, "&")
	}
}

// reference returns the character of an entity reference or a character reference (XML 1.0, section 4.1).
func reference(name string) (rune, error) {
	switch name {
	case "amp":
		return '&', nil
	case "lt":
		return '<', nil
	case "gt":
		return '>', nil
	case "quot":
		return '"', nil
	case "apos":
		return '\'', nil
	}
	digits, numeric := strings.CutPrefix(name, "#")
	base := 10
	if hex, is := strings.CutPrefix(digits, "x"); is {
		digits, base = hex, 16
	}
	code, err := strconv.ParseUint(digits, base, 32) // rejects signs, and underscores because base is not 0
	if !numeric || err != nil || code > utf8.MaxRune || !isChar(rune(code)) {
		return 0, ErrMalformed
	}
	return rune(code), nil
}
