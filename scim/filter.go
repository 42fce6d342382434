package scim

import "strings"

// Filter is a parsed filter (RFC 7644 section 3.4.2.2): one of *And, *Or, *Not, *Compare and *ValuePath.
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

// And matches if both filters match.
type And struct{ Left, Right Filter }

// Or matches if at least one filter matches.
type Or struct{ Left, Right Filter }

// Not matches if the filter does not.
type Not struct{ Filter Filter }

// Compare is an attribute expression (attrExp in the grammar). Value is a string, a bool, a json.Number, or nil for
// null. It is nil for Present.
type Compare struct {
	Path  Path
	Op    Op
	Value any
}

// ValuePath matches if one value of a complex attribute matches the filter. The paths of the filter are sub-attributes.
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

// conjunct writes an operand of "and". An "or" needs parentheses, because "and" has precedence.
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

// conjuncts calls each for the operands of "and" at the top of the filter, or for the filter itself.
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

// mentions reports whether a filter uses an attribute, by the name without schema and sub-attribute.
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
