package codelab

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"understudy/seed/script"
)

func lintFile(t *testing.T, file string) []Finding {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return Lint(Read(file, string(text)), nil)
}

// The draft of the quickstart in testdata has exactly these faults, which were found by reading it. In addition, none of
// its pictures has an alternative text.
func TestLintFindsTheFaultsOfTheDraft(t *testing.T) {
	wanted := strings.Split(strings.TrimSpace(`
1 meta-author-singular
9 meta-unknown-key
17 leftover-instruction This QuickStart
33 leftover-instruction trying to create QS content
43 aside-class-unknown postive
47 address-double-slash signup//
47 backtick-unbalanced
49 aside-class-unknown postive
54 leftover-instruction How to apply
57 leftover-instruction good example of the Sigma style
60 leftover-instruction INSERT IMAGE
73 name-mismatch GPC
150 duration-missing Testing SSO
171 repeated-word with with
190 password-advice
284 html-unbalanced
292 html-unbalanced
296 text-twice
297 text-twice
309 html-unbalanced
316 duration-missing Configure API Integration
338 image-twice ok33
364 backtick-unbalanced Edit at the top right corner
375 duration-missing Standard Account Types
405 duration-missing Add Group(s)
426 name-mismatch OktaViewes
448 repeated-word this this
454 forward-reference Sigma Viewer
520 image-twice ok71
528 image-twice ok72
571 leftover-instruction INSERT A WORKFLOW
583 image-twice ok57
595 forward-reference Creator - No Export
619 repeated-word to to
650 leftover-instruction STOPPED HERE
659 leftover-instruction In this lab we learned
661 leftover-instruction INSERT FINAL IMAGE`), "\n")
	var got []string
	missing := 0
	for _, f := range lintFile(t, "testdata/draft.md") {
		if f.Rule == "image-alt-missing" {
			missing++
		} else {
			got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Rule, f.Text))
		}
	}
	if missing != 1 {
		t.Errorf("%d findings tell of missing alternative texts, want one for all", missing)
	}
	if len(got) != len(wanted) {
		t.Errorf("%d findings, want %d:\n%s", len(got), len(wanted), strings.Join(got, "\n"))
	}
	for i, line := range wanted {
		parts := strings.SplitN(line, " ", 3)
		if i >= len(got) || !strings.HasPrefix(got[i], parts[0]+" "+parts[1]) ||
			len(parts) == 3 && !strings.Contains(got[i], parts[2]) {
			t.Errorf("finding %d: want %q", i, line)
		}
	}
}

func TestShippedGuidesHaveNoFindings(t *testing.T) {
	names, err := fs.Glob(script.Files, "*.md")
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := script.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Lint(Read(name, string(text)), nil) {
			t.Error(f)
		}
	}
}

func TestEachLintRule(t *testing.T) {
	const head = "id: a\nauthors: b\n\n# Title\n\n## Section\nDuration: 1\n\n"
	for rule, text := range map[string]string{
		"id-missing":                    "summary: a\n\n# Title\n",
		"meta-author-singular":          "id: a\nauthor: b\n\n# T\n",
		"meta-unknown-key":              "id: a\ncolour: red\n\n# T\n",
		"duration-missing":              "id: a\n\n# T\n\n## S\n\ntext\n",
		"duration-environment-glued":    "id: a\n\n# T\n\n## S\nDuration: 1\nEnvironment: kiosk\n\ntext\n",
		"paragraph-looks-like-metadata": head + "Environment: is what we call it here.\n",
		"heading-level-jump":            head + "#### Deep\n",
		"image-width-not-number":        head + `<img src="a.png" width="ç800" alt="a">` + "\n",
		"image-alt-missing":             head + "![](a.png)\n",
		"alt-has-url":                   head + "![see https://a.example](a.png)\n",
		"alt-has-quotes":                head + "![the \"best\"](a.png)\n",
		"image-twice":                   head + "![a](a.png)\n\n![b](a.png)\n",
		"aside-class-unknown":           head + "<aside class=\"warning\">\nno\n</aside>\n",
		"markdown-in-html-block":        head + "<aside class=\"positive\">\nuse `x`\n</aside>\n",
		"details-flattened":             head + "<details><summary>Hint</summary>no</details>\n",
		"dl-infobox-dead":               head + "Positive\n: text\n",
		"backtick-unbalanced":           head + "Click `Save and go.\n",
		"name-mismatch":                 head + "Open `Workbooks`, then `Workboks`, then `Workbooks`.\n",
		"forward-reference":             head + "Open the `Readers` group.\n",
		"repeated-word":                 head + "Navigate to to the page.\n",
		"address-double-slash":          head + "See https://developer.example/signup//\n",
		"html-unbalanced":               head + "<ul>\n<li>a\n</li>\n</li>\n</ul>\n",
		"text-twice": head +
			"Deactivating a user in Okta also deactivates the member in Sigma.\n\nDeactivating a user in Okta also deactivates the member in Sigma.\n",
		"password-advice":      head + "Use the same password as at home.\n",
		"leftover-instruction": head + "TODO write this\n",
		"step-without-check":   head + "<!-- script\nid: 1.1\nas: okta-admin\ndo:\n  - visit: \"{okta}\"\n-->\n",
		"shot-not-shown": head + "<!-- script\nid: 1.1\nas: okta-admin\ndo:\n" +
			"  - visit: \"{okta}\"\nsee: A\nshot: ok1\n-->\n",
		"shot-without-step": head + "<!-- script\nid: 1.1\nas: okta-admin\nsee: A\n-->\n![a](assets/ok1.png)\n",
		"script":            head + "<!-- script\nid: 1.1\n-->\n",
	} {
		found := Lint(Read("a.md", text), nil)
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule }) {
			t.Errorf("%q: rule %s finds nothing; findings: %v", text, rule, found)
		}
		for _, f := range found {
			if f.Rule != rule && f.Rule != "image-missing" {
				t.Errorf("%q: unexpected finding besides %s: %v", text, rule, f)
			}
		}
	}
	files := fstest.MapFS{"assets/there.png": {}, "assets/orphan.png": {}}
	found := Lint(Read("a.md", head+"![a](assets/there.png)\n\n![b](assets/gone.png)\n"), files)
	if len(found) != 2 || found[0].Rule != "image-orphan" || found[1].Rule != "image-missing" {
		t.Errorf("want one missing and one unused picture, got %v", found)
	}
}

// FuzzRead checks that Read loses nothing of any text, and that Lint accepts it.
func FuzzRead(f *testing.F) {
	draft, err := os.ReadFile("testdata/draft.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(draft))
	f.Add("id: a\n\n# T\n\n## S\nDuration: 1\n\n<aside class=\"positive\">`\n<!--\n```\n")
	f.Fuzz(func(t *testing.T, source string) {
		d := Read("a.md", source)
		if d.Source() != source {
			t.Error("Source differs from the text that was read")
		}
		Lint(d, nil)
	})
}
