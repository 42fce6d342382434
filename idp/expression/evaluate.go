package expression

import (
	"errors"
	"fmt"
	"strings"
)

// evaluation is the evaluation of one expression for one subject.
type evaluation struct {
	subject Subject
	text    string // of the expression, for positions
	steps   int    // spent so far
	groups  []Group
	loaded  bool   // groups holds the groups of the subject
	group   *Group // group.*, within the expression of getFilteredGroups; else nil
}

// loadError is an error of [Subject.Org] or [Subject.Groups].
type loadError struct{ error }

var errTooLong = errors.New("the value is too long, or the expression takes too much time")

// spend counts steps, and fails when an evaluation takes too many. A step is the work for one operator, or for 16 bytes of
// text.
func (e *evaluation) spend(n int) error {
	if e.steps += n; e.steps > maxSteps {
		return errTooLong
	}
	return nil
}

// spendOn counts the work for a value.
func (e *evaluation) spendOn(v any) error {
	switch v := v.(type) {
	case string:
		if len(v) > maxText {
			return errTooLong
		}
		return e.spend(1 + len(v)/16)
	case []any:
		return e.spend(1 + len(v))
	}
	return e.spend(1)
}

// evaluate returns the value of a node. An error gets the position of the innermost node that fails.
func (e *evaluation) evaluate(n *node) (any, error) {
	v, err := e.value(n)
	if err == nil {
		err = e.spendOn(v)
	}
	if err == nil {
		return v, nil
	}
	if _, failed := errors.AsType[loadError](err); !failed && !IsError(err) {
		err = errorAt(e.text, n.at, err.Error(), "")
	}
	return nil, err
}

func (e *evaluation) value(n *node) (any, error) {
	switch n.kind {
	case literalNode:
		return n.value, nil
	case nameNode:
		return e.root(n.text)
	case binaryNode:
		return e.binary(n)
	case ternaryNode, elseNode:
		return e.choice(n)
	}
	args, err := e.all(n.args)
	if err != nil {
		return nil, err
	}
	switch n.kind {
	case listNode:
		return args, nil
	case propertyNode:
		return property(args[0], n.text), nil
	case indexNode:
		return index(args[0], args[1])
	case callNode:
		return e.call(functions, n.text, args)
	case methodNode:
		return e.call(methods, n.text, args)
	case notNode:
		return e.not(args[0])
	}
	return calculate("-", int64(0), args[0])
}

// all evaluates nodes in their order.
func (e *evaluation) all(nodes []*node) ([]any, error) {
	values := make([]any, len(nodes))
	for i, n := range nodes {
		var err error
		if values[i], err = e.evaluate(n); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// root returns what a name at the beginning of an expression stands for.
func (e *evaluation) root(name string) (any, error) {
	s := e.subject
	switch {
	case name == "group" && e.group != nil:
		return e.group.object(), nil
	case name == "user" || name == "source":
		return user{fields(s.User), textual(s.Internal)}, nil
	case name == "appuser":
		return object(s.appUser), nil
	case name == "app":
		return textual(s.App), nil
	case name == "org" && s.Org != nil:
		values, err := s.Org()
		if err != nil {
			return nil, loadError{err}
		}
		return fields(values), nil
	case name == "session":
		return object(s.session), nil
	}
	return nil, nil
}

func (s Subject) appUser(name string) any {
	if name == "userName" {
		return s.UserName
	}
	return fields(s.AppUser)(name)
}

func (s Subject) session(name string) any {
	if name != "amr" {
		return nil
	}
	return anyList(s.AMR)
}

// user is the Okta user: an object with methods.
type user struct {
	object
	internal object
}

// fields returns the texts of a map as properties. One without a text is missing.
func fields(texts map[string]string) object {
	return textual(func(name string) string { return texts[name] })
}

// textual returns texts as properties; f may be nil.
func textual(f func(name string) string) object {
	return func(name string) any {
		if f == nil {
			return nil
		}
		if text := f(name); text != "" {
			return text
		}
		return nil
	}
}

// property returns a property of an object. Nothing else has properties, and a property of a missing value is missing.
func property(v any, name string) any {
	switch v := v.(type) {
	case user:
		return v.object(name)
	case object:
		return v(name)
	}
	return nil
}

// index returns an element of a list, counted from 0.
func index(v, position any) (any, error) {
	number, err := numberOf(position)
	if err != nil {
		return nil, err
	}
	list, i := listOf(v), floatOf(number)
	if i < 0 || int(i) >= len(list) {
		return nil, fmt.Errorf("the list has %d elements, and so no element %s", len(list), textOf(number))
	}
	return list[int(i)], nil
}

func (e *evaluation) not(v any) (any, error) {
	value, err := condition(v)
	return !value, err
}

// condition returns a value as true or false.
func condition(v any) (bool, error) {
	value, ok := truth(v)
	if !ok {
		return false, errors.New("the value “" + clip(textOf(v)) + "” is neither true nor false")
	}
	return value, nil
}

// choice evaluates ? and :, ?: and ??. Only the value that is needed is evaluated.
func (e *evaluation) choice(n *node) (any, error) {
	first, err := e.evaluate(n.args[0])
	if err != nil {
		return nil, err
	}
	if n.kind == elseNode {
		if isEmpty(first) {
			return e.evaluate(n.args[1])
		}
		return first, nil
	}
	chosen, err := condition(first)
	if err != nil {
		return nil, err
	}
	if chosen {
		return e.evaluate(n.args[1])
	}
	return e.evaluate(n.args[2])
}

func (e *evaluation) binary(n *node) (any, error) {
	left, err := e.evaluate(n.args[0])
	if err != nil {
		return nil, err
	}
	if n.text == "&&" || n.text == "||" {
		value, err := condition(left)
		if err != nil || value == (n.text == "||") {
			return value, err
		}
		if left, err = e.evaluate(n.args[1]); err != nil {
			return nil, err
		}
		return condition(left)
	}
	right, err := e.evaluate(n.args[1])
	if err != nil {
		return nil, err
	}
	switch n.text {
	case "==", "!=":
		return equal(left, right) == (n.text == "=="), nil
	case "<", ">", "<=", ">=":
		return relate(n.text, left, right)
	case "+":
		if !isNumber(left) || !isNumber(right) {
			return e.join(left, right)
		}
	}
	return calculate(n.text, left, right)
}

// relate compares by order. A missing value is neither less nor greater.
func relate(sign string, left, right any) (any, error) {
	if isEmpty(left) || isEmpty(right) {
		return false, nil
	}
	order, err := compare(left, right)
	if err != nil {
		return nil, err
	}
	return map[string]bool{"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[sign], nil
}

// join returns the texts of values one after the other.
func (e *evaluation) join(values ...any) (any, error) {
	var b strings.Builder
	for _, v := range values {
		text := textOf(v)
		if b.Len()+len(text) > maxText {
			return nil, errTooLong
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// call calls a function or a method. [Expression.Check] reports unknown ones; here they have no value, so that a stored
// expression whose check has become stricter keeps the rest of its value.
func (e *evaluation) call(table map[string]function, name string, args []any) (any, error) {
	f, known := table[name]
	if !known || !f.takes(len(args)) {
		return nil, nil
	}
	return f.call(e, args)
}

// userGroups returns the groups of the subject.
func (e *evaluation) userGroups() ([]Group, error) {
	if !e.loaded && e.subject.Groups != nil {
		groups, err := e.subject.Groups()
		if err != nil {
			return nil, loadError{err}
		}
		e.groups = groups
	}
	e.loaded = true
	return e.groups, e.spend(1 + len(e.groups))
}

func anyList(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
