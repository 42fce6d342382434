package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forbidden lists calls that no test makes, with what to use instead.
var forbidden = map[string]string{
	"time.Sleep":      "wait for an event, or use package waittest",
	"time.Tick":       "wait for an event, or use package waittest",
	"runtime.Gosched": "wait for an event, or use package waittest",
	"chromedp.Sleep":  "use Until of package browsertest",
	"chromedp.Poll":   "use Until of package browsertest; Poll fails if the page navigates",
	"time.Since":      "a busy machine is slow: use Ends or CPU of package waittest, or compare amounts of the same run",
	".Skip":           "a skipped test proves nothing: fail, or choose other assertions",
	".Skipf":          "a skipped test proves nothing: fail, or choose other assertions",
	".SkipNow":        "a skipped test proves nothing: fail, or choose other assertions",
	"testing.Short":   "all tests run always",
}

// isUnnamedWait reports whether a call of chromedp waits for the page without a name for what it waits for.
func isUnnamedWait(name string) bool { return strings.HasPrefix(name, "chromedp.Wait") }

// No test sleeps, spins, is skipped, or asserts how much time has passed. A loop whose end depends on something else says in a comment what it waits for.
func TestTestsWaitForNamedConditions(t *testing.T) {
	t.Parallel()
	eachTestFile(t, func(path string, file *ast.File, set *token.FileSet) {
		comments := commentLines(file, set)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				reason, inBenchmark := forbiddenCall(n), strings.HasSuffix(path, "_bench_test.go")
				if inBenchmark && strings.HasPrefix(reason, "time.Since") { // a benchmark reports times and asserts none
					reason = ""
				}
				if reason != "" && filepath.Base(filepath.Dir(path)) != "waittest" {
					t.Errorf("%s: %s", set.Position(n.Pos()), reason)
				}
			case *ast.ForStmt:
				line := set.Position(n.Pos()).Line
				if n.Post == nil && !isIteration(n.Cond) && dependsOnOthers(n) && !comments[line] && !comments[line-1] {
					t.Errorf("%s: the loop does not say in a comment what ends it", set.Position(n.Pos()))
				}
			}
			return true
		})
	})
}

// isIteration reports whether the condition of a loop takes the next item of an iterator, a stream or a benchmark.
func isIteration(condition ast.Expr) bool {
	call, is := condition.(*ast.CallExpr)
	if !is {
		return false
	}
	selector, is := call.Fun.(*ast.SelectorExpr)
	return is && slices.Contains([]string{"Loop", "Next", "Scan"}, selector.Sel.Name)
}

// dependsOnOthers reports whether the end of a loop depends on something outside of the function: the loop calls functions or
// receives. A loop that only computes ends by itself.
func dependsOnOthers(loop *ast.ForStmt) (depends bool) {
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name, is := n.Fun.(*ast.Ident)
			depends = depends || !is || !slices.Contains([]string{"len", "cap", "append", "min", "max", "copy", "string"}, name.Name)
		case *ast.SelectStmt, *ast.SendStmt:
			depends = true
		case *ast.UnaryExpr:
			depends = depends || n.Op == token.ARROW
		}
		return !depends
	})
	return depends
}

// forbiddenCall returns why tests must not make a call, or "".
func forbiddenCall(call *ast.CallExpr) string {
	selector, is := call.Fun.(*ast.SelectorExpr)
	if !is {
		return ""
	}
	name := "." + selector.Sel.Name
	if reason, found := forbidden[name]; found {
		return name + ": " + reason
	}
	if pkg, is := selector.X.(*ast.Ident); is {
		name = pkg.Name + name
	}
	if isUnnamedWait(name) {
		return name + ": use Until of package browsertest, which says what it waits for"
	}
	if reason, found := forbidden[name]; found {
		return name + ": " + reason
	}
	return ""
}

// commentLines returns the lines on which a comment ends.
func commentLines(file *ast.File, set *token.FileSet) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		lines[set.Position(group.End()).Line] = true
	}
	return lines
}

// eachTestFile parses each file of tests and of test packages, whatever its build tags.
func eachTestFile(t *testing.T, f func(path string, file *ast.File, set *token.FileSet)) {
	t.Helper()
	root, found := filepath.Join("..", ".."), 0
	for _, top := range []string{"cmd", "idp", "sp", "scim", "ui", "seed", "static"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			inTestPackage := strings.HasSuffix(filepath.Dir(path), "test")
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || !strings.HasSuffix(path, "_test.go") && !inTestPackage {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			found++
			f(path, file, set)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 100 {
		t.Fatalf("only %d files were read", found)
	}
}

// Each test asserts something: it, or a helper that gets the test, can fail.
func TestTestsCanFail(t *testing.T) {
	t.Parallel()
	eachTestFile(t, func(path string, file *ast.File, set *token.FileSet) {
		for _, declaration := range file.Decls {
			test, is := declaration.(*ast.FuncDecl)
			if !is || test.Recv != nil || !strings.HasPrefix(test.Name.Name, "Test") || test.Name.Name == "TestMain" {
				continue
			}
			if !usesTest(test) {
				t.Errorf("%s: %s asserts nothing", set.Position(test.Pos()), test.Name.Name)
			}
		}
	})
}

// usesTest reports whether a test calls a method that fails it, or hands its testing.T to something that can.
func usesTest(test *ast.FuncDecl) (uses bool) {
	own := "t"
	if names := test.Type.Params.List[0].Names; len(names) > 0 {
		own = names[0].Name
	}
	failing := []string{"Error", "Errorf", "Fatal", "Fatalf", "Fail", "FailNow"}
	isOwn := func(e ast.Expr) bool {
		ident, is := e.(*ast.Ident)
		return is && ident.Name == own
	}
	ast.Inspect(test.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if selector, is := n.Fun.(*ast.SelectorExpr); is && isOwn(selector.X) && slices.Contains(failing, selector.Sel.Name) {
				uses = true
			}
			uses = uses || slices.ContainsFunc(n.Args, isOwn)
		case *ast.CompositeLit:
			uses = uses || slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
				if pair, is := e.(*ast.KeyValueExpr); is {
					e = pair.Value
				}
				return isOwn(e)
			})
		}
		return !uses
	})
	return uses
}

// Each fuzz test has a committed corpus: inputs that it adds itself, or files in testdata/fuzz.
func TestFuzzTestsHaveACorpus(t *testing.T) {
	t.Parallel()
	found := 0
	eachTestFile(t, func(path string, file *ast.File, set *token.FileSet) {
		for _, declaration := range file.Decls {
			fuzz, is := declaration.(*ast.FuncDecl)
			if !is || fuzz.Recv != nil || !strings.HasPrefix(fuzz.Name.Name, "Fuzz") {
				continue
			}
			found++
			adds := false
			ast.Inspect(fuzz.Body, func(n ast.Node) bool {
				selector, is := n.(*ast.SelectorExpr)
				adds = adds || is && selector.Sel.Name == "Add"
				return !adds
			})
			files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "testdata", "fuzz", fuzz.Name.Name, "*"))
			if err != nil {
				t.Fatal(err)
			}
			if !adds && len(files) == 0 {
				t.Errorf("%s: %s has no corpus", set.Position(fuzz.Pos()), fuzz.Name.Name)
			}
		}
	})
	if found < 15 {
		t.Errorf("only %d fuzz tests were found", found)
	}
}
