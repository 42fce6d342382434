package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longLine is the maximum line length, in characters.
const longLine = 160

// figures are the measurements of one file.
type figures struct {
	test, generated bool
	lines           int   // all lines
	comment         int   // lines with nothing but a comment
	long            int   // lines over longLine characters
	functions       []int // lines of each function
	imports         []string
}

// goFiles finds the Go files below dir, except those of testdata and hidden directories.
func goFiles(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != dir && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// measure measures one Go file.
func measure(path string) (figures, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return figures{}, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return figures{}, err
	}
	f := figures{test: strings.HasSuffix(path, "_test.go"), generated: ast.IsGenerated(file), lines: bytes.Count(source, []byte("\n"))}
	for line := range bytes.Lines(source) {
		if utf8.RuneCount(bytes.TrimRight(line, "\r\n")) > longLine {
			f.long++
		}
	}
	f.comment = commentLines(set, source)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return figures{}, err
		}
		f.imports = append(f.imports, imported)
	}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			f.functions = append(f.functions, set.Position(function.End()).Line-set.Position(function.Pos()).Line+1)
		}
	}
	return f, nil
}

// commentLines counts the lines that hold only a comment. A raw string is code on each of its lines.
func commentLines(set *token.FileSet, source []byte) (comment int) {
	file := set.AddFile("", set.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, scanner.ScanComments)
	isComment, isCode := map[int]bool{}, map[int]bool{}
	for {
		at, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && text == "\n" { // inserted by the scanner
			continue
		}
		kind := isCode
		if tok == token.COMMENT {
			kind = isComment
		}
		first := file.Line(at)
		for line := first; line <= first+strings.Count(text, "\n"); line++ {
			kind[line] = true
		}
	}
	for line := range isComment {
		if !isCode[line] {
			comment++
		}
	}
	return comment
}

// directModules returns the direct modules of dir's go.mod that the packages below dir/cmd import, in order. Packages of the
// module itself are followed; packages that only tests import are not reached. packages maps each directory to its imports.
func directModules(dir string, packages map[string][]string) (modules []string, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	module := strings.TrimSpace(strings.TrimPrefix(first, "module "))
	imports := reachable(dir, module, packages)
	for line := range strings.Lines(rest) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") { // an indirect one has a comment, and so more fields
			continue
		}
		needed := func(imported string) bool { return imported == fields[0] || strings.HasPrefix(imported, fields[0]+"/") }
		if slices.ContainsFunc(imports, needed) {
			modules = append(modules, fields[0])
		}
	}
	return modules, nil
}

// reachable returns everything that the packages below dir/cmd import, directly or through packages of the module.
func reachable(dir, module string, packages map[string][]string) (imports []string) {
	seen := map[string]bool{}
	var next []string
	for directory := range packages {
		if strings.HasPrefix(directory, filepath.Join(dir, "cmd")+string(filepath.Separator)) {
			next = append(next, directory)
		}
	}
	for len(next) > 0 {
		directory := next[0]
		next = next[1:]
		if seen[directory] {
			continue
		}
		seen[directory] = true
		for _, imported := range packages[directory] {
			imports = append(imports, imported)
			if inside, ours := strings.CutPrefix(imported, module+"/"); ours {
				next = append(next, filepath.Join(dir, filepath.FromSlash(inside)))
			}
		}
	}
	return imports
}
