package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/codelab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Each label that the quickstart prints in bold is on a page of its step. A label that is on no page is reported with its line.
func TestLabelsInTheTextAreOnThePages(t *testing.T) {
	t.Parallel()
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	found, err := codelab.Live(t.Context(), codelab.Read("quickstart.md", string(source)), player.Options{URL: start(t).url})
	if err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
	wrong := strings.Replace(string(source), "select **Browse App Catalog**.", "select **Browse Catalog**.", 1)
	found, err = codelab.Live(t.Context(), codelab.Read("quickstart.md", wrong), player.Options{URL: start(t).url, To: "1.1"})
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Text, "No page of step 1.1 has “Browse Catalog”") ||
		!strings.Contains(strings.Split(wrong, "\n")[found[0].Line-1], "Browse Catalog") {
		t.Errorf("%v %v", found, err)
	}
}

func TestGuideCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := program(t.Context(), "guide", "lint").CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
	draft := filepath.Join("..", "..", "seed", "codelab", "testdata", "draft.md")
	lint := program(t.Context(), "guide", "lint", "--json", draft)
	out, _ = lint.CombinedOutput()
	if lint.ProcessState.ExitCode() != 4 || !strings.Contains(string(out), `"rule": "backtick-unbalanced"`) {
		t.Errorf("exit status %d: %.300s", lint.ProcessState.ExitCode(), out)
	}
	for _, format := range []string{"codelab", "markdown", "html"} {
		if out, err := program(t.Context(), "guide", "export", format, "--out", filepath.Join(dir, format)).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", format, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "html", "index.html")); err != nil {
		t.Error(err)
	}
	proposed := filepath.Join(dir, "proposed.md")
	if out, err := program(t.Context(), "guide", "import", draft, "--out", proposed).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	// What the import understood is played; the learner confirms the rest.
	out, err = program(t.Context(), "walk", proposed).CombinedOutput()
	if err != nil || !strings.Contains(string(out), " passed, 0 failed") {
		t.Errorf("the imported draft cannot be played: %v: %s", err, out)
	}
	out, _ = program(t.Context(), "guide", "lint", "--live", draft).CombinedOutput()
	if !strings.Contains(string(out), "draft.md:204: label-not-on-page: click “Assign Application” failed") {
		t.Errorf("lint does not play the draft: %s", out)
	}
	out, err = program(t.Context(), "guide", "import", draft, "--out", proposed).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "exists already") {
		t.Errorf("import overwrote a file: %s", out)
	}
}
