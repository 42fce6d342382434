package codelab

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/script"
)

func quickstart(t *testing.T) *Document {
	t.Helper()
	text, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	return Read(script.QuickstartFile, string(text))
}

// An exported codelab has nothing that claat drops or misreads, and keeps everything else of the guide.
func TestCodelabFollowsTheFormatRules(t *testing.T) {
	d := quickstart(t)
	for _, strip := range []bool{false, true} {
		text := Codelab(d, strip)
		if strings.Contains(text, "<!-- script") == strip {
			t.Errorf("strip %t: the codelab contains scripts: %t", strip, !strip)
		}
		out := Read("guide.md", text)
		for _, f := range Lint(out, nil) {
			if f.Rule != "shot-without-step" {
				t.Errorf("strip %t: %v", strip, f)
			}
		}
		if a, b := len(out.Images()), len(d.Images()); a != b {
			t.Errorf("the codelab has %d of %d pictures", a, b)
		}
		for _, part := range []string{"\n## ", "\nDuration: ", "<aside class="} {
			if a, b := strings.Count(text, part), strings.Count(d.Source(), part); a != b {
				t.Errorf("the codelab has %d of %d %q", a, b, part)
			}
		}
		for key, value := range map[string]string{"id": "administration-sso-okta", "status": "Draft"} {
			if values, _ := out.Meta(); values[key] != value {
				t.Errorf("%s is %q", key, values[key])
			}
		}
	}
}

func TestCodelabSetsAlternativeTexts(t *testing.T) {
	const source = `id: a

# T

## Section
Duration: 1

<!-- script
id: 1.1
as: okta-admin
see: Browse "App" Catalog
shot: ok1
-->
![](assets/ok1.png)

![See https://a.example for "more"](assets/ok2.png)

<img src="assets/ok3.png" width="ç800">
`
	got := Codelab(Read("a.md", source), true)
	for _, wanted := range []string{
		"![Section, step 1.1: Browse ’App’ Catalog](assets/ok1.png)", // the proposal
		"![See for ’more’](assets/ok2.png)",                          // the author's text without URL and quotes
		`<img src="assets/ok3.png" alt="ok3">`,                       // the name, without a width that is not a number
	} {
		if !strings.Contains(got, wanted) {
			t.Errorf("the codelab lacks %s\n%s", wanted, got)
		}
	}
}

func TestMarkdownAndHTMLExports(t *testing.T) {
	d := quickstart(t)
	text := Markdown(d)
	for _, gone := range []string{"<!--", "Duration:", "<aside", "authors:", "\n\n\n"} {
		if strings.Contains(text, gone) {
			t.Errorf("the Markdown contains %q", gone)
		}
	}
	if !strings.HasPrefix(text, "# Single Sign-On with Sigma and Okta") ||
		!strings.Contains(text, "> This lab is for training only.") {
		t.Errorf("the Markdown begins with %.200s", text)
	}
	page, err := HTML(d)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(page, "<img "); n != len(d.Images()) {
		t.Errorf("the page has %d of %d pictures", n, len(d.Images()))
	}
	if regexp.MustCompile(`(src|href)="(https?:)?//`).MatchString(page) || strings.Contains(page, "<script") {
		t.Error("the page loads a resource from another server, or a script")
	}
}

func TestPDFPrintsThePage(t *testing.T) {
	page, err := HTML(quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := PDF(t.Context(), filepath.Join(dir, "index.html"), filepath.Join(dir, "guide.pdf")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "guide.pdf"))
	if err != nil || !strings.HasPrefix(string(data), "%PDF-") || len(data) < 20_000 {
		t.Errorf("the file has %d bytes and is not a PDF or is too short: %v", len(data), err)
	}
}

func TestImportProposesValidScripts(t *testing.T) {
	const source = `id: a

# T

## Setting up
Duration: 1

In Okta open ` + "`Applications` > `Applications`" + ` and click ` + "`Browse App Catalog`" + `:

<img src="assets/ok1.png" width="800"/>

This is only a remark about ` + "`Sigma`" + `.

Check the box **I agree**.
`
	proposed := Import(Read("a.md", source))
	guideScript, err := script.Parse("a.md", []byte(proposed))
	if err != nil {
		t.Fatalf("%v\n%s", err, proposed)
	}
	steps := guideScript.Steps()
	if len(steps) != 2 || len(steps[0].Do) != 2 || steps[0].Shot != "ok1" || steps[1].Do[0].Verb != script.VerbTick {
		t.Errorf("%+v\n%s", steps, proposed)
	}
	without := regexp.MustCompile(`(?s)\n\n<!-- script\n.*?-->`).ReplaceAllString(proposed, "")
	if without != source {
		t.Errorf("Import changed the text:\n%s", without)
	}
	draft, err := os.ReadFile("testdata/draft.md")
	if err != nil {
		t.Fatal(err)
	}
	// The parser requires a duration in each section, and accepts no unknown metadata.
	sections := regexp.MustCompile(`(?m)^(## .*)\n+(Duration:.*\n)?`)
	fixed := sections.ReplaceAllString(string(draft), "$1\nDuration: 5\n\n")
	fixed = strings.NewReplacer("author: ", "authors: ", "lastUpdated: 2023-05-01\n", "").Replace(fixed)
	guideScript, err = script.Parse("draft.md", []byte(Import(Read("draft.md", fixed))))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(guideScript.Steps()); n < 30 {
		t.Errorf("Import proposes only %d steps for the draft", n)
	}
}
