package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// The script is read from YAML's syntax tree, not by decoding into structs:
// only so every message knows its line, an id such as 1.10 stays what was
// written, and a map keeps the order in which a person would act.

// node is a value in the YAML of one comment.
type node struct {
	ast.Node
	r     *reader
	first int // line of the file at which the YAML begins
}

type entry struct {
	key   string
	line  int
	value node
}

// parseYAML reads the mapping of a comment. The parser is not ours and has
// panicked on malformed input, which must be a message like any other.
func (r *reader) parseYAML(source string, first int) (entries []entry, err error) {
	defer func() {
		if p := recover(); p != nil {
			entries, err = nil, r.errorf(first, "this is not YAML")
		}
	}()
	file, err := parser.ParseBytes([]byte(source), 0)
	if err != nil {
		return nil, r.yamlError(err, first)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, r.errorf(first, "the script comment is empty")
	}
	return node{file.Docs[0].Body, r, first}.mapping()
}

func (r *reader) yamlError(err error, first int) error {
	line, text := first, err.Error()
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		text = syntax.Message
		if syntax.Token != nil && syntax.Token.Position != nil {
			line = first + syntax.Token.Position.Line - 1
		}
	}
	return r.errorf(line, "this is not YAML: %s", strings.SplitN(text, "\n", 2)[0])
}

func (n node) line() int {
	if n.Node == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return n.first
	}
	return n.first + n.GetToken().Position.Line - 1
}

func (n node) errorf(format string, args ...any) error { return n.r.errorf(n.line(), format, args...) }

func (n node) with(child ast.Node) node { return node{child, n.r, n.first} }

// mapping lists the pairs of a mapping and refuses a key that comes twice.
func (n node) mapping() ([]entry, error) {
	var values []*ast.MappingValueNode
	switch m := n.Node.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, n.errorf("here stands key: value")
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
			return nil, n.r.errorf(line, "%q is given twice", key)
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

// list gives the items of a sequence, or the one value that stands in its place.
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

// scalar is the text as written, so that 1.10 keeps its nought.
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
		return "", n.errorf("here stands a text; one that begins with { or holds “: ” needs quotes")
	default:
		return "", n.errorf("here stands a text")
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return "", n.errorf("here stands a text, not nothing")
	}
	return value, nil
}

func (n node) boolean() (bool, error) {
	if b, ok := n.Node.(*ast.BoolNode); ok {
		return b.Value, nil
	}
	return false, n.errorf("here stands true or false")
}

func (n node) position() (int, error) {
	value, err := n.scalar()
	if err != nil {
		return 0, err
	}
	to, err := strconv.Atoi(value)
	if err != nil || to < 1 || to > 1000 {
		return 0, n.errorf("here stands a position, 1 is the top")
	}
	return to, nil
}

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
