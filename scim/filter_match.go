package scim

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// predicate reports whether a resource, or one value of a complex attribute, matches.
type predicate func(*Object) bool

// Compile turns a filter into a function that tests resources of this type. A nil filter matches every resource. An
// attribute that the schemas do not have has no value (RFC 7644 section 3.4.2.1). A comparison that the type of the
// attribute does not allow is a 400 invalidFilter (section 3.4.2.2).
func (t *ResourceType) Compile(f Filter) (func(*Object) bool, error) {
	if f == nil {
		return func(*Object) bool { return true }, nil
	}
	return compile(f, func(p Path) (values func(*Object) []any, a *Attribute) { return t.getter(p) })
}

// getters finds a path in the schemas. It returns a function that reads the values of the path, and the attribute,
// which says how to compare them. The attribute is nil if the schemas do not have it.
type getters func(Path) (func(*Object) []any, *Attribute)

// compile compiles a filter whose paths get finds. It is used for resources and for values of complex attributes.
func compile(f Filter, get getters) (predicate, error) {
	switch f := f.(type) {
	case *And:
		return both(f.Left, f.Right, get, func(l, r predicate) predicate {
			return func(o *Object) bool { return l(o) && r(o) }
		})
	case *Or:
		return both(f.Left, f.Right, get, func(l, r predicate) predicate {
			return func(o *Object) bool { return l(o) || r(o) }
		})
	case *Not:
		inner, err := compile(f.Filter, get)
		return func(o *Object) bool { return !inner(o) }, err
	case *ValuePath:
		return compileValuePath(f, get)
	case *Compare:
		return compileCompare(f, get)
	}
	return nil, invalidFilter("The filter is empty.")
}

func both(left, right Filter, get getters, join func(l, r predicate) predicate) (predicate, error) {
	l, err := compile(left, get)
	if err != nil {
		return nil, err
	}
	r, err := compile(right, get)
	return join(l, r), err
}

// compileValuePath compiles a value path. All conditions in the brackets apply to the same value (RFC 7644 section
// 3.4.2.2).
func compileValuePath(f *ValuePath, get getters) (predicate, error) {
	values, a := get(f.Path)
	if a == nil {
		return func(*Object) bool { return false }, nil
	}
	inner, err := compileElement(f.Filter, a)
	if err != nil {
		return nil, err
	}
	return func(o *Object) bool {
		for _, v := range values(o) {
			if element, ok := v.(*Object); ok && inner(element) {
				return true
			}
		}
		return false
	}, nil
}

// compileElement compiles a value filter. Its paths are sub-attributes of a.
func compileElement(f Filter, a *Attribute) (predicate, error) {
	if !a.complex() {
		return nil, invalidFilter("The attribute %q has no sub-attributes to filter by.", a.Name)
	}
	return compile(f, func(p Path) (func(*Object) []any, *Attribute) {
		sub := findAttribute(a.SubAttributes, p.Attribute)
		if sub == nil || p.Schema != "" || p.Sub != "" {
			return nil, nil
		}
		return func(o *Object) []any { return flat(o.own(sub.Name)) }, sub
	})
}

// getter is the getters for resources of this type. The path of a complex attribute returns its values as objects.
func (t *ResourceType) getter(p Path) (func(*Object) []any, *Attribute) {
	tg, ok := t.resolve(p)
	if !ok || tg.attr == nil {
		return nil, nil
	}
	if tg.ext == nil && tg.attr.Name == "schemas" {
		return t.schemasOf, tg.attr
	}
	if tg.ext == nil && tg.attr.Name == "meta" && tg.sub != nil && tg.sub.Name == "resourceType" {
		return func(*Object) []any { return []any{t.Name} }, tg.sub
	}
	if tg.sub == nil {
		return func(o *Object) []any { return flat(tg.holder(o).own(tg.attr.Name)) }, tg.attr
	}
	return func(o *Object) []any {
		var all []any
		for _, v := range flat(tg.holder(o).own(tg.attr.Name)) {
			if element, ok := v.(*Object); ok {
				all = append(all, flat(element.own(tg.sub.Name))...)
			}
		}
		return all
	}, tg.sub
}

// flat returns the values of a single-valued or multi-valued attribute; none if it is unassigned.
func flat(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// compileCompare compiles an attribute expression. It is true if one value of the attribute satisfies it. The operator
// ne is also true if there is no value.
func compileCompare(f *Compare, get getters) (predicate, error) {
	values, a := get(f.Path)
	if a == nil {
		// Without a value, only "ne" with a value and "eq null" are true.
		holds := f.Op == NotEqual && f.Value != nil || f.Op == Equal && f.Value == nil
		return func(*Object) bool { return holds }, nil
	}
	if f.Op == Present {
		return func(o *Object) bool { return present(values(o)) }, nil
	}
	if f.Value == nil {
		if f.Op != Equal && f.Op != NotEqual {
			return nil, invalidFilter("null can only be compared with eq and ne.")
		}
		return func(o *Object) bool { return present(values(o)) == (f.Op == NotEqual) }, nil
	}
	if a.complex() {
		sub := a.value()
		if sub == nil {
			return nil, invalidFilter("The attribute %q is complex; compare one of its sub-attributes.", a.Name)
		}
		whole := values
		values = func(o *Object) []any {
			var all []any
			for _, v := range whole(o) {
				if element, ok := v.(*Object); ok {
					all = append(all, flat(element.own(sub.Name))...)
				}
			}
			return all
		}
		a = sub
	}
	test, err := comparison(f, a)
	if err != nil {
		return nil, err
	}
	return func(o *Object) bool {
		all := values(o)
		for _, v := range all {
			if test(v) {
				return true
			}
		}
		return len(all) == 0 && f.Op == NotEqual
	}, nil
}

// present reports whether one of the values is not empty (operator pr of RFC 7644 table 3).
func present(values []any) bool {
	for _, v := range values {
		if v == nil || v == "" {
			continue
		}
		if o, ok := v.(*Object); ok && o.Len() == 0 {
			continue
		}
		return true
	}
	return false
}

// comparison returns the test of one value, depending on the type of the attribute.
func comparison(f *Compare, a *Attribute) (func(any) bool, error) {
	switch a.Type {
	case Boolean:
		want, ok := boolean(f.Value)
		if !ok || f.Op != Equal && f.Op != NotEqual {
			return nil, invalidFilter("The attribute %q is a boolean. Compare it by eq or ne with true or false.", a.Name)
		}
		return func(v any) bool { return (v == want) == (f.Op == Equal) }, nil
	case Integer, Decimal:
		return compareNumbers(f, a)
	case DateTime:
		return compareTimes(f, a)
	case Binary:
		if f.Op != Equal && f.Op != NotEqual && f.Op != Contains && f.Op != StartsWith && f.Op != EndsWith {
			return nil, invalidFilter("The attribute %q is binary and has no order.", a.Name)
		}
	}
	want, ok := f.Value.(string)
	if !ok {
		return func(any) bool { return f.Op == NotEqual }, nil // a value of another type is never equal
	}
	if a.exact() {
		return func(v any) bool { s, ok := v.(string); return ok && compareText(f.Op, s, want) }, nil
	}
	want = Fold(want)
	return func(v any) bool { s, ok := v.(string); return ok && compareText(f.Op, Fold(s), want) }, nil
}

// compareText applies an operator to strings. The order is lexicographic, by bytes (RFC 7644 table 3).
func compareText(op Op, s, want string) bool {
	switch op {
	case Contains:
		return strings.Contains(s, want)
	case StartsWith:
		return strings.HasPrefix(s, want)
	case EndsWith:
		return strings.HasSuffix(s, want)
	}
	return ordered(op, strings.Compare(s, want))
}

// ordered applies an operator to the result of a comparison: negative, 0 or positive.
func ordered(op Op, order int) bool {
	switch op {
	case Equal:
		return order == 0
	case NotEqual:
		return order != 0
	case GreaterThan:
		return order > 0
	case GreaterOrEqual:
		return order >= 0
	case LessThan:
		return order < 0
	case LessOrEqual:
		return order <= 0
	}
	return false
}

// compareNumbers compares integers and decimals by their numeric value, so 7 equals 7.0.
func compareNumbers(f *Compare, a *Attribute) (func(any) bool, error) {
	want, ok := number(f.Value)
	if !ok || f.Op == Contains || f.Op == StartsWith || f.Op == EndsWith {
		return nil, invalidFilter("The attribute %q is a number. Compare it by eq, ne, gt, ge, lt or le with a number.", a.Name)
	}
	return func(v any) bool {
		n, ok := number(v)
		switch {
		case !ok:
			return f.Op == NotEqual
		case n < want:
			return ordered(f.Op, -1)
		case n > want:
			return ordered(f.Op, 1)
		}
		return ordered(f.Op, 0)
	}, nil
}

// compareTimes compares points in time. The operators co, sw and ew compare the text: "2011-05-13T04:42:34Z" starts
// with "2011-05".
func compareTimes(f *Compare, a *Attribute) (func(any) bool, error) {
	text, _ := f.Value.(string)
	if f.Op == Contains || f.Op == StartsWith || f.Op == EndsWith {
		return func(v any) bool { s, ok := v.(string); return ok && compareText(f.Op, s, text) }, nil
	}
	want, ok := dateTime(text)
	if !ok {
		return nil, invalidFilter("The attribute %q is a dateTime. Compare it with a dateTime such as 2026-11-24T07:30:00Z.", a.Name)
	}
	return func(v any) bool {
		s, _ := v.(string)
		at, ok := dateTime(s)
		return ok && ordered(f.Op, at.Compare(want))
	}, nil
}

// dateTime parses an xsd:dateTime (RFC 7643 section 2.3.5). Without a time zone, UTC is assumed.
func dateTime(s string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at, true
	}
	at, err := time.Parse("2006-01-02T15:04:05.999999999", s)
	return at, err == nil
}

// boolean accepts true and false, and the strings "True" and "False", which Entra sends.
func boolean(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		if strings.EqualFold(v, "true") {
			return true, true
		}
		return false, strings.EqualFold(v, "false")
	}
	return false, false
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n), 64)
	return f, err == nil
}

// Fold returns the form in which values that are not caseExact are compared: two texts that differ only in case, by
// Unicode's simple case folding, have the same form. A backend may store it in an indexed column.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		least := r // the smallest rune of those that fold to one another
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return unicode.ToLower(least)
	}, s)
}
