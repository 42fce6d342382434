package expression

import (
	"strconv"
	"strings"
)

type nodeKind int

const (
	literalNode  nodeKind = iota // value
	listNode                     // {args}
	nameNode                     // text: user, appuser, …
	propertyNode                 // args[0].text
	indexNode                    // args[0][args[1]]
	callNode                     // text(args): a function
	methodNode                   // args[0].text(args[1:])
	notNode                      // !args[0]
	minusNode                    // -args[0]
	binaryNode                   // args[0] text args[1]
	ternaryNode                  // args[0] ? args[1] : args[2]
	elseNode                     // args[0] ?: args[1], and ?? if text is so
)

// node is a part of an expression.
type node struct {
	kind  nodeKind
	at    int    // byte in the expression where the name, the sign or the literal begins
	end   int    // byte behind the last token
	text  string // name or sign
	value any    // of a literal
	args  []*node
}

// parser is a recursive descent parser with one method for each level of precedence. After a mistake, failed is set and the
// methods give nodes without meaning.
type parser struct {
	text   string
	token  token // the next token
	next   int   // the byte behind it
	end    int   // the byte behind the token before
	depth  int
	failed *Error
}

// advance reads the next token and gives the one before.
func (p *parser) advance() (before token) {
	before = p.token
	if p.failed != nil {
		p.token = token{kind: endToken, at: len(p.text)}
		return before
	}
	p.end = p.next
	p.token, p.next = scan(p.text, p.next)
	return before
}

// ended notes that a node ends before the next token.
func (p *parser) ended(n *node) *node {
	n.end = p.end
	return n
}

// fail notes the first mistake. The parser sees no more tokens after it.
func (p *parser) fail(at int, reason, hint string) {
	if p.failed == nil {
		p.failed = errorAt(p.text, at, reason, hint)
		p.token = token{kind: endToken, at: len(p.text)}
	}
}

// unexpected fails at the next token.
func (p *parser) unexpected() {
	switch t := p.token; {
	case t.kind == endToken:
		p.fail(t.at, "the expression ends too early", "")
	case t.kind == wrongToken && (t.text == `"` || t.text == "'"):
		p.fail(t.at, "a closing quotation mark is missing", "")
	case strings.ContainsAny(t.text, "“”„‘’"):
		p.fail(t.at, "“"+t.text+"” is not expected here", `Use straight quotation marks: " or '.`)
	case t.kind == signToken && t.text == "=":
		p.fail(t.at, "“=” is not expected here", "Compare with ==.")
	default:
		p.fail(t.at, "“"+clip(p.text[t.at:])+"” is not expected here", "")
	}
}

// takeSign consumes one of signs if it is next, and gives it; "" if none.
func (p *parser) takeSign(signs ...string) string {
	if p.token.kind == signToken {
		for _, sign := range signs {
			if p.token.text == sign {
				p.advance()
				return sign
			}
		}
	}
	return ""
}

// takeWord consumes a word, in any case, if it is next.
func (p *parser) takeWord(word string) bool {
	found := p.token.kind == nameToken && strings.EqualFold(p.token.text, word)
	if found {
		p.advance()
	}
	return found
}

// close consumes a closing sign, or fails.
func (p *parser) close(sign, name string) {
	if p.takeSign(sign) != "" || p.failed != nil {
		return
	}
	if p.token.kind == endToken {
		p.fail(p.token.at, "a closing "+name+" is missing", "")
		return
	}
	p.unexpected()
}

// nested runs f one level deeper.
func (p *parser) nested(f func() *node) *node {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.token.at, "the expression is nested too deeply", "Split it, or use fewer parentheses.")
	}
	defer func() { p.depth-- }()
	if p.failed != nil {
		return &node{}
	}
	return f()
}

// expression reads a condition with ? and :, ?: or ??. These are right-associative; a chain of them is no deeper than one.
func (p *parser) expression() *node {
	return p.nested(func() (root *node) {
		slot := &root
		for {
			condition := p.or()
			at := p.token.at
			sign := p.takeSign("?", "?:", "??")
			n := &node{kind: elseNode, at: at, text: sign, args: []*node{condition, nil}}
			switch sign {
			case "":
				*slot = condition
				return root
			case "?":
				then := p.expression()
				if p.takeSign(":") == "" && p.failed == nil {
					p.fail(p.token.at, "a “:” with the other value is missing", "Write condition ? value : other value.")
				}
				n.kind, n.args = ternaryNode, []*node{condition, then, nil}
			}
			*slot, slot = n, &n.args[len(n.args)-1]
		}
	})
}

// binary reads operands that one of signs or words joins, from left to right. words holds the sign of each word.
func (p *parser) binary(operand func() *node, words map[string]string, signs ...string) *node {
	left := operand()
	for p.failed == nil {
		at := p.token.at
		sign := p.takeSign(signs...)
		if sign == "" && p.token.kind == nameToken {
			if sign = words[strings.ToLower(p.token.text)]; sign != "" {
				p.advance()
			}
		}
		if sign == "" {
			break
		}
		left = p.ended(&node{kind: binaryNode, at: at, text: sign, args: []*node{left, operand()}})
	}
	return left
}

func (p *parser) or() *node  { return p.binary(p.and, map[string]string{"or": "||"}, "||") }
func (p *parser) and() *node { return p.binary(p.not, map[string]string{"and": "&&"}, "&&") }

// not reads NOT and !. They hold less tightly than a comparison: NOT user.city == "Oslo".
func (p *parser) not() *node {
	at := p.token.at
	if p.takeSign("!") == "" && !p.takeWord("not") {
		return p.comparison()
	}
	return p.ended(&node{kind: notNode, at: at, args: []*node{p.nested(p.not)}})
}

var comparisonWords = map[string]string{"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}

func (p *parser) comparison() *node {
	return p.binary(p.sum, comparisonWords, "==", "!=", "<=", ">=", "<", ">")
}

func (p *parser) sum() *node { return p.binary(p.product, nil, "+", "-") }

func (p *parser) product() *node {
	return p.binary(p.unary, map[string]string{"div": "/", "mod": "%"}, "*", "/", "%")
}

func (p *parser) unary() *node {
	at := p.token.at
	switch p.takeSign("-", "!") {
	case "-":
		return p.ended(&node{kind: minusNode, at: at, args: []*node{p.nested(p.unary)}})
	case "!":
		return p.ended(&node{kind: notNode, at: at, args: []*node{p.nested(p.unary)}})
	}
	return p.postfix()
}

// postfix reads properties, methods and indexes behind a value.
func (p *parser) postfix() *node {
	left := p.primary()
	for p.failed == nil {
		at := p.token.at
		switch p.takeSign(".", "?.", "[") {
		case "":
			return left
		case "[":
			left = &node{kind: indexNode, at: at, args: []*node{left, p.expression()}}
			p.close("]", "square bracket")
			p.ended(left)
		default:
			left = p.member(left)
		}
	}
	return left
}

// member reads the name behind a full stop, and the arguments of a method.
func (p *parser) member(left *node) *node {
	if p.token.kind != nameToken {
		p.unexpected()
		return left
	}
	name := p.advance()
	if p.takeSign("(") == "" {
		return p.ended(&node{kind: propertyNode, at: name.at, text: name.text, args: []*node{left}})
	}
	return p.ended(&node{kind: methodNode, at: name.at, text: name.text,
		args: append([]*node{left}, p.list(")", "parenthesis")...)})
}

// primary reads a literal, a name, a call, a list or an expression in parentheses.
func (p *parser) primary() *node {
	at := p.token.at
	switch p.token.kind {
	case textToken:
		return p.ended(&node{kind: literalNode, at: at, value: p.advance().text})
	case numberToken:
		return p.number()
	case nameToken:
		return p.name()
	}
	switch p.takeSign("(", "{") {
	case "(":
		inner := p.expression()
		p.close(")", "parenthesis")
		return inner
	case "{":
		return p.ended(&node{kind: listNode, at: at, args: p.list("}", "curly bracket")})
	}
	p.unexpected()
	return &node{}
}

func (p *parser) number() *node {
	t := p.advance()
	n := p.ended(&node{kind: literalNode, at: t.at})
	var err error
	if strings.Contains(t.text, ".") {
		n.value, err = strconv.ParseFloat(t.text, 64)
	} else {
		n.value, err = strconv.ParseInt(t.text, 10, 64)
	}
	if err != nil {
		p.fail(t.at, "the number "+clip(t.text)+" is too large", "")
	}
	return n
}

// constants are the words for values, in lower case.
var constants = map[string]any{"true": true, "false": false, "null": nil}

// name reads a constant, a name, or a call of a function.
func (p *parser) name() *node {
	name := p.advance()
	if constant, known := constants[strings.ToLower(name.text)]; known {
		return p.ended(&node{kind: literalNode, at: name.at, value: constant})
	}
	if namespaces[name.text] && p.takeSign(".") != "" {
		if p.token.kind != nameToken {
			p.unexpected()
			return &node{}
		}
		name.text += "." + p.advance().text
		if p.token.text != "(" || p.token.kind != signToken {
			p.fail(p.token.at, "the parentheses of "+name.text+" are missing", "Write "+name.text+"(…).")
		}
	}
	if p.takeSign("(") == "" {
		return p.ended(&node{kind: nameNode, at: name.at, text: name.text})
	}
	return p.ended(&node{kind: callNode, at: name.at, text: name.text, args: p.list(")", "parenthesis")})
}

// list reads expressions with commas between them, and the closing sign.
func (p *parser) list(sign, name string) (list []*node) {
	if p.takeSign(sign) != "" {
		return nil
	}
	for p.failed == nil {
		list = append(list, p.expression())
		if p.takeSign(",") == "" {
			break
		}
	}
	p.close(sign, name)
	return list
}
