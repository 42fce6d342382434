package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// citedFile matches the name of a Markdown file, with or without its folders.
	citedFile = regexp.MustCompile(`[A-Za-z0-9_][A-Za-z0-9_./-]*\.md\b`)
	// citedHeading matches a citation of a section of the facts, such as: idp/OKTA.md, Group push.
	citedHeading = regexp.MustCompile(`(?:idp/OKTA|sp/SIGMA)\.md, ([A-Z][A-Za-z ]*[A-Za-z])`)
	heading      = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// writtenByReaders are Markdown files that a reader of the texts makes, so they are not in the repository.
var writtenByReaders = []string{"guide.md", "draft.md", "script.md", "assembled.md", "own-names.md", "file.md", "bakery-tour.md"}

// A reader with nothing but the repository can follow each citation: cited Markdown files exist, and so do cited sections.
func TestCitedFilesAndSectionsExist(t *testing.T) {
	root := filepath.Join("..", "..")
	markdown := map[string]bool{} // paths and base names
	var sources []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "axe") {
			return filepath.SkipDir
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".md") {
			markdown[filepath.ToSlash(relative)], markdown[name] = true, true
		}
		readable := []string{".go", ".templ", ".sql", ".yaml", ".md", ".js", ".css"}
		if slices.Contains(readable, filepath.Ext(name)) && !strings.HasSuffix(name, "_test.go") {
			sources = append(sources, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, file := range []string{"idp/OKTA.md", "sp/SIGMA.md"} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range heading.FindAllStringSubmatch(string(text), -1) {
			headings = append(headings, found[1])
		}
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, cited := range citedFile.FindAllString(string(text), -1) {
			name := strings.TrimPrefix(cited, "./")
			if !markdown[name] && !slices.Contains(writtenByReaders, path.Base(name)) {
				t.Errorf("%s cites %s, which is not in the repository", source, cited)
			}
		}
		flat := strings.Join(strings.Fields(strings.ReplaceAll(string(text), "//", " ")), " ") // comments wrap
		for _, cited := range citedHeading.FindAllStringSubmatch(flat, -1) {
			if !slices.ContainsFunc(headings, func(h string) bool { return strings.HasPrefix(cited[1], h) }) {
				t.Errorf("%s cites the section %q, which neither OKTA.md nor SIGMA.md has", source, cited[1])
			}
		}
	}
}
