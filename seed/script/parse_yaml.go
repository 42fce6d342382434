package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"understudy/seed/base/textlimit"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// The parser reads YAML's syntax tree instead of decoding into structs, for three reasons: each message can name its
// line, an ID such as 1.10 keeps its zero, and a mapping keeps its order, which is the order in which a person acts.

// node is a value in the YAML of one comment.
type node struct {
	ast.Node
	r     *reader
	first int // line of the guide file at which the YAML begins
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	line  int
	value node
}

// parseYAML reads the mapping of a comment.
func (r *reader) parseYAML(source string, first int) ([]entry, error) {
	file, err := textlimit.ParseYAML(source)
	if err != nil {
		return nil, r.yamlError(err, first)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, r.errorf(first, "the script comment is empty: expected lines of the form key: value")
	}
	return node{file.Docs[0].Body, r, first}.mapping()
}

// yamlError takes the line of the mistake from the library's error and drops its excerpt of the source.
func (r *reader) yamlError(err error, first int) error {
	if limit, exceeded := errors.AsType[*textlimit.Error](err); exceeded {
		return r.errorf(first+limit.Line-1, "%s", limit.Text)
	}
	line, text := first, err.Error()
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		text = syntax.Message
		if syntax.Token != nil && syntax.Token.Position != nil {
			line = first + syntax.Token.Position.Line - 1
		}
	}
	return r.errorf(line, "invalid YAML: %s", strings.SplitN(text, "\n", 2)[0])
}

// line is the line of the guide file on which the value is written.
func (n node) line() int {
	if n.Node == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return n.first
	}
	return n.first + n.GetToken().Position.Line - 1
}

func (n node) errorf(format string, args ...any) error { return n.r.errorf(n.line(), format, args...) }

func (n node) with(child ast.Node) node { return node{child, n.r, n.first} }

// mapping lists the entries of a mapping in order. A key that is given twice is an error.
func (n node) mapping() ([]entry, error) {
	var values []*ast.MappingValueNode
	switch m := n.Node.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, n.errorf("expected a mapping (key: value)")
	}
	var entries []entry
	seen := map[string]bool{}
	for _, value := range values {
		key, err := n.with(value.Key).scalar()
		if err != nil {
			return nil, err
		}
		line := n.with(value.Key).line()
		if seen[key] {
			return nil, n.r.errorf(line, "the key %q is given twice", key)
		}
		seen[key] = true
		entries = append(entries, entry{key, line, n.with(value.Value)})
	}
	return entries, nil
}

func (n node) isMapping() bool {
	switch n.Node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// list returns the items of a sequence. Any other value is a list of one.
func (n node) list() []node {
	sequence, ok := n.Node.(*ast.SequenceNode)
	if !ok {
		return []node{n}
	}
	items := make([]node, 0, len(sequence.Values))
	for _, value := range sequence.Values {
		items = append(items, n.with(value))
	}
	return items
}

// scalar is the text as written in the file; the number 1.10 keeps its zero.
func (n node) scalar() (string, error) {
	var value string
	switch s := n.Node.(type) {
	case *ast.StringNode:
		value = s.Value
	case *ast.LiteralNode:
		value = s.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		value = n.GetToken().Value
	case *ast.MappingNode, *ast.MappingValueNode:
		return "", n.errorf("expected text, not a mapping; put text that begins with { or contains “: ” in quotes")
	default:
		return "", n.errorf("expected text")
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return "", n.errorf("expected text, but the value is empty")
	}
	return value, nil
}

func (n node) boolean() (bool, error) {
	if b, ok := n.Node.(*ast.BoolNode); ok {
		return b.Value, nil
	}
	return false, n.errorf("expected true or false")
}

// position is a place in a list; 1 is the top.
func (n node) position() (int, error) {
	value, err := n.scalar()
	if err != nil {
		return 0, err
	}
	to, err := strconv.Atoi(value)
	if err != nil || to < 1 || to > 1000 {
		return 0, n.errorf("expected a position from 1 (the top) to 1000")
	}
	return to, nil
}

// strings is a list of texts; a single text is a list of one.
func (n node) strings() ([]string, error) {
	var list []string
	for _, item := range n.list() {
		value, err := item.scalar()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

func unknown(kind, name string) string { return fmt.Sprintf("unknown %s %q", kind, name) }
