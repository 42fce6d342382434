package expression

import (
	"fmt"
	"strings"

	"understudy/idp/schema"
)

// Place is where an expression is used. It decides what the expression can name, and what its value has to be.
type Place struct {
	Condition bool               // a group rule: the value is true or false, and only user and some functions can be named
	AppUser   []schema.Attribute // attributes of appuser; nil if there is no appuser
	App       []string           // names of app.*; nil if there is no app
	Org       []string           // names of org.*; nil if there is no org
	Session   bool               // session.amr exists

	group bool // the expression of getFilteredGroups: only group can be named
}

// Check tells whether the expression is valid at a place: names, functions, number of arguments, and types as far as they are
// known. The error is an [*Error].
func (x *Expression) Check(place Place) error {
	c := &checker{x: x, place: place}
	given := c.check(x.root)
	if c.failed == nil && place.Condition && given != boolType && given != anyType {
		c.fail(x.root, "“"+clip(strings.TrimSpace(x.text))+"” is not a condition", "Compare it with == or !=.")
	}
	if c.failed != nil { // not returned directly: an error that holds a nil pointer is not nil
		return c.failed
	}
	return nil
}

// Validate parses and checks a text.
func Validate(text string, place Place) error {
	x, err := Parse(text)
	if err != nil {
		return err
	}
	return x.Check(place)
}

// checker visits nodes from left to right and keeps the first mistake.
type checker struct {
	x      *Expression
	place  Place
	failed *Error
}

func (c *checker) fail(n *node, reason, hint string) {
	if c.failed == nil {
		c.failed = errorAt(c.x.text, n.at, reason, hint)
	}
}

// check returns the type of a node's value.
func (c *checker) check(n *node) valueType {
	if c.failed != nil {
		return anyType
	}
	switch n.kind {
	case literalNode:
		return literalType(n.value)
	case nameNode:
		c.fail(n, "“"+n.text+"” is not supported here", c.nameHint(n.text))
		return anyType
	case propertyNode:
		return c.property(n)
	case callNode:
		c.allowed(n)
		return c.call(n, functions, "the function ")
	case methodNode:
		return c.method(n)
	}
	given := make([]valueType, len(n.args))
	for i, arg := range n.args {
		given[i] = c.check(arg)
	}
	return c.operator(n, given)
}

func literalType(v any) valueType {
	switch v.(type) {
	case string:
		return textType
	case bool:
		return boolType
	case nil:
		return nullType
	}
	return numberType
}

// operator returns the type of an operator's value. given holds the types of its operands.
func (c *checker) operator(n *node, given []valueType) valueType {
	switch n.kind {
	case listNode:
		return listType
	case minusNode:
		return numberType
	case notNode:
		c.condition(n.args[0], given[0])
		return boolType
	case elseNode:
		return common(given[0], given[1])
	case ternaryNode:
		c.condition(n.args[0], given[0])
		return common(given[1], given[2])
	case binaryNode:
		return c.binary(n, given)
	}
	return anyType // of an element
}

func (c *checker) binary(n *node, given []valueType) valueType {
	switch n.text {
	case "&&", "||":
		c.condition(n.args[0], given[0])
		c.condition(n.args[1], given[1])
		return boolType
	case "+":
		switch {
		case given[0] == numberType && given[1] == numberType:
			return numberType
		case given[0] == anyType || given[1] == anyType:
			return anyType
		}
		return textType
	case "-", "*", "/", "%":
		return numberType
	}
	return boolType
}

// common returns the type of a value that is one of two.
func common(a, b valueType) valueType {
	switch {
	case a == b || b == nullType:
		return a
	case a == nullType:
		return b
	}
	return anyType
}

// condition refuses an operand that can be neither true nor false.
func (c *checker) condition(n *node, given valueType) {
	if given != boolType && given != anyType {
		c.fail(n, c.x.excerpt(n)+" is not a condition", "Compare it with == or !=.")
	}
}

// property checks the name behind user, appuser, app, org or session. Other values have no properties that are known.
func (c *checker) property(n *node) valueType {
	base := n.args[0]
	if base.kind != nameNode {
		if base.kind == propertyNode && c.place.group {
			return c.groupProperty(n)
		}
		given := c.check(base)
		if given != anyType && given != nullType {
			c.fail(n, "“"+n.text+"” is not supported: the value before it has no attributes", c.methodHint(n.text))
		}
		return anyType
	}
	known, described := c.attributes(base.text)
	if known == nil {
		return c.check(base)
	}
	given, exists := known[n.text]
	if !exists {
		c.fail(n, described+" has no attribute "+clip(n.text), suggestion(n.text, keys(known)))
	}
	return given
}

// groupProperty checks group.profile.name.
func (c *checker) groupProperty(n *node) valueType {
	base := n.args[0]
	if base.args[0].kind != nameNode || base.args[0].text != "group" || base.text != "profile" ||
		(n.text != "name" && n.text != "description") {
		c.fail(n, "the group has no attribute "+clip(n.text), "Use group.id, group.name or group.profile.name.")
	}
	return textType
}

// allowed refuses functions that the place does not have.
func (c *checker) allowed(n *node) {
	namespace, _, _ := strings.Cut(n.text, ".")
	isGroup := strings.HasPrefix(n.text, "isMemberOf") || n.text == "getFilteredGroups"
	switch {
	case functions[n.text].call == nil:
	case c.place.Condition && (namespace == "Convert" || namespace == "Time" || namespace == "Iso3166Convert" ||
		n.text == "getFilteredGroups"):
		c.fail(n, "the function "+n.text+" is not supported in a group rule", "")
	case c.place.group && isGroup:
		c.fail(n, "the function "+n.text+" is not supported in the expression for groups", "")
	}
}

// call checks name and arguments of a function or method. described says which of the two it is.
func (c *checker) call(n *node, table map[string]function, described string) valueType {
	for _, arg := range n.args {
		if arg.kind == nameNode && arg.text == "user" && n.kind == methodNode {
			continue
		}
		c.check(arg)
	}
	f, known := table[n.text]
	if !known {
		c.fail(n, described+clip(n.text)+" is not supported", suggestion(n.text, names(table)))
		return anyType
	}
	least, most, given := f.least, f.most, len(n.args)
	if n.kind == methodNode { // the receiver is not written in the parentheses
		least, most, given = least-1, max(most-1, -1), given-1
	}
	if given < least || (f.most >= 0 && given > most) {
		c.fail(n, fmt.Sprintf("%s takes %s, not %d", n.text, count(least, most), given), "")
		return f.gives
	}
	if f.check != nil {
		if reason := f.check(n.args); reason != "" {
			c.fail(n, reason, "")
		}
	}
	return f.gives
}

// count describes a number of arguments.
func count(least, most int) string {
	switch {
	case most < 0:
		return fmt.Sprintf("%d values or more", least)
	case least != most:
		return fmt.Sprintf("%d to %d values", least, most)
	case least == 1:
		return "1 value"
	}
	return fmt.Sprintf("%d values", least)
}

// method checks that a method of the user follows user.
func (c *checker) method(n *node) valueType {
	_, isUserMethod := userMethods[n.text]
	isUser := n.args[0].kind == nameNode && (n.args[0].text == "user" || n.args[0].text == "source")
	if isUserMethod && (!isUser || c.place.group) {
		c.fail(n, n.text+" is a method of user", "Write user."+n.text+"(…).")
	}
	if isUser && !isUserMethod {
		c.fail(n, "user has no method "+clip(n.text), suggestion(n.text, names(userMethods)))
	}
	return c.call(n, methods, "the method ")
}

// excerpt returns the text of a node for an error.
func (x *Expression) excerpt(n *node) string {
	first := n
	for len(first.args) > 0 && first.args[0].at < first.at {
		first = first.args[0]
	}
	return "“" + clip(x.text[first.at:max(n.end, first.at)]) + "”"
}
