package textlimit

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"understudy/seed/base/waittest"
)

// cpuTime is what reading one text may take.
const cpuTime = 2 * time.Second

// full returns a long text that repeats a part.
func full(part string) string { return strings.Repeat(part, 400_000/len(part)) }

func TestEveryYAMLTextIsReadInBoundedTime(t *testing.T) {
	parts := []string{"[", "{", "]", "[]", "- ", "- - ", "? ", "a: ", "{a: ", "[a, ", "a,", "&a ", "*a ", "!!str ", "'", "\"", "'a' ", "- a\n", "a: b\n",
		"#\n", "---\n", "\n", " ", "é", "|\n ", "a: |\n b\n", "\\n", "- {a: b}\n", "- [a]\n", "\t", "%", "<<: *a\n", "- a: b\n  c: d\n"}
	texts := map[string]string{}
	for _, part := range parts {
		texts[part] = full(part)
		texts["a: \""+part] = "a: \"" + full(part)
		texts["a: ["+part] = "a: [" + full(part)
	}
	var deeper, keys strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&deeper, "%sa:\n", strings.Repeat(" ", i))
	}
	for i := range 20_000 {
		fmt.Fprintf(&keys, "k%d: {a: b}\n", i)
	}
	texts["deeper"], texts["keys"] = deeper.String(), keys.String()
	for name, text := range texts {
		if used := waittest.CPU(t, func() { _, _ = ParseYAML(text) }); used > cpuTime {
			t.Errorf("%.20q takes %s", name, used)
		}
	}
}

func TestEveryMarkdownTextIsReadInBoundedTime(t *testing.T) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Typographer), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	parts := []string{"*a_", "*a **b ", "[", "![", "[a](", "`a``", "<a ", "<!--", "> ", ">", "- ", "1. ", "a_ ", "**a", "_a", "[a]", "[a]: x\n", "|a",
		"|-|-\n", "a\n", "a\n\n", "`", "&a", "\\", "<a href=\"", "]", "*a**a*", "## a\n", "- a\n", "    a\n", "```\n", "a ", "\"a", "a\t", "[a][b] ", "(", "~"}
	for _, part := range parts {
		for _, every := range []int{0, 1000} { // an empty line after so many bytes
			text := full(part)
			if every > 0 {
				text = strings.Repeat(strings.Repeat(part, every/len(part))+"\n\n", 400)
			}
			used := waittest.CPU(t, func() {
				if Markdown([]byte(text)) == nil {
					_ = markdown.Convert([]byte(text), io.Discard)
				}
			})
			if used > cpuTime {
				t.Errorf("%q, %d: takes %s", part, every, used)
			}
		}
	}
}

func TestLimitsNameTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"a:\n  " + strings.Repeat("[", 17):                          "line 2: lists and mappings are nested more than 16 deep; nest less",
		"a:\n" + strings.Repeat("- ", 17):                           "line 2: lists and mappings are nested more than 16 deep; nest less",
		strings.Repeat("- a\n", 3001):                               "line 3001: this list has more than 3000 entries; list fewer",
		"a: [" + strings.Repeat("a, ", 3001) + "]":                  "line 1: this list has more than 3000 entries; list fewer",
		"a: {" + strings.Repeat("a: b, ", 1001) + "}":               "line 1: this mapping has more than 1000 keys; use fewer",
		"a: |\n" + strings.Repeat("  x\n", 1_000_000):               "line 1: the text is larger than 2048 kB; make it smaller",
		strings.Repeat("- [a, b]\n", 2000) + "- b: [" + full("a, "): "line 2001: this list has more than 3000 entries; list fewer",
	} {
		if _, err := ParseYAML(text); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
	if err := Markdown([]byte("a\n\n" + strings.Repeat("*a_", 1000))); err == nil || err.Line != 3 {
		t.Errorf("a block with many signs: %v", err)
	}
	if _, err := ParseYAML("a:\n- b: [c, {d: e}]\n- |\n  " + strings.Repeat("[", 100) + "\n"); err != nil {
		t.Errorf("brackets in a text: %v", err)
	}
}

// The program's own texts are far from the limits of Markdown.
func TestOwnGuidesAreWithinTheLimits(t *testing.T) {
	files, err := filepath.Glob("../../script/*.md")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if exceeded := Markdown([]byte(strings.Repeat(string(text), 10))); exceeded != nil {
			t.Errorf("%s ten times: %v", file, exceeded)
		}
	}
}
