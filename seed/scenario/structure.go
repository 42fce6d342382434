package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// maxValues is how many values a scenario may have after its aliases (*name) are replaced by what they stand for.
const maxValues = 400_000

// structure compares the nodes of a YAML document with the types that they are read into.
type structure struct {
	mistakes []Mistake
	anchors  map[string]ast.Node
	values   int // counted so far
	open     map[string]bool
}

func (s *structure) add(node ast.Node, format string, args ...any) {
	at := node.GetToken().Position
	s.mistakes = append(s.mistakes, Mistake{at.Line, at.Column, fmt.Sprintf(format, args...)})
}

// check checks a node for a type.
func (s *structure) check(node ast.Node, want reflect.Type) {
	if s.values++; s.values > maxValues {
		if s.values == maxValues+1 {
			s.add(node, "the scenario has more than %d values", maxValues)
		}
		return
	}
	for want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	switch n := node.(type) {
	case *ast.AnchorNode:
		s.anchors[n.Name.String()] = n.Value
		s.check(n.Value, want)
	case *ast.AliasNode:
		s.alias(n, want)
	case *ast.NullNode:
	case *ast.MappingNode:
		s.mapping(n, n.Values, want)
	case *ast.MappingValueNode:
		s.mapping(n, []*ast.MappingValueNode{n}, want)
	case *ast.SequenceNode:
		if want.Kind() != reflect.Slice {
			s.add(n, "expected %s, not a list", kindName(want))
			return
		}
		for _, value := range n.Values {
			s.check(value, want.Elem())
		}
	default:
		if k := want.Kind(); (k == reflect.Struct || k == reflect.Slice || k == reflect.Map) && !readsText(want) {
			s.add(n, "expected %s, not %q", kindName(want), n.GetToken().Value)
		}
	}
}

// readsText reports whether a type reads itself from a text, such as a time.
func readsText(want reflect.Type) bool {
	_, reads := reflect.PointerTo(want).MethodByName("UnmarshalText")
	return reads
}

// alias checks what an alias stands for.
func (s *structure) alias(n *ast.AliasNode, want reflect.Type) {
	name := n.Value.String()
	target, known := s.anchors[name]
	switch {
	case !known:
		s.add(n, "no value before this line is named &%s", name)
	case s.open[name]:
		s.add(n, "the value &%s contains itself", name)
	default:
		s.open[name] = true
		s.check(target, want)
		delete(s.open, name)
	}
}

// mapping checks the keys of a mapping and their values.
func (s *structure) mapping(n ast.Node, values []*ast.MappingValueNode, want reflect.Type) {
	switch want.Kind() {
	case reflect.Map:
		for _, value := range values {
			s.check(value.Value, want.Elem())
		}
		return
	case reflect.Struct:
	default:
		s.add(n, "expected %s, not keys with values", kindName(want))
		return
	}
	fields := fieldsOf(want)
	for _, value := range values {
		key := value.Key.GetToken().Value
		if value.Key.IsMergeKey() {
			s.check(value.Value, want)
			continue
		}
		field, known := fields[key]
		if !known {
			s.add(value.Key, "unknown key %s%s", key, didYouMean(key, names(fields)))
			continue
		}
		s.check(value.Value, field)
	}
}

// fieldsOf returns the keys of a type with the types of their values.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		key, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for inner, innerType := range fieldsOf(t.Field(i).Type) {
				fields[inner] = innerType
			}
		case key != "-" && key != "":
			fields[key] = t.Field(i).Type
		}
	}
	return fields
}

func names(fields map[string]reflect.Type) (list []string) {
	for name := range fields {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// kindName says in words what a type is written as.
func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		if readsText(t) {
			return "a text"
		}
		return "keys with values"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	}
	return "a text"
}
