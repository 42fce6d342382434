package xmltree

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// name reads a qualified name (QName of Namespaces in XML 1.0, section 4).
func (p *parser) name() (prefix, local string, err error) {
	if prefix, err = p.part(); err != nil {
		return "", "", err
	}
	if !p.take(":") {
		return "", prefix, nil
	}
	local, err = p.part()
	return prefix, local, err
}

// part reads a name without a colon (NCName of Namespaces in XML 1.0, section 3).
func (p *parser) part() (string, error) {
	n := 0
	for n < len(p.rest) {
		r, size := rune(p.rest[n]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(p.rest[n:])
		}
		if !isNameStart(r) && (n == 0 || !isNamePart(r)) {
			break
		}
		n += size
	}
	if n == 0 {
		return "", ErrMalformed
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return name, nil
}

// isNameStart reports whether r is a NameStartChar of XML 1.0, section 2.3, other than the colon.
func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
	}
	return unicode.Is(nameStart, r)
}

// isNamePart reports whether r is a NameChar but not a NameStartChar.
func isNamePart(r rune) bool {
	return '0' <= r && r <= '9' || r == '-' || r == '.' || r == 0xB7 || 0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

var nameStart = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0xC0, Hi: 0xD6, Stride: 1}, {Lo: 0xD8, Hi: 0xF6, Stride: 1}, {Lo: 0xF8, Hi: 0x2FF, Stride: 1},
		{Lo: 0x370, Hi: 0x37D, Stride: 1},
		{Lo: 0x37F, Hi: 0x1FFF, Stride: 1}, {Lo: 0x200C, Hi: 0x200D, Stride: 1}, {Lo: 0x2070, Hi: 0x218F, Stride: 1},
		{Lo: 0x2C00, Hi: 0x2FEF, Stride: 1}, {Lo: 0x3001, Hi: 0xD7FF, Stride: 1}, {Lo: 0xF900, Hi: 0xFDCF, Stride: 1},
		{Lo: 0xFDF0, Hi: 0xFFFD, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x10000, Hi: 0xEFFFF, Stride: 1}},
}

// isChar reports whether r is a Char of XML 1.0, section 2.2.
func isChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' || r >= 0xE000 && r <= 0xFFFD ||
		r >= 0x10000 && r <= utf8.MaxRune
}

// legal reports whether all characters of a text are allowed in a document.
func legal(text string) bool {
	plain := true
	for i := range len(text) {
		if b := text[i]; b < 0x20 && !isSpace(b) {
			return false
		} else if b >= utf8.RuneSelf {
			plain = false
		}
	}
	return plain || !strings.ContainsFunc(text, func(r rune) bool { return !isChar(r) })
}
