package walk

import (
	"fmt"
	"path"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// A done expression is judged over a read-only view of the lab: the maps okta
// and sigma in the public APIs' own JSON shapes, each with the function
// visited(path), and the list wire of the messages between them. It has no side effects and is bounded by the library.

func compileDone(expression string) (*vm.Program, error) {
	environment := map[string]any{"okta": map[string]any{}, "sigma": map[string]any{}, "wire": []any{}}
	return expr.Compile(expression, expr.Env(environment), expr.AsBool(), expr.MaxNodes(500))
}

// Evaluate judges the step's done expression over a lab's view, decoded from
// JSON. An error means that the view does not hold what the expression asks
// for, which says nothing about the step. A step without one is done.
func (s *Step) Evaluate(view map[string]any) (bool, error) {
	if s.done == nil {
		return true, nil
	}
	result, err := expr.Run(s.done, map[string]any{"okta": half(view, "okta"), "sigma": half(view, "sigma"), "wire": view["wire"]})
	if err != nil {
		return false, fmt.Errorf("done of step %s: %w", s.ID, err)
	}
	done, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("done of step %s gives %v, not true or false", s.ID, result)
	}
	return done, nil
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
