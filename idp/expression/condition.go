package expression

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"understudy/idp/schema"
)

// Condition is a parsed condition of a group rule: it reports whether a user matches.
type Condition func(Subject) bool

const (
	maxConditionLength = 4000 // bytes
	maxConditionDepth  = 100  // nested NOT and parentheses
)

// ParseCondition parses the condition of a group rule: comparisons with == and !=, AND, OR, NOT (also &&, || and !),
// String.startsWith, String.endsWith, String.stringContains and the isMemberOfGroupName functions, over the texts that
// [Evaluate] supports. The error is a sentence fragment for the rule form, such as "a closing parenthesis is missing".
func ParseCondition(text string) (Condition, error) {
	if len(text) > maxConditionLength {
		return nil, fmt.Errorf("the expression is too long: at most %d characters", maxConditionLength)
	}
	p := &conditionParser{rest: text}
	condition, err := p.or()
	if err == nil && p.next() != "" {
		err = fmt.Errorf("“%s” is not expected here", clip(p.rest))
	}
	return condition, err
}

// conditionParser is a recursive descent parser. One method per level of precedence: or, and, not, comparison.
type conditionParser struct {
	rest  string // the text that is not yet parsed
	depth int    // of nested NOT and parentheses
}

// next skips white space and returns the rest.
func (p *conditionParser) next() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

var word = regexp.MustCompile(`^[A-Za-z_][\w.]*`)

// take consumes one of tokens, if the rest begins with it, and returns it; "" if none. Words match in any case.
func (p *conditionParser) take(tokens ...string) string {
	rest := p.next()
	for _, token := range tokens {
		if strings.EqualFold(word.FindString(rest), token) ||
			(word.FindString(token) == "" && strings.HasPrefix(rest, token)) {
			p.rest = rest[len(token):]
			return token
		}
	}
	return ""
}

func (p *conditionParser) or() (Condition, error) {
	left, err := p.and()
	for err == nil && p.take("||", "OR") != "" {
		var right Condition
		before := left
		if right, err = p.and(); err == nil {
			left = func(s Subject) bool { return before(s) || right(s) }
		}
	}
	return left, err
}

func (p *conditionParser) and() (Condition, error) {
	left, err := p.not()
	for err == nil && p.take("&&", "AND") != "" {
		var right Condition
		before := left
		if right, err = p.not(); err == nil {
			left = func(s Subject) bool { return before(s) && right(s) }
		}
	}
	return left, err
}

func (p *conditionParser) not() (Condition, error) {
	if p.depth++; p.depth > maxConditionDepth {
		return nil, errors.New("the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.take("!", "NOT") != "" {
		inner, err := p.not()
		if err != nil {
			return nil, err
		}
		return func(s Subject) bool { return !inner(s) }, nil
	}
	if p.take("(") == "" {
		return p.comparison()
	}
	inner, err := p.or()
	if err == nil && p.take(")") == "" {
		err = errors.New("a closing parenthesis is missing")
	}
	return inner, err
}

func (p *conditionParser) comparison() (Condition, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	sign := p.take("==", "!=")
	if sign == "" {
		return predicate(left)
	}
	right, err := p.operand()
	if err != nil {
		return nil, err
	}
	for _, side := range []string{left, right} {
		if err := checkText(side); err != nil {
			return nil, err
		}
	}
	return func(s Subject) bool { return (Evaluate(left, s) == Evaluate(right, s)) == (sign == "==") }, nil
}

// operand consumes terms joined by + and returns their text: quoted texts, names, and calls with their arguments.
func (p *conditionParser) operand() (string, error) {
	start := p.next()
	for {
		if err := p.term(); err != nil {
			return "", err
		}
		after := p.rest
		if p.take("+") == "" {
			return strings.TrimSpace(start[:len(start)-len(after)]), nil
		}
	}
}

func (p *conditionParser) term() error {
	rest := p.next()
	if rest == "" {
		return errors.New("the expression ends too early")
	}
	if quote := rest[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(rest[1:], quote)
		if end < 0 {
			return errors.New("a closing quotation mark is missing")
		}
		p.rest = rest[end+2:]
		return nil
	}
	name := word.FindString(rest)
	if name == "" {
		return fmt.Errorf("“%s” is not expected here", clip(rest))
	}
	p.rest = rest[len(name):]
	if strings.HasPrefix(p.rest, "(") {
		end := closing(p.rest)
		if end < 0 {
			return errors.New("a closing parenthesis is missing")
		}
		p.rest = p.rest[end+1:]
	}
	return nil
}

// closing returns the index of the parenthesis that closes the one at the beginning of text; -1 if there is none.
func closing(text string) int {
	depth := 0
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

var callPattern = regexp.MustCompile(`^([\w.]+)\(((?s:.*))\)$`)

// arguments splits a call into its function and arguments; "" and nil if text is not a call.
func arguments(text string) (name string, args []string) {
	m := callPattern.FindStringSubmatch(text)
	if m == nil || closing(text[len(m[1]):]) != len(text)-len(m[1])-1 {
		return "", nil
	}
	for _, arg := range split(m[2], ',') {
		args = append(args, strings.TrimSpace(arg))
	}
	return m[1], args
}

// predicate parses a call that is true or false by itself, without a comparison.
func predicate(text string) (Condition, error) {
	name, args := arguments(text)
	compare := map[string]func(string, string) bool{
		"String.startsWith": strings.HasPrefix, "String.endsWith": strings.HasSuffix, "String.stringContains": strings.Contains,
		"isMemberOfGroupName":           func(group, wanted string) bool { return group == wanted },
		"isMemberOfGroupNameStartsWith": strings.HasPrefix, "isMemberOfGroupNameContains": strings.Contains,
	}[name]
	wanted := 2
	if strings.HasPrefix(name, "isMember") {
		wanted = 1
	}
	if compare == nil {
		return nil, fmt.Errorf("“%s” is not a condition: compare it with == or !=", clip(text))
	}
	if len(args) != wanted {
		return nil, fmt.Errorf("%s takes %d values", name, wanted)
	}
	for _, arg := range args {
		if err := checkText(arg); err != nil {
			return nil, err
		}
	}
	if wanted == 2 {
		return func(s Subject) bool { return compare(Evaluate(args[0], s), Evaluate(args[1], s)) }, nil
	}
	return func(s Subject) bool {
		text := Evaluate(args[0], s)
		return slices.ContainsFunc(s.Groups, func(group string) bool { return compare(group, text) })
	}, nil
}

// checkText refuses a text that [Evaluate] would leave empty: an unknown attribute, function or number of arguments.
// null is Okta's word for a missing value and evaluates to the empty text.
func checkText(expression string) error {
	for _, part := range split(expression, '+') {
		part = strings.TrimSpace(part)
		if part == "null" || isQuoted(part) {
			continue
		}
		if name, ok := strings.CutPrefix(part, "user."); ok && word.FindString(name) == name {
			if !slices.ContainsFunc(schema.User(), func(a schema.Attribute) bool { return a.Name == name }) {
				return fmt.Errorf("the user profile has no attribute %s", name)
			}
			continue
		}
		if err := checkCall(part); err != nil {
			return err
		}
	}
	return nil
}

func checkCall(text string) error {
	name, args := arguments(text)
	wanted := map[string]int{"String.toLowerCase": 1, "String.toUpperCase": 1, "String.substringBefore": 2,
		"String.substringAfter": 2}[name]
	if wanted == 0 {
		return fmt.Errorf("“%s” is not supported", clip(text))
	}
	if len(args) != wanted {
		return fmt.Errorf("%s takes %d values", name, wanted)
	}
	for _, arg := range args {
		if err := checkText(arg); err != nil {
			return err
		}
	}
	return nil
}

// clip shortens text for an error.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
