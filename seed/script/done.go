package script

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Expressions (done, miss, bind) are judged over a read-only view of the lab: the maps okta
// and sigma in the public APIs' own JSON shapes, each with the function
// visited(path), the list traffic of the messages between them, the function
// copied(label of a field), its like pasted(label of a field), and what the
// guide binds. They have no side effects and are bounded by the library.

// The functions that tell whether a value was copied out of the field with that label, or one that was copied pasted into it.
const (
	copiedName = "copied"
	pastedName = "pasted"
)

// Unseen tells that a person may do the step and nothing of the lab shows it: it has no check, or one that asks for what was
// copied or pasted, which only pages with JavaScript tell.
func (s *Step) MarkableByHand() bool {
	return s.Done == "" || strings.Contains(s.Done, copiedName+"(") || strings.Contains(s.Done, pastedName+"(")
}

func (r *reader) environment() map[string]any {
	environment := map[string]any{"okta": map[string]any{}, "sigma": map[string]any{}, "traffic": []any{}, copiedName: func(string) bool { return false }, pastedName: func(string) bool { return false }}
	for _, b := range r.script.Bindings {
		environment[b.Name] = map[string]any{}
	}
	return environment
}

func (r *reader) compile(expression string) (*vm.Program, error) {
	return expr.Compile(expression, expr.Env(r.environment()), expr.AsBool(), expr.MaxNodes(500))
}

func (r *reader) compileAny(expression string) (*vm.Program, error) {
	return expr.Compile(expression, expr.Env(r.environment()), expr.MaxNodes(500))
}

// Facts is a lab's view made ready for the expressions of a script.
type Facts map[string]any

// Facts makes a view, decoded from JSON, ready for the script's expressions. What a binding names is nil until it is there.
func (s *Script) Facts(view map[string]any) Facts {
	facts := Facts{"okta": half(view, "okta"), "sigma": half(view, "sigma"), "traffic": view["traffic"]}
	for _, name := range []string{copiedName, pastedName} {
		labels, _ := view[name].([]any)
		facts[name] = func(label string) bool { return slices.Contains(labels, any(label)) }
	}
	for _, b := range s.Bindings {
		facts[b.Name] = nil
		if value, err := expr.Run(b.program, map[string]any(facts)); err == nil {
			facts[b.Name] = value
		}
	}
	return facts
}

// Spellings tells how the learner wrote what the guide calls by a name of its own, where it is there and is called otherwise.
func (s *Script) LearnerNames(facts Facts) map[string]string {
	spellings := map[string]string{}
	for _, n := range s.Names {
		value, err := expr.Run(n.program, map[string]any(facts)) // an error: what is named is not there yet
		if spelling, ok := value.(string); err == nil && ok && spelling != "" && spelling != n.Name {
			spellings[n.Name] = spelling
		}
	}
	return spellings
}

// ViewParts lists what of a lab's view the check of a step reads.
func (s *Script) ViewParts(step *Step) []string { return s.parts(step.done) }

// parts lists what of a lab's view an expression reads: such as "okta.users", "traffic" or "copied"; "okta" where it cannot be told.
func (s *Script) parts(program *vm.Program) []string {
	found := &partsFound{script: s, whole: map[string]int{}}
	node := program.Node()
	ast.Walk(&node, found)
	for half, uses := range found.whole {
		if uses > 0 {
			found.parts = append(found.parts, half)
		}
	}
	slices.Sort(found.parts)
	return slices.Compact(found.parts)
}

// partsFound sees the nodes of an expression, those within others first.
type partsFound struct {
	script *Script
	parts  []string
	whole  map[string]int // uses of a half that are not of a part of it
}

// Visit implements ast.Visitor.
func (f *partsFound) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		switch n.Value {
		case "okta", "sigma":
			f.whole[n.Value]++
		case "traffic", copiedName, pastedName:
			f.parts = append(f.parts, n.Value)
		default:
			for _, b := range f.script.Bindings {
				if b.Name == n.Value {
					f.parts = append(f.parts, f.script.parts(b.program)...)
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

// Evaluate judges the step's done expression. An error means that the facts do not hold what the expression asks for; then
// the step is not done. A step without one is done.
func (s *Step) Evaluate(facts Facts) (bool, error) {
	if s.done == nil {
		return true, nil
	}
	done, err := truth(s.done, facts)
	if err != nil {
		return false, fmt.Errorf("done of step %s: %w", s.ID, err)
	}
	return done, nil
}

// Missed gives the sentences of the mistakes that the facts show.
func (s *Step) Mistakes(facts Facts) (sentences []string) {
	for _, miss := range s.Misses {
		if made, err := truth(miss.when, facts); err == nil && made {
			sentences = append(sentences, miss.Say)
		}
	}
	return sentences
}

func truth(program *vm.Program, facts Facts) (bool, error) {
	result, err := expr.Run(program, map[string]any(facts))
	if err != nil {
		return false, err
	}
	value, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("it gives %v, not true or false", result)
	}
	return value, nil
}

// visited tells whether a path was seen. A * in the pattern stands for one part of a path, such as an id.
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

// half is one half's map with its list of visited paths turned into a function.
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
