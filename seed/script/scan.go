package script

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Check is a compiled expression that is true or false. It can be evaluated over all facts, or again after a change, when
// the logs are searched only in what is new; see [Scan].
type Check struct {
	whole *vm.Program
	split func() splitCheck // computed when it is first needed: a guide has a hundred checks
}

// splitCheck is a check that is split into its scans and the rest.
type splitCheck struct {
	parts []string // of the view that the rest reads, sorted
	scans []Scan
	rest  *vm.Program // whole with a function for each scan
}

// Parts lists the parts of the view that the expression reads, besides those that only its scans read, sorted.
func (c *Check) Parts() []string { return c.split().parts }

// Scans lists the searches of logs in the expression.
func (c *Check) Scans() []Scan { return c.split().scans }

// Scan is a search of a log in an expression: any, none or findIndex(log, condition). A log only grows, so the result for a
// longer log follows from the result so far and the new entries.
type Scan struct {
	Kind  string   // any, none or findIndex
	Log   string   // okta.logs, sigma.audit or traffic
	Parts []string // other parts of the view that the condition reads; sorted

	source  string // findIndex(log, condition)
	program *vm.Program
	name    string // of the function that replaces the scan in rest
}

// newestFirst lists the logs of the view, with their order.
var newestFirst = map[string]bool{"okta.logs": true, "sigma.audit": true, "traffic": false}

// ScanResult is what a scan has found so far. Its zero value is that of an empty log.
type ScanResult struct {
	entries int
	index   int  // of the first match, plus 1; 0 for none
	failed  bool // the condition could not be evaluated for an entry before the first match
}

// Extend evaluates a scan over facts whose log holds only what is new since the result r, a number of entries.
func (s *Scan) Extend(r ScanResult, facts Facts, entries int) ScanResult {
	added := ScanResult{entries: entries}
	value, err := expr.Run(s.program, map[string]any(facts))
	if index, found := value.(int); found { // otherwise the value is nil
		added.index = index + 1
	}
	added.failed = err != nil
	first, second := r, added
	if newestFirst[s.Log] {
		first, second = added, r
	}
	if first.failed || first.index > 0 {
		first.entries += second.entries
		return first
	}
	if second.index > 0 {
		second.index += first.entries
	}
	second.entries += first.entries
	return second
}

// Differ reports whether two results of a scan can make a difference for the expression.
func (s *Scan) Differ(a, b ScanResult) bool {
	if s.Kind == "findIndex" {
		return a.index != b.index || a.failed != b.failed
	}
	return (a.index > 0) != (b.index > 0) || a.failed != b.failed
}

var errScanFailed = errors.New("the condition of a search cannot be evaluated for an entry of the log")

// function returns the function that replaces the scan in the expression.
func (s *Scan) function(r ScanResult) any {
	var err error
	if r.failed {
		err = errScanFailed
	}
	switch {
	case s.Kind == "any":
		return func() (bool, error) { return r.index > 0, err }
	case s.Kind == "none":
		return func() (bool, error) { return r.index == 0, err }
	case r.index == 0:
		return func() (any, error) { return nil, err }
	default:
		return func() (any, error) { return r.index - 1, err }
	}
}

// Evaluate reports whether the check is met. results are those of its scans. The logs may be missing in the facts. The error
// means that the facts lack what the expression reads; the check is then not met.
func (c *Check) Evaluate(facts Facts, results []ScanResult) (bool, error) {
	split := c.split()
	if len(split.scans) == 0 {
		return evaluateBool(c.whole, facts)
	}
	with := make(Facts, len(facts)+len(split.scans))
	for name, value := range facts {
		with[name] = value
	}
	for i := range split.scans {
		with[split.scans[i].name] = split.scans[i].function(results[i])
	}
	return evaluateBool(split.rest, with)
}

// EvaluateWhole is Evaluate over facts that hold the whole logs.
func (c *Check) EvaluateWhole(facts Facts) (bool, error) { return evaluateBool(c.whole, facts) }

// compileCheck compiles an expression for done and miss.
func (r *reader) compileCheck(expression string) (*Check, error) {
	// The optimizer joins searches of one list, and an entry for which one condition fails then hides a match of the other.
	options := []expr.Option{expr.AsBool(), expr.MaxNodes(maxExpressionNodes), expr.Optimize(false)}
	whole, err := expr.Compile(expression, append(options, typed(r.script.environment()))...)
	if err != nil {
		return nil, err
	}
	if err := checkFields(whole.Node()); err != nil {
		return nil, err
	}
	s := r.script
	return &Check{whole: whole, split: sync.OnceValue(func() splitCheck {
		split, err := s.split(expression, whole.Node(), options)
		if err != nil { // the expression itself was compiled, so do without scans
			return splitCheck{parts: s.partsOf(whole.Node()), rest: whole}
		}
		return split
	})}, nil
}

// split splits an expression with the given syntax tree.
func (s *Script) split(expression string, tree ast.Node, options []expr.Option) (c splitCheck, err error) {
	counter := &scanFinder{script: s, counting: true}
	ast.Walk(&tree, counter)
	if len(counter.found) == 0 {
		return splitCheck{parts: s.partsOf(tree)}, nil
	}
	environment := s.environment()
	patched := maps.Clone(environment)
	for n := range counter.found {
		for kind, function := range scanKinds {
			patched[scanName(kind, n)] = function
		}
	}
	finder := &scanFinder{script: s}
	if c.rest, err = expr.Compile(expression, append(options, typed(patched), expr.Patch(finder))...); err != nil {
		return c, err
	}
	for i := range finder.found {
		if finder.found[i].program, err = expr.Compile(finder.found[i].source, typed(environment)); err != nil {
			return c, err
		}
	}
	c.parts, c.scans = s.partsOf(c.rest.Node()), finder.found
	return c, nil
}

// scanKinds are the functions that are scans of a log, each with the type of what replaces it.
var scanKinds = map[string]any{
	"any":       func() (bool, error) { return false, nil },
	"none":      func() (bool, error) { return false, nil },
	"findIndex": func() (any, error) { return nil, nil },
}

// scanName names the function that replaces the nth scan.
func scanName(kind string, n int) string { return kind + "OfScan" + strconv.Itoa(n) }

// scanFinder replaces the scans of an expression by functions. It implements [ast.Visitor].
type scanFinder struct {
	script   *Script
	counting bool // finds at least as many scans, and replaces none
	found    []Scan
}

// Visit replaces a node if it is a search of a log whose condition depends on one entry of the log and on other parts of the
// view, and on nothing else.
func (f *scanFinder) Visit(node *ast.Node) {
	call, isCall := (*node).(*ast.BuiltinNode)
	if !isCall || scanKinds[call.Name] == nil || len(call.Arguments) != 2 {
		return
	}
	log, condition := call.Arguments[0].String(), call.Arguments[1]
	if _, isLog := newestFirst[log]; !isLog || !f.isClosed(condition) {
		return
	}
	parts := f.script.partsOf(condition)
	product, _, _ := strings.Cut(log, ".")
	if slices.Contains(parts, log) || slices.Contains(parts, product) {
		return
	}
	s := Scan{Kind: call.Name, Log: log, Parts: parts, source: fmt.Sprintf("findIndex(%s, %s)", log, condition)}
	s.name = scanName(s.Kind, len(f.found))
	f.found = append(f.found, s)
	if f.counting {
		return
	}
	ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: s.name}})
}

// isClosed reports whether a condition uses only the names of the environment and the entry itself, but neither the entry's
// position nor variables of the expression around it.
func (f *scanFinder) isClosed(condition ast.Node) bool {
	names := &nameVisitor{known: f.script.environment()}
	ast.Walk(&condition, names)
	return !names.other
}

// nameVisitor finds names that are not in the environment. It implements [ast.Visitor].
type nameVisitor struct {
	known map[string]any
	other bool
}

// Visit implements [ast.Visitor].
func (v *nameVisitor) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		_, known := v.known[n.Value]
		v.other = v.other || !known
	case *ast.PointerNode:
		v.other = v.other || n.Name != ""
	case *ast.VariableDeclaratorNode:
		v.other = true
	}
}
