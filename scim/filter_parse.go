package scim

import (
	"encoding/json"
	"strings"
)

// ParseFilter parses a filter in the grammar of RFC 7644 section 3.4.2.2. The error is a 400 invalidFilter. It accepts
// more than the grammar: any white space in place of one space, and true, false and null in any case. Entra sends
// emails[type eq "work"].value eq "x", which means emails[type eq "work" and value eq "x"].
//
// The library scim2/filter-parser 2.3.1 is not used. It rejects escapes in strings (`"q\"u"`), parentheses after an
// operator within brackets, and URIs with an underscore. It has no limit of the nesting depth.
func ParseFilter(s string, limits Limits) (Filter, error) {
	limits = limits.orDefault()
	if len(s) > limits.FilterLength {
		return nil, invalidFilter("The filter is longer than %d characters.", limits.FilterLength)
	}
	p := parser{text: s, limits: limits, where: invalidFilter}
	f, err := p.or(false)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(s) {
		return nil, p.fail("unexpected text")
	}
	return f, nil
}

// parser is a recursive descent parser. The argument within of its methods is true inside the brackets of a value filter.
type parser struct {
	text   string
	at     int
	depth  int
	limits Limits
	where  func(format string, args ...any) *Error // makes the error
}

// fail returns an error that says what is wrong, and where. Positions count bytes from 1.
func (p *parser) fail(what string) error {
	rest := p.text[p.at:]
	if len(rest) > 20 {
		rest = strings.ToValidUTF8(rest[:20], "") + "…"
	}
	if rest == "" {
		return p.where("%s at the end of %q.", sentence(what), p.text)
	}
	return p.where("%s at position %d, before %q.", sentence(what), p.at+1, rest)
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (p *parser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
}

func (p *parser) next(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// keyword reads a word in any case, if it comes next and ends there.
func (p *parser) keyword(word string) bool {
	end := p.at + len(word)
	if end > len(p.text) || !strings.EqualFold(p.text[p.at:end], word) {
		return false
	}
	if end < len(p.text) && !strings.ContainsRune(" \t()[]\"", rune(p.text[end])) {
		return false
	}
	p.at = end
	return true
}

// connective reads "and" or "or", which must follow white space or a closing bracket.
func (p *parser) connective(word string) bool {
	before := p.at
	p.space()
	if (p.at > before || p.text[before-1] == ')' || p.text[before-1] == ']') && p.keyword(word) {
		return true
	}
	p.at = before
	return false
}

// or reads terms joined by "or". The operator "and" has precedence (RFC 7644 section 3.4.2.2).
func (p *parser) or(within bool) (Filter, error) {
	left, err := p.and(within)
	for err == nil {
		if !p.connective("or") {
			return left, nil
		}
		var right Filter
		if right, err = p.and(within); err == nil {
			left = &Or{left, right}
		}
	}
	return nil, err
}

func (p *parser) and(within bool) (Filter, error) {
	left, err := p.term(within)
	for err == nil {
		if !p.connective("and") {
			return left, nil
		}
		var right Filter
		if right, err = p.term(within); err == nil {
			left = &And{left, right}
		}
	}
	return nil, err
}

// term reads a group, a negated group, an attribute expression or a value path (FILTER in the grammar).
func (p *parser) term(within bool) (Filter, error) {
	p.space()
	start := p.at
	if p.keyword("not") {
		if p.space(); p.next('(') {
			f, err := p.group(within)
			if err != nil {
				return nil, err
			}
			return &Not{f}, nil
		}
		p.at = start // it is an attribute with the name "not"
	}
	if p.next('(') {
		return p.group(within)
	}
	path, err := p.path()
	if err != nil {
		return nil, err
	}
	if !within && p.at < len(p.text) && p.text[p.at] == '[' {
		return p.valuePath(path)
	}
	return p.comparison(path)
}

// group reads a filter up to the closing parenthesis.
func (p *parser) group(within bool) (Filter, error) {
	if p.depth++; p.depth > p.limits.FilterDepth {
		return nil, p.where("The filter is nested deeper than %d levels.", p.limits.FilterDepth)
	}
	f, err := p.or(within)
	if err != nil {
		return nil, err
	}
	if p.space(); !p.next(')') {
		return nil, p.fail(`")" expected`)
	}
	p.depth--
	return f, nil
}

func (p *parser) path() (Path, error) {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" \t()[]\"", rune(p.text[p.at])) {
		p.at++
	}
	if start == p.at {
		return Path{}, p.fail("an attribute name expected")
	}
	path, err := ParsePath(p.text[start:p.at])
	if err != nil || path.Attribute == "" {
		p.at = start
		return Path{}, p.fail("an attribute name expected")
	}
	return path, nil
}

// valuePath reads the brackets of a value path, and Entra's comparison after them.
func (p *parser) valuePath(path Path) (Filter, error) {
	f, sub, err := p.brackets()
	if err != nil {
		return nil, err
	}
	if sub == "" {
		return &ValuePath{path, f}, nil
	}
	inner, err := p.comparison(Path{Attribute: sub})
	if err != nil {
		return nil, err
	}
	return &ValuePath{path, &And{f, inner}}, nil
}

// brackets reads "[" valFilter "]" and the sub-attribute after it, if there is one.
func (p *parser) brackets() (f Filter, sub string, err error) {
	p.at++
	if f, err = p.or(true); err != nil {
		return nil, "", err
	}
	if p.space(); !p.next(']') {
		return nil, "", p.fail(`"]" expected`)
	}
	if !p.next('.') {
		return f, "", nil
	}
	path, err := p.path()
	if err != nil {
		return nil, "", err
	}
	if path.Schema != "" || path.Sub != "" {
		return nil, "", p.fail("a sub-attribute name expected")
	}
	return f, path.Attribute, nil
}

// comparison reads the operator and the value of an attribute expression.
func (p *parser) comparison(path Path) (Filter, error) {
	if p.space(); p.keyword("pr") {
		return &Compare{Path: path, Op: Present}, nil
	}
	for _, op := range operators {
		if !p.keyword(string(op)) {
			continue
		}
		before := p.at
		if p.space(); p.at == before {
			return nil, p.fail("white space expected")
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		return &Compare{path, op, v}, nil
	}
	return nil, p.fail("an operator (eq, ne, co, sw, ew, pr, gt, ge, lt, le) expected")
}

// value reads a JSON string, a JSON number, true, false or null.
func (p *parser) value() (any, error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.str()
	}
	switch {
	case p.keyword("true"):
		return true, nil
	case p.keyword("false"):
		return false, nil
	case p.keyword("null"):
		return nil, nil
	}
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	number := p.text[start:p.at]
	if number == "" || !json.Valid([]byte(number)) {
		p.at = start
		return nil, p.fail("a value (a string in quotes, a number, true, false or null) expected")
	}
	return json.Number(number), nil
}

// str reads a JSON string.
func (p *parser) str() (any, error) {
	start := p.at
	for i := start + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '"':
			var s string
			if err := json.Unmarshal([]byte(p.text[start:i+1]), &s); err != nil {
				return nil, p.fail("a JSON string expected")
			}
			p.at = i + 1
			return s, nil
		}
	}
	return nil, p.fail("a string without an end")
}
