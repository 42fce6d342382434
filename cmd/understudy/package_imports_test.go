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

// layers lists every package of this module from the lowest to the highest, with the packages of this module that it may
// import. A package may import only packages above it in this list, so no import points up and there is no cycle. Test
// packages (folders that end in "test" and files that end in _test.go) may import more.
var layers = []struct {
	path    string
	imports []string
}{
	{"seed/base/address", []string{}},
	{"seed/base/certificate", []string{}},
	{"seed/base/exchange", []string{}},
	{"seed/base/past", []string{}},
	{"seed/base/moment", []string{}},
	{"seed/base/problem", []string{}},
	{"seed/base/attempt", []string{"seed/base/problem"}},
	{"seed/base/store", []string{"seed/base/problem"}},
	{"seed/base/samltext", []string{}},
	{"seed/base/textlimit", []string{}},
	{"seed/base/csvfile", []string{}},
	{"seed/base/xmltree", []string{}},
	{"seed/base/xmlsignature", []string{"seed/base/xmltree"}},
	{"static", []string{}},
	{"scim", []string{}},
	{"ui/kit", []string{"seed/base/problem", "static"}},
	{"ui/okta", []string{"ui/kit"}},
	{"ui/lab", []string{"static", "ui/kit"}},
	{"idp/schema", []string{"seed/base/problem"}},
	{"idp/expression", []string{"idp/schema"}},
	{"idp/catalog", []string{"idp/expression", "idp/schema"}},
	{"idp/job", []string{}},
	{"idp/logfilter", []string{"scim", "seed/base/problem"}},
	{"idp/password", []string{"seed/base/problem"}},
	{"idp", []string{
		"idp/catalog", "idp/expression", "idp/job", "idp/logfilter", "idp/password", "idp/schema",
		"seed/base/address", "seed/base/attempt", "seed/base/certificate", "seed/base/csvfile", "seed/base/moment", "seed/base/past", "seed/base/problem", "seed/base/store",
	}},
	{"idp/provision", []string{"idp", "idp/job", "scim", "seed/base/problem", "seed/base/store"}},
	{"idp/saml", []string{"idp", "seed/base/address", "seed/base/samltext", "seed/base/xmlsignature", "seed/base/xmltree"}},
	{"idp/web", []string{"idp", "seed/base/address", "seed/base/problem", "seed/base/store", "ui/kit", "ui/okta"}},
	{"idp/console", []string{
		"idp", "idp/catalog", "idp/job", "idp/password", "idp/provision", "idp/saml", "idp/schema", "idp/web",
		"seed/base/address", "seed/base/problem", "ui/kit", "ui/okta",
	}},
	{"idp/signin", []string{"idp", "idp/web", "seed/base/attempt", "seed/base/address", "seed/base/problem", "ui/kit", "ui/okta"}},
	{"idp/sso", []string{"idp", "idp/saml", "idp/web", "seed/base/address", "seed/base/exchange", "seed/base/problem", "ui/kit", "ui/okta"}},
	{"ui/sigma", []string{"ui/kit"}},
	{"sp/export", []string{"seed/base/csvfile"}},
	{"sp", []string{"seed/base/address", "seed/base/attempt", "seed/base/certificate", "seed/base/moment", "seed/base/past", "seed/base/problem", "seed/base/store", "sp/export"}},
	{"sp/web", []string{"scim", "seed/base/address", "seed/base/problem", "seed/base/store", "sp", "ui/sigma"}},
	{"sp/directory", []string{"scim", "seed/base/address", "seed/base/exchange", "seed/base/problem", "sp", "sp/web"}},
	{"sp/site", []string{"seed/base/address", "seed/base/problem", "sp", "sp/web", "ui/kit", "ui/sigma"}},
	{"sp/sso", []string{
		"seed/base/address", "seed/base/exchange", "seed/base/problem", "seed/base/samltext", "seed/base/xmlsignature", "seed/base/xmltree",
		"sp", "sp/web", "ui/sigma",
	}},
	{"seed/scenario", []string{"idp", "idp/catalog", "seed/base/address", "seed/base/problem", "seed/base/textlimit", "sp"}},
	{"seed/script", []string{"seed/base/textlimit"}},
	{"seed/content", []string{"idp/catalog", "seed/base/problem", "seed/scenario", "seed/script"}},
	{"seed/script/player", []string{"seed/base/address", "seed/script"}},
	{"seed/codelab", []string{"seed/script", "seed/script/player"}},
	{"seed/lab", []string{
		"idp", "idp/catalog", "idp/provision", "seed/base/address", "seed/base/exchange", "seed/base/problem",
		"seed/base/store", "seed/scenario", "seed/script", "sp",
	}},
	{"seed/door/limit", []string{}},
	{"seed/door", []string{
		"idp", "idp/console", "idp/provision", "idp/signin", "idp/sso", "idp/web", "scim",
		"seed/base/address", "seed/base/exchange", "seed/base/problem", "seed/base/samltext", "seed/base/store",
		"seed/door/limit", "seed/lab", "sp",
		"sp/directory", "sp/site", "sp/sso", "sp/web", "static", "ui/kit", "ui/lab",
	}},
	{"seed/contentpages", []string{"seed/base/problem", "seed/content", "seed/door", "ui/kit", "ui/lab"}},
	{"seed/labpages", []string{
		"seed/base/problem", "seed/content", "seed/contentpages", "seed/base/store", "seed/door", "seed/lab", "seed/scenario", "sp", "ui/kit",
		"ui/lab",
	}},
	{"seed/fault", []string{
		"idp", "idp/saml", "seed/base/address", "seed/base/exchange", "seed/base/problem",
		"seed/base/store", "seed/door", "seed/lab", "sp", "sp/sso", "ui/kit", "ui/lab",
	}},
	{"seed/guide", []string{
		"seed/base/address", "seed/base/problem", "seed/door", "seed/lab", "seed/script", "seed/script/player", "ui/kit", "ui/lab",
	}},
	{"seed/traffic", []string{
		"idp", "idp/saml", "scim", "seed/base/address", "seed/base/exchange", "seed/base/problem", "seed/base/samltext",
		"seed/door", "seed/guide", "seed/lab", "sp", "sp/sso", "ui/kit", "ui/lab",
	}},
	{"seed/shots", []string{
		"seed/door", "seed/door/limit", "seed/fault", "seed/guide", "seed/lab", "seed/labpages", "seed/scenario", "seed/script",
		"seed/script/player", "seed/traffic",
	}},
	{"seed/workshop", []string{
		"seed/base/address", "seed/base/attempt", "seed/base/csvfile", "seed/base/problem", "seed/base/store", "seed/content",
		"seed/contentpages", "seed/door", "seed/door/limit",
		"seed/fault", "seed/guide", "seed/lab", "seed/scenario", "seed/script/player", "ui/kit", "ui/lab",
	}},
	{"seed/control/api", []string{}},
	{"seed/control/client", []string{"seed/control/api", "seed/lab"}},
	{"seed/control", []string{
		"seed/base/problem", "seed/base/store", "seed/content", "seed/control/api", "seed/door", "seed/fault", "seed/guide", "seed/lab",
		"seed/workshop", "sp", "sp/directory",
	}},
	{"seed/server", []string{
		"seed/base/problem", "seed/content", "seed/control", "seed/door", "seed/door/limit", "seed/fault", "seed/guide", "seed/lab", "seed/labpages",
		"seed/scenario", "seed/script", "seed/traffic", "seed/workshop",
	}},
	{"cmd/figures", []string{}},
	{"cmd/understudy", []string{
		"seed/base/problem", "seed/base/textlimit", "seed/codelab", "seed/content", "seed/control/api", "seed/control/client", "seed/door", "seed/door/limit", "seed/lab", "seed/scenario", "seed/script", "seed/script/player",
		"seed/server", "seed/shots", "seed/workshop",
	}},
}

func TestPackagesImportOnlyWhatIsListed(t *testing.T) {
	position := map[string]int{}
	for i, layer := range layers {
		position[layer.path] = i
		for _, imported := range layer.imports {
			if at, listed := position[imported]; !listed || at >= i {
				t.Errorf("%s imports %s, which is not lower in the list", layer.path, imported)
			}
		}
	}
	eachFile(t, func(dir, path string, file *ast.File, _ *token.FileSet) {
		at, listed := position[dir]
		if !listed {
			t.Errorf("%s: the package is not in the list of layers", path)
			return
		}
		for _, imported := range importsOfModule(file) {
			if !slices.Contains(layers[at].imports, imported) {
				t.Errorf("%s imports %s, which is not listed for its package", path, imported)
			}
		}
	})
}

// The halves meet only over HTTP: a real peer can take the place of either.
func TestHalvesImportNothingOfEachOther(t *testing.T) {
	for _, layer := range layers {
		half, _, _ := strings.Cut(layer.path, "/")
		other := map[string]string{"idp": "sp", "sp": "idp"}[half]
		for _, imported := range layer.imports {
			if top, _, _ := strings.Cut(imported, "/"); other != "" && top == other {
				t.Errorf("%s imports %s", layer.path, imported)
			}
		}
	}
}

// A spreadsheet runs cells that look like formulas, so all downloads are written by seed/base/csvfile. The text of a workbook's
// table in edit mode is no download: it is read back.
func TestOneWriterOfCSV(t *testing.T) {
	t.Parallel()
	eachFile(t, func(_, path string, file *ast.File, set *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || call.Sel.Name != "NewWriter" {
				return true
			}
			allowed := strings.HasSuffix(path, "csvfile/csvfile.go") || strings.HasSuffix(path, "sp/workbook.go")
			if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "csv" && !allowed {
				t.Errorf("%s writes CSV without package csvfile", set.Position(call.Pos()))
			}
			return true
		})
	})
}

// A form is read as a form: echo's Bind also accepts JSON and XML.
func TestNoHandlerBindsAnythingButForms(t *testing.T) {
	t.Parallel()
	eachFile(t, func(_, path string, file *ast.File, set *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if ok && (call.Sel.Name == "Bind" || call.Sel.Name == "BindBody") && !strings.HasSuffix(path, "idp/web/form.go") {
				t.Errorf("%s: read forms with web.BindForm", set.Position(call.Pos()))
			}
			return true
		})
	})
}

func importsOfModule(file *ast.File) (list []string) {
	for _, spec := range file.Imports {
		if imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "understudy/"); ours {
			list = append(list, imported)
		}
	}
	return list
}

// The halves must not read the wall clock: a lab has its own clock, and pictures need repeatable labs.
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

// eachFile parses each Go file of the module, test files left out.
// eachFile parses each Go file of the module, test files left out.
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
			if strings.HasSuffix(dir, "test") || strings.Contains(dir, "/internal/") { // test helpers may import everything
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
