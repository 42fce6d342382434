package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/scenario"
	"understudy/seed/script/player"
)

// The example of static/docs/content.md works: its files are loaded from a folder, served, and the guide is played.
func TestTheDocumentedScenarioAndGuideWork(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "static", "docs", "content.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := func(language string) string {
		_, after, found := strings.Cut(string(text), "```"+language+"\n")
		inside, _, ends := strings.Cut(after, "```\n")
		if !found || !ends {
			t.Fatalf("the page has no example in %s", language)
		}
		return inside
	}
	if block("yaml") != scenario.Template {
		t.Error("the page does not show what scenario new prints")
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"scenarios/bakery.yaml": block("yaml"), "guides/bakery-tour.md": block("markdown")} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := startWith(t, serveCommand{contentFlags: contentFlags{Content: dir, Guide: []string{"bakery-tour"}}})
	guide, err := s.Library.Guide("bakery-tour")
	if err != nil {
		t.Fatal(err)
	}
	report, err := player.Play(t.Context(), guide, player.Options{URL: s.url})
	if err != nil || len(report.Steps) != 8 {
		t.Fatal(err, len(report.Steps))
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Error(step.Failure)
		}
	}
	newVisitor(t, s).wants(200, "A tour of the bakery", "8 of 8 steps")(newVisitor(t, s).get("/labs/demo/guide"))
}
