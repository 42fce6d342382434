package expression

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of an expression and of its evaluation.
const (
	MaxLength = 4000 // characters of an expression

	maxDepth = 100     // nested parentheses, calls and NOT
	maxSteps = 250_000 // of one evaluation; see [evaluation.spend]
	maxText  = 1 << 16 // bytes of one value
)

// Expression is a parsed expression. It does not change, so several goroutines can evaluate it.
type Expression struct {
	text string
	root *node
}

// Subject is the user for whom an expression is evaluated.
type Subject struct {
	User     map[string]string // user.*: the Okta user profile
	AppUser  map[string]string // appuser.*: the profile at an app; may be nil
	UserName string            // appuser.userName
	AMR      []string          // session.amr: how the user signed in (RFC 8176)
	Now      time.Time         // Time.now

	Internal func(name string) string // user.getInternalProperty: "id", "status", …; may be nil
	App      func(name string) string // app.*: properties of the app; may be nil

	// Org returns the values of org.*. It is called only if the expression names them; may be nil.
	Org func() (map[string]string, error)
	// Groups returns the groups of the user. It is called at most once, and only if the expression names groups. nil means that
	// the user has none.
	Groups func() ([]Group, error)
}

// Group is a group of the subject.
type Group struct {
	ID          string
	Name        string
	Description string
	Type        string // "OKTA_GROUP", "APP_GROUP" or "BUILT_IN"
}

// Parse reads an expression. It knows the grammar only: [Expression.Check] tells whether the names exist. The error is an
// [*Error].
func Parse(text string) (*Expression, error) {
	if utf8.RuneCountInString(text) > MaxLength {
		return nil, &Error{Reason: "the expression is too long. Use at most 4000 characters"}
	}
	p := &parser{text: text}
	p.advance()
	root := p.expression()
	if p.failed == nil && p.token.kind != endToken {
		p.unexpected()
	}
	if p.failed != nil {
		return nil, p.failed
	}
	return &Expression{text: text, root: root}, nil
}

// Value evaluates the expression. Its error is an [*Error] when the expression has no value for the subject, and otherwise
// that of s.Org or s.Groups.
func (x *Expression) Value(s Subject) (Value, error) {
	e := &evaluation{subject: s, text: x.text}
	v, err := e.evaluate(x.root)
	if failed, ok := errors.AsType[loadError](err); ok {
		err = failed.error
	}
	return Value{v}, err
}

// Matches evaluates the expression of a group rule. A value other than true and false is an error.
func (x *Expression) Matches(s Subject) (bool, error) {
	v, err := x.Value(s)
	if err != nil {
		return false, err
	}
	matches, ok := truth(v.value)
	if !ok {
		return false, x.problem(x.root, "the value “"+clip(v.Text())+"” is neither true nor false")
	}
	return matches, nil
}

// Evaluate evaluates a stored expression. Its value is empty if the expression cannot be parsed or has no value for the
// subject, as in Okta; the error is that of s.Org or s.Groups.
func Evaluate(text string, s Subject) (Value, error) {
	x, err := Parse(text)
	if err != nil {
		return Value{}, nil
	}
	v, err := x.Value(s)
	if IsError(err) {
		return Value{}, nil
	}
	return v, err
}

// Value is what an expression evaluates to.
type Value struct{ value any }

// Text returns the value as one text. A missing value is empty; the elements of a list are joined with commas.
func (v Value) Text() string { return textOf(v.value) }

// Texts returns the elements of a list, and any other value as one text. Empty texts are left out.
func (v Value) Texts() (texts []string) {
	elements, isList := v.value.([]any)
	if !isList {
		elements = []any{v.value}
	}
	for _, element := range elements {
		if text := textOf(element); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// clip shortens text for an error.
func clip(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
