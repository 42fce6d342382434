package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// pagesOfForms lists the handlers of forms that answer with a page instead of a redirect, and why a reload of that page makes nothing
// twice.
var pagesOfForms = map[string]string{
	"idp/console.addIntegrationStep": "a step of a wizard, which makes nothing before its end",
	"idp/console.assignManyNext":     "asks before it assigns",
	"idp/console.createSAMLStep":     "a step of a wizard, which makes nothing before its end",
	"idp/console.previewGroupRule":   "a preview",
	"idp/console.saveAttribute":      "adds an empty line to the form",
	"idp/console.saveGroupRule":      "a preview, or a search in the form",
	"idp/console.saveIntegration":    "tests the credentials",
	"idp/console.saveMapping":        "a preview",
	"idp/console.savePushRule":       "a preview",
	"seed/guide.preparePicture":      "brings the lab to the same state again",
	"seed/traffic.decode":            "shows a pasted message, and keeps nothing",
	"seed/workshop.actOnLabs":        "asks before it acts",
}

// A reload of the page after a form sends the form again. So a form that makes something, such as a token, answers with a redirect.
// The test reads the handler of each POST route in the source.
func TestFormsRedirect(t *testing.T) {
	forms, seen := 0, map[string]bool{}
	for _, root := range []string{"idp", "sp", "seed"} {
		for dir, functions := range functionsBelow(t, root) {
			for name := range postHandlers(functions) {
				forms++
				body, known := functions[name]
				if !known || !rendersPage(body) {
					continue
				}
				key := dir + "." + name
				seen[key] = true
				if pagesOfForms[key] == "" {
					t.Errorf("%s answers a form with a page: redirect to the page, or say in pagesOfForms why a reload makes nothing twice", key)
				}
			}
		}
	}
	for key := range pagesOfForms {
		if !seen[key] {
			t.Errorf("%s answers no form with a page", key)
		}
	}
	if forms < 100 {
		t.Errorf("only %d forms were found", forms)
	}
}

// functionsBelow returns the functions and variables of the packages below a folder, by folder and name.
func functionsBelow(t *testing.T, root string) map[string]map[string]ast.Node {
	t.Helper()
	found := map[string]map[string]ast.Node{}
	top := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(top, root), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(top, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		if found[dir] == nil {
			found[dir] = map[string]ast.Node{}
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				found[dir][d.Name.Name] = d
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, isValue := spec.(*ast.ValueSpec); isValue && len(v.Values) == 1 {
						found[dir]["var "+v.Names[0].Name] = v
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// postHandlers returns the names in the routes with the method POST: {post, path, handler}, e.POST(path, handler), and the tables
// from which a loop mounts handlers.
func postHandlers(functions map[string]ast.Node) map[string]bool {
	names := map[string]bool{}
	add := func(e ast.Expr) {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				names[n.Sel.Name] = true
			case *ast.Ident:
				names[n.Name] = true
			}
			return true
		})
	}
	for _, node := range functions {
		ast.Inspect(node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if method, ok := first(n.Elts).(*ast.Ident); ok && method.Name == "post" && len(n.Elts) == 3 {
					add(n.Elts[2])
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "POST" && len(n.Args) > 1 {
					add(n.Args[1])
				}
			case *ast.RangeStmt:
				if table, ok := n.X.(*ast.CompositeLit); ok && mounts(n.Body) {
					for _, e := range table.Elts {
						if pair, ok := e.(*ast.KeyValueExpr); ok {
							add(pair.Value)
						}
					}
				}
			}
			return true
		})
	}
	return names
}

func first(list []ast.Expr) ast.Expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// mounts reports whether a loop mounts POST routes.
func mounts(body *ast.BlockStmt) (yes bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		f, ok := n.(*ast.SelectorExpr)
		yes = yes || ok && f.Sel.Name == "POST"
		return !yes
	})
	return yes
}

// fails reports whether a call names a status other than that of success.
func fails(call *ast.CallExpr) (yes bool) {
	for _, argument := range call.Args {
		status, ok := argument.(*ast.SelectorExpr)
		yes = yes || ok && strings.HasPrefix(status.Sel.Name, "Status") && status.Sel.Name != "StatusOK"
	}
	return yes
}

// rendersPage reports whether a handler responds with a page and a status of success.
func rendersPage(handler ast.Node) (yes bool) {
	ast.Inspect(handler, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		succeeds := func(e ast.Expr) bool {
			status, ok := e.(*ast.SelectorExpr)
			return ok && status.Sel.Name == "StatusOK"
		}
		switch f.Sel.Name {
		case "showPreview":
			yes = true
		case "render": // r.render(title, page) of the halves; a status in the first place of others says that something is wrong
			yes = yes || !fails(call)
		case "Render", "show":
			for _, a := range call.Args {
				yes = yes || succeeds(a)
			}
		}
		return !yes
	})
	return yes
}
