package idp

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ruleSubject is whom a group rule's condition is asked about.
type ruleSubject struct {
	user   User
	groups []string // names
}

// ruleCondition is a parsed condition of a group rule.
type ruleCondition func(ruleSubject) bool

// parseRuleCondition reads a condition in Okta Expression Language, in the extent that group rules need: comparisons with
// == and !=, AND, OR, NOT (also &&, || and !), String.startsWith, String.endsWith, String.stringContains and the
// isMemberOfGroupName functions, over what [evaluate] knows (Okta, "Expressions in group rules").
func parseRuleCondition(text string) (ruleCondition, error) {
	if len(text) > 4000 {
		return nil, errors.New("the expression is too long: at most 4000 characters")
	}
	p := &ruleParser{rest: text}
	condition, err := p.or()
	if err == nil && p.next() != "" {
		err = fmt.Errorf("“%s” is not expected here", clip(p.rest))
	}
	return condition, err
}

// ruleParser is a recursive descent over the text that is left.
type ruleParser struct {
	rest  string
	depth int
}

// next gives what is left, without the spaces before it.
func (p *ruleParser) next() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

var word = regexp.MustCompile(`^[A-Za-z_][\w.]*`)

// take consumes the first of the signs or words that comes next.
func (p *ruleParser) take(tokens ...string) string {
	rest := p.next()
	for _, token := range tokens {
		if strings.EqualFold(word.FindString(rest), token) || (word.FindString(token) == "" && strings.HasPrefix(rest, token)) {
			p.rest = rest[len(token):]
			return token
		}
	}
	return ""
}

func (p *ruleParser) or() (ruleCondition, error) {
	left, err := p.and()
	for err == nil && p.take("||", "OR") != "" {
		var right ruleCondition
		before := left
		if right, err = p.and(); err == nil {
			left = func(s ruleSubject) bool { return before(s) || right(s) }
		}
	}
	return left, err
}

func (p *ruleParser) and() (ruleCondition, error) {
	left, err := p.not()
	for err == nil && p.take("&&", "AND") != "" {
		var right ruleCondition
		before := left
		if right, err = p.not(); err == nil {
			left = func(s ruleSubject) bool { return before(s) && right(s) }
		}
	}
	return left, err
}

func (p *ruleParser) not() (ruleCondition, error) {
	if p.depth++; p.depth > 100 {
		return nil, errors.New("the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.take("!", "NOT") != "" {
		inner, err := p.not()
		if err != nil {
			return nil, err
		}
		return func(s ruleSubject) bool { return !inner(s) }, nil
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

func (p *ruleParser) comparison() (ruleCondition, error) {
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
	return func(s ruleSubject) bool { return (s.text(left) == s.text(right)) == (sign == "==") }, nil
}

// text works out an expression for the person; null is the empty text.
func (s ruleSubject) text(expression string) string { return evaluate(expression, s.user, nil, "") }

// operand consumes a sum of terms: quoted texts, names and calls with their arguments.
func (p *ruleParser) operand() (string, error) {
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

func (p *ruleParser) term() error {
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

// closing is where the parenthesis that text begins with is closed, or -1.
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

var ruleCall = regexp.MustCompile(`^([\w.]+)\(((?s:.*))\)$`)

// arguments splits a call; nil where text is none.
func arguments(text string) (name string, args []string) {
	m := ruleCall.FindStringSubmatch(text)
	if m == nil || closing(text[len(m[1]):]) != len(text)-len(m[1])-1 {
		return "", nil
	}
	for _, arg := range splitOutside(m[2], ',') {
		args = append(args, strings.TrimSpace(arg))
	}
	return m[1], args
}

// predicate is a condition that stands without a comparison.
func predicate(text string) (ruleCondition, error) {
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
		return nil, fmt.Errorf("“%s” is neither true nor false: compare it with == or !=", clip(text))
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
		return func(s ruleSubject) bool { return compare(s.text(args[0]), s.text(args[1])) }, nil
	}
	return func(s ruleSubject) bool {
		text := s.text(args[0])
		return slices.ContainsFunc(s.groups, func(group string) bool { return compare(group, text) })
	}, nil
}

// checkText judges an expression that gives a text, so that what [evaluate] would leave empty is refused instead.
func checkText(expression string) error {
	for _, part := range splitOutside(expression, '+') {
		part = strings.TrimSpace(part)
		if part == "null" || (len(part) >= 2 && (part[0] == '"' || part[0] == '\'') && part[len(part)-1] == part[0]) {
			continue
		}
		if name, ok := strings.CutPrefix(part, "user."); ok && word.FindString(name) == name {
			if !slices.ContainsFunc(UserSchema(), func(a Attribute) bool { return a.Name == name }) {
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
	wanted := map[string]int{"String.toLowerCase": 1, "String.toUpperCase": 1, "String.substringBefore": 2, "String.substringAfter": 2}[name]
	if wanted == 0 {
		return fmt.Errorf("“%s” is not known here", clip(text))
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

func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
