package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/script"
)

// fencedBlock matches a fenced code block: its language and its content.
var fencedBlock = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// docHead defines the names that the examples of the reference use.
const docHead = `id: doc

# Doc

<!-- script
vars:
  bob: {name: Bob Stone, username: bob, password: x}
bind:
  app: find(okta.apps, .name == "sigmaonaws")
  bob: find(okta.users, .profile.firstName == "Bob")
-->

## Section
Duration: 1

`

// Every example in the reference of the guide format parses. Blocks in markdown are whole guides, blocks in yaml are the
// comment of the file, a step or items of do, and each line of an expr block is an expression.
func TestExamplesOfGuideFormatParse(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "static", "docs", "guide-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, block := range fencedBlock.FindAllStringSubmatch(string(text), -1) {
		language, content := block[1], strings.TrimRight(block[2], "\n")
		counts[language]++
		var sources []string
		switch language {
		case "markdown":
			sources = []string{content}
		case "yaml":
			sources = []string{yamlExample(content)}
		case "expr":
			for _, line := range strings.Split(content, "\n") {
				sources = append(sources, docHead+step("id: 1\nas: bob\nsee: A\ndone: '"+line+"'"))
			}
		}
		for _, source := range sources {
			if _, err := script.Parse("example.md", []byte(source)); err != nil {
				t.Errorf("%v in\n%s", err, content)
			}
		}
	}
	if counts["markdown"] != 1 || counts["yaml"] < 10 || counts["expr"] == 0 {
		t.Errorf("found examples %v", counts)
	}
}

// yamlExample makes a guide of an example in YAML.
func yamlExample(content string) string {
	first := step("id: 0\nas: bob\ndo:\n  - copy: Sign on URL as sso-url\n  - copy: Bearer Token as token")
	switch {
	case strings.HasPrefix(content, "- "):
		return docHead + first + "\n" + step("id: 1\nas: bob\ndo:\n"+content)
	case strings.HasPrefix(content, "id:"):
		return docHead + first + "\n" + step(content)
	default:
		return "id: doc\n\n# Doc\n\n" + step(content)
	}
}

// The example guide of the reference has the three steps that its text promises.
func TestExampleGuideHasThreeSteps(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "static", "docs", "guide-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range fencedBlock.FindAllStringSubmatch(string(text), -1) {
		if block[1] != "markdown" {
			continue
		}
		s := parse(t, block[2])
		if len(s.Steps()) != 3 || len(s.Bindings) != 1 || len(s.Names) != 1 {
			t.Errorf("got %d steps, %d bindings, %d names", len(s.Steps()), len(s.Bindings), len(s.Names))
		}
		for _, step := range s.Steps() {
			if step.Done == "" || step.Awaits == "" {
				t.Errorf("step %s has no done or no awaits", step.ID)
			}
		}
	}
}
