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

// rooms holds who may import whom within this module, by longest matching prefix. Tests may import more: they stand
// outside the rooms.
var rooms = map[string][]string{
	"seed/base/store":    {"seed/base/problem"},
	"seed/base/problem":  {},
	"seed/base/address":  {},
	"seed/base/exchange": {},
	"seed/base/xmltree":  {},
	"scim":               {"scim"},
	"static":             {},
	"idp":                {"idp/job", "seed/base/store", "seed/base/problem"},
	"idp/job":            {},
	"idp/provision":      {"idp", "scim", "seed/base/store", "seed/base/problem", "seed/base/address"},
	"idp/web":            {"idp", "ui/okta", "ui/kit", "seed/base/store", "seed/base/problem", "seed/base/address"},
	"idp/saml":           {"idp", "seed/base/xmltree"},
	"idp/console":        {"idp", "ui/okta", "ui/kit", "seed/base/problem", "seed/base/address"},
	"idp/signin":         {"idp", "ui/okta", "ui/kit", "seed/base/problem", "seed/base/address"},
	"idp/sso":            {"idp", "ui/okta", "ui/kit", "seed/base/problem", "seed/base/address"},
	"idp/api":            {"idp", "seed/base/store", "seed/base/problem", "seed/base/address"},
	"sp":                 {"sp", "seed/base/store", "seed/base/problem", "seed/base/address"},
	"sp/directory":       {"sp", "scim", "seed/base/store", "seed/base/problem", "seed/base/address", "seed/base/exchange"},
	"sp/site":            {"sp", "ui", "seed/base/store", "seed/base/problem", "seed/base/address", "static"},
	"sp/sso":             {"sp", "ui", "seed/base/store", "seed/base/problem", "seed/base/address", "seed/base/exchange", "seed/base/xmltree", "static"},
	"sp/api":             {"sp", "seed/base/store", "seed/base/problem", "seed/base/address"},
	"ui":                 {"ui", "static", "idp", "sp", "seed/base/problem"},
	"ui/kit":             {"ui/kit", "static", "seed/base/problem"},
	"seed/scenario":      {"idp", "sp", "seed/base/problem"},
	"seed/lab":           {"seed/scenario", "idp", "sp", "ui", "scim", "static", "seed/base/store", "seed/base/problem", "seed/base/address", "seed/base/exchange"},
	"seed/traffic":       {"seed", "idp", "sp", "scim", "ui"},
	"seed/fault":         {"seed", "idp", "sp", "ui"},
	"seed/script":        {},
	"seed/script/player": {"seed/script"},
	"seed/guide":         {"seed/lab", "seed/script", "seed/base/problem", "ui"},
	"seed/codelab":       {"seed/script"},
	"seed/shots":         {"seed/lab", "seed/scenario", "seed/script", "seed/base/address", "static"},
	"seed/workshop":      {"seed", "ui", "static"},
	"cmd":                {"seed", "idp", "sp", "scim", "ui", "static"},
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	eachFile(t, func(dir, path string, file *ast.File, _ *token.FileSet) {
		room := longest(dir)
		if room == "" {
			t.Errorf("%s is in no room of the architecture", path)
			return
		}
		for _, spec := range file.Imports {
			imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "understudy/")
			if !ours || imported == dir {
				continue
			}
			if !slices.ContainsFunc(rooms[room], func(allowed string) bool { return within(imported, allowed) }) {
				t.Errorf("%s imports %s, which %s may not", path, imported, room)
			}
		}
		if half := strings.SplitN(dir, "/", 2)[0]; half == "idp" || half == "sp" {
			other := map[string]string{"idp": "sp", "sp": "idp"}[half]
			for _, spec := range file.Imports {
				imported, _ := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "understudy/")
				if within(imported, other) {
					t.Errorf("%s imports %s: the halves talk only over HTTP", path, imported)
				}
			}
		}
	})
}

// A half that reads the wall clock would make labs that do not repeat.
func TestHalvesTakeTimeFromTheLab(t *testing.T) {
	t.Parallel()
	eachFile(t, func(dir, path string, file *ast.File, set *token.FileSet) {
		if half := strings.SplitN(dir, "/", 2)[0]; half != "idp" && half != "sp" {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, call.Sel.Name) {
				t.Errorf("%s reads the wall clock with time.%s", set.Position(call.Pos()), call.Sel.Name)
			}
			return true
		})
	})
}

func eachFile(t *testing.T, f func(dir, path string, file *ast.File, set *token.FileSet)) {
	t.Helper()
	root := filepath.Join("..", "..")
	found := 0
	for _, top := range []string{"cmd", "idp", "sp", "scim", "ui", "seed", "static"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
				return err
			}
			dir, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			dir = filepath.ToSlash(dir)
			if strings.HasSuffix(dir, "test") { // test kits stand outside the rooms
				return nil
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			found++
			f(dir, path, file, set)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 20 {
		t.Fatalf("only %d files were read", found)
	}
}

func within(dir, room string) bool { return dir == room || strings.HasPrefix(dir, room+"/") }

func longest(dir string) (best string) {
	for room := range rooms {
		if within(dir, room) && len(room) > len(best) {
			best = room
		}
	}
	return best
}
