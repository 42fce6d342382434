package scim

import "strings"

// Filter is a parsed filter: one of *And, *Or, *Not, *Compare and *ValuePath.
type Filter interface {
	// String writes the filter in the grammar of RFC 7644 section 3.4.2.2.
	String() string
	filter()
}

// Op is a comparison operator.
type Op string

// The operators of RFC 7644 table 3.
const (
	Equal          Op = "eq"
	NotEqual       Op = "ne"
	Contains       Op = "co"
	StartsWith     Op = "sw"
	EndsWith       Op = "ew"
	Present        Op = "pr"
	GreaterThan    Op = "gt"
	GreaterOrEqual Op = "ge"
	LessThan       Op = "lt"
	LessOrEqual    Op = "le"
)

var operators = []Op{Equal, NotEqual, Contains, StartsWith, EndsWith, Present, GreaterThan, GreaterOrEqual, LessThan, LessOrEqual}

// And matches when both sides do.
type And struct{ Left, Right Filter }

// Or matches when one side does.
type Or struct{ Left, Right Filter }

// Not matches when the filter within does not.
type Not struct{ Filter Filter }

// Compare is an attribute expression. Value is a string, bool, json.Number or nil (null), and nil for Present.
type Compare struct {
	Path  Path
	Op    Op
	Value any
}

// ValuePath matches when one value of a complex attribute matches the filter within, whose paths are sub-attributes.
type ValuePath struct {
	Path   Path
	Filter Filter
}

func (*And) filter()       {}
func (*Or) filter()        {}
func (*Not) filter()       {}
func (*Compare) filter()   {}
func (*ValuePath) filter() {}

func (f *And) String() string { return conjunct(f.Left) + " and " + conjunct(f.Right) }

// conjunct puts an "or" in parentheses, because "and" binds closer.
func conjunct(f Filter) string {
	if _, ok := f.(*Or); ok {
		return "(" + f.String() + ")"
	}
	return f.String()
}

func (f *Or) String() string  { return f.Left.String() + " or " + f.Right.String() }
func (f *Not) String() string { return "not (" + f.Filter.String() + ")" }

func (f *Compare) String() string {
	if f.Op == Present {
		return f.Path.String() + " pr"
	}
	return f.Path.String() + " " + string(f.Op) + " " + string(appendJSON(nil, f.Value))
}

func (f *ValuePath) String() string { return f.Path.String() + "[" + f.Filter.String() + "]" }

// conjuncts calls each for every part that must hold for the filter to match.
func conjuncts(f Filter, each func(Filter)) {
	if and, ok := f.(*And); ok {
		conjuncts(and.Left, each)
		conjuncts(and.Right, each)
		return
	}
	if f != nil {
		each(f)
	}
}

// mentions tells whether a filter looks at an attribute.
func mentions(f Filter, attribute string) bool {
	switch f := f.(type) {
	case *And:
		return mentions(f.Left, attribute) || mentions(f.Right, attribute)
	case *Or:
		return mentions(f.Left, attribute) || mentions(f.Right, attribute)
	case *Not:
		return mentions(f.Filter, attribute)
	case *Compare:
		return strings.EqualFold(f.Path.Attribute, attribute)
	case *ValuePath:
		return strings.EqualFold(f.Path.Attribute, attribute)
	}
	return false
}
