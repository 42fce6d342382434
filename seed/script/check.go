package script

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
)

// Expressions (done, miss, bind, names) are written in the language of expr-lang.org. They read a view of the lab:
//
//   - okta and sigma: maps in the shapes of the products' public APIs, each with a function visited(path)
//   - traffic: the messages between the two systems, oldest first
//   - faults: the faults that were started in the lab, oldest first
//   - copied(label), pasted(label): whether a value was copied from, or pasted into, the field with this label
//   - pasted(label, from): whether the value that was copied from the field from was pasted into the field with this label
//   - the names that the guide binds
//
// Expressions have no side effects. The library limits their size and memory.

// The functions that pages report to with JavaScript: a person without JavaScript copies and pastes unnoticed.
const (
	copiedName = "copied"
	pastedName = "pasted"
)

// PastedFrom is, in the view's list of pasted fields, between the label of a field and the label of the field that its value was
// copied from.
const PastedFrom = " ← "

// maxExpressionNodes bounds the syntax tree of one expression.
const maxExpressionNodes = 500

// Facts is a lab's view, prepared for the expressions of one script.
type Facts map[string]any

// Facts prepares a lab's view, in the form of its JSON, for the script's expressions. A bound name is nil while its object does
// not exist.
func (s *Script) Facts(view map[string]any) Facts {
	return s.facts(view, func(Binding) bool { return true })
}

// FactsOf is Facts for a view that has only some parts. A name is bound if its expression reads none but these.
func (s *Script) FactsOf(view map[string]any, parts []string) Facts {
	return s.facts(view, func(b Binding) bool {
		return !slices.ContainsFunc(b.parts, func(part string) bool { return !slices.Contains(parts, part) })
	})
}

func (s *Script) facts(view map[string]any, isKnown func(Binding) bool) Facts {
	facts := Facts{"okta": half(view, "okta"), "sigma": half(view, "sigma"), "traffic": view["traffic"], "faults": view["faults"]}
	for _, name := range []string{copiedName, pastedName} {
		labels, _ := view[name].([]any)
		facts[name] = func(label ...string) bool { return slices.Contains(labels, any(strings.Join(label, PastedFrom))) }
	}
	for _, b := range s.Bindings {
		facts[b.Name] = nil
		if !isKnown(b) {
			continue
		}
		if value, err := expr.Run(b.program, map[string]any(facts)); err == nil {
			facts[b.Name] = value
		}
	}
	return facts
}

// SetLog replaces the entries of a log (okta.logs, sigma.audit or traffic) until restore is called.
func (f Facts) SetLog(log string, entries []any) (restore func()) {
	product, member, isMember := strings.Cut(log, ".")
	of := f
	if isMember {
		half, _ := f[product].(map[string]any)
		of, log = half, member
	}
	before := of[log]
	of[log] = entries
	return func() { of[log] = before }
}

// Evaluate reports whether the step is completed. A step without a done expression is. The error means that the facts lack
// what the expression reads; the step is then not completed.
func (s *Step) Evaluate(facts Facts) (bool, error) {
	if s.done == nil {
		return true, nil
	}
	done, err := s.done.EvaluateWhole(facts)
	if err != nil {
		return false, fmt.Errorf("done of step %s: %w", s.ID, err)
	}
	return done, nil
}

// MarkableByHand reports whether the learner may mark the step as completed. That is so when the step has no check, or a
// check for copied or pasted values, which the lab learns only from pages with JavaScript.
func (s *Step) MarkableByHand() bool {
	return s.Done == "" || strings.Contains(s.Done, copiedName+"(") || strings.Contains(s.Done, pastedName+"(")
}

// ViewParts lists the parts of the lab's view that the step's check reads, sorted, such as okta.users, traffic or copied.
// An entry "okta" or "sigma" means all parts of that product.
func (s *Script) ViewParts(step *Step) []string { return s.partsOf(step.done.whole.Node()) }

// partsOf follows bound names into their own expressions.
func (s *Script) partsOf(node ast.Node) []string {
	found := &partsVisitor{script: s, whole: map[string]int{}}
	ast.Walk(&node, found)
	for product, uses := range found.whole {
		if uses > 0 {
			found.parts = append(found.parts, product)
		}
	}
	slices.Sort(found.parts)
	return slices.Compact(found.parts)
}

// partsVisitor visits the nodes of an expression, inner nodes first.
type partsVisitor struct {
	script *Script
	parts  []string
	whole  map[string]int // product → uses that do not name a part of it
}

// Visit implements [ast.Visitor]. In okta.users it sees the identifier okta first, then the member node that names the
// part; the second takes back the use that the first has counted.
func (f *partsVisitor) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		switch n.Value {
		case "okta", "sigma":
			f.whole[n.Value]++
		case "traffic", "faults", copiedName, pastedName:
			f.parts = append(f.parts, n.Value)
		default:
			for _, b := range f.script.Bindings {
				if b.Name == n.Value {
					f.parts = append(f.parts, b.parts...)
				}
			}
		}
	case *ast.MemberNode:
		of, isName := n.Node.(*ast.IdentifierNode)
		property, isText := n.Property.(*ast.StringNode)
		if isName && isText && (of.Value == "okta" || of.Value == "sigma") {
			f.whole[of.Value]--
			f.parts = append(f.parts, of.Value+"."+property.Value)
		}
	}
}

// environment returns the names and types that an expression may use.
func (s *Script) environment() map[string]any {
	environment := map[string]any{
		"okta": map[string]any{}, "sigma": map[string]any{}, "traffic": []any{}, "faults": []any{},
		copiedName: func(...string) bool { return false }, pastedName: func(...string) bool { return false },
	}
	for _, b := range s.Bindings {
		environment[b.Name] = bound{}
	}
	return environment
}

// bound is the value of a bound name in an environment: an object, a text or a list.
type bound struct{}

// typed is the option that gives expressions the names of an environment.
func typed(environment map[string]any) expr.Option {
	m := types.Map{}
	for name, value := range environment {
		m[name] = types.TypeOf(value)
		if _, isBound := value.(bound); isBound {
			m[name] = types.Any
		}
	}
	return expr.Env(m)
}

// compile compiles an expression of any type, for bind and names.
func (r *reader) compile(expression string) (*vm.Program, error) {
	program, err := expr.Compile(expression, typed(r.script.environment()), expr.MaxNodes(maxExpressionNodes))
	if err != nil {
		return nil, err
	}
	return program, checkFields(program.Node())
}

// ViewFields are the fields of the two products in a lab's view, as expressions name them.
var ViewFields = []string{
	"okta.visited", "okta.users", "okta.groups", "okta.apps", "okta.logs",
	"sigma.visited", "sigma.authentication", "sigma.tokens", "sigma.members", "sigma.teams", "sigma.accountTypes", "sigma.audit",
}

// checkFields returns an error for a field of a product that the view does not have: it would be nil for ever.
func checkFields(node ast.Node) error {
	unknown := &fieldsVisitor{}
	ast.Walk(&node, unknown)
	return unknown.err
}

// fieldsVisitor keeps the error of the first unknown field. It implements [ast.Visitor].
type fieldsVisitor struct{ err error }

// Visit implements [ast.Visitor].
func (f *fieldsVisitor) Visit(node *ast.Node) {
	n, isMember := (*node).(*ast.MemberNode)
	if !isMember || f.err != nil {
		return
	}
	of, isName := n.Node.(*ast.IdentifierNode)
	field, isText := n.Property.(*ast.StringNode)
	if isName && isText && (of.Value == "okta" || of.Value == "sigma") {
		f.err = CheckName("field", of.Value+"."+field.Value, ViewFields)
	}
}

// evaluateBool runs a program over facts. It fails when the program reads a field of nil.
func evaluateBool(program *vm.Program, facts Facts) (bool, error) {
	result, err := expr.Run(program, map[string]any(facts))
	if err != nil {
		return false, err
	}
	value, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("the expression gives %v, expected true or false", result)
	}
	return value, nil
}

// half is the view of one product with its list of visited paths replaced by the function visited.
func half(view map[string]any, name string) map[string]any {
	given, _ := view[name].(map[string]any)
	result := make(map[string]any, len(given))
	for key, value := range given {
		result[key] = value
	}
	if list, ok := given["visited"].([]any); ok {
		paths := make(map[string]bool, len(list))
		for _, seen := range list {
			if text, ok := seen.(string); ok {
				paths[text] = true
			}
		}
		result["visited"] = func(pattern string) bool { return visited(paths, pattern) }
	}
	return result
}

// visited reports whether a page was opened. A * in the pattern matches one part of a path, such as an ID.
func visited(paths map[string]bool, pattern string) bool {
	if !strings.Contains(pattern, "*") {
		return paths[pattern]
	}
	for seen := range paths {
		if matches, _ := path.Match(pattern, seen); matches {
			return true
		}
	}
	return false
}
