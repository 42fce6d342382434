package script

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Check is a compiled expression that gives true or false. It can be evaluated over all facts, or again after a change, when
// the logs are searched only in what is new; see [Scan].
type Check struct {
	Parts []string // of the view that the expression reads, besides those that only its scans read; sorted
	Scans []Scan

	whole *vm.Program
	rest  *vm.Program // whole with a function for each scan
}

// Scan is a search of a log in an expression: any, none or findIndex(log, condition). A log only grows, so the result for a
// longer log follows from the result so far and the new entries.
type Scan struct {
	Kind  string   // any, none or findIndex
	Log   string   // okta.logs, sigma.audit or traffic
	Parts []string // other parts of the view that the condition reads; sorted

	source  string // findIndex(log, condition)
	program *vm.Program
	any     bool   // the expression wants to know only whether there is a match
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
	if len(c.Scans) == 0 {
		return evaluateBool(c.whole, facts)
	}
	with := make(Facts, len(facts)+len(c.Scans))
	for name, value := range facts {
		with[name] = value
	}
	for i := range c.Scans {
		with[c.Scans[i].name] = c.Scans[i].function(results[i])
	}
	return evaluateBool(c.rest, with)
}

// EvaluateWhole is Evaluate over facts that hold the whole logs.
func (c *Check) EvaluateWhole(facts Facts) (bool, error) { return evaluateBool(c.whole, facts) }

// compileCheck compiles an expression for done and miss.
func (r *reader) compileCheck(expression string) (*Check, error) {
	environment := r.script.environment()
	// The optimizer joins searches of one list, and an entry for which one condition fails then hides a match of the other.
	options := []expr.Option{expr.AsBool(), expr.MaxNodes(maxExpressionNodes), expr.Optimize(false)}
	whole, err := expr.Compile(expression, append(options, expr.Env(environment))...)
	if err != nil {
		return nil, err
	}
	finder := &scanFinder{script: r.script}
	patched := maps.Clone(environment)
	for n := range maxScans {
		for kind, function := range scanKinds {
			patched[scanName(kind, n)] = function
		}
	}
	rest, err := expr.Compile(expression, append(options, expr.Env(patched), expr.Patch(finder))...)
	if err != nil {
		return nil, err
	}
	for i := range finder.found {
		if finder.found[i].program, err = expr.Compile(finder.found[i].source, expr.Env(environment)); err != nil {
			return nil, err
		}
	}
	return &Check{Parts: r.script.partsOf(rest.Node()), Scans: finder.found, whole: whole, rest: rest}, nil
}

// maxScans bounds the scans of an expression. Further searches read the whole log.
const maxScans = 20

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
	script *Script
	found  []Scan
}

// Visit replaces a node if it is a search of a log whose condition depends on one entry of the log and on other parts of the
// view, and on nothing else.
func (f *scanFinder) Visit(node *ast.Node) {
	call, isCall := (*node).(*ast.BuiltinNode)
	if !isCall || scanKinds[call.Name] == nil || len(call.Arguments) != 2 || len(f.found) == maxScans {
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
