package codelab

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// foreign is a guide of somebody else, with HTML and Markdown that a guide of ours does not use.
func foreign(t testing.TB) *Document {
	t.Helper()
	text, err := os.ReadFile("testdata/foreign.md")
	if err != nil {
		t.Fatal(err)
	}
	return Read("foreign.md", string(text))
}

// The codelab export keeps each line of a foreign guide, except that a picture without a text gets one.
func TestCodelabKeepsForeignText(t *testing.T) {
	d := foreign(t)
	changed := map[string]string{
		`<img src="assets/a.png" style="max-width: 50%;"/>`: `<img src="assets/a.png" style="max-width: 50%;" alt="a"/>`,
		`![]( <assets/my pic.png> )`:                        `![my pic]( <assets/my pic.png> )`,
	}
	out := strings.Split(Codelab(d, false), "\n")
	if len(out) != len(d.Lines) {
		t.Fatalf("the export has %d of %d lines", len(out), len(d.Lines))
	}
	for i, line := range d.Lines {
		wanted := line
		if edited, known := changed[line]; known && d.isText(i) {
			wanted = edited
		}
		if out[i] != wanted {
			t.Errorf("line %d is\n%s\nand not\n%s", i+1, out[i], wanted)
		}
	}
}

// Without comments, the text before and after a comment stays. Code stays as it is, with all that looks like HTML or Markdown.
func TestExportsWithoutCommentsKeepTextAndCode(t *testing.T) {
	d := foreign(t)
	const fences = "~~~\n# no heading\n<img src=\"assets/zzz.png\">\n~~~\n\n````\n```\n## not a heading\n```\n````"
	for name, text := range map[string]string{"codelab": Codelab(d, true), "Markdown": Markdown(d)} {
		for _, wanted := range []string{
			"\nText after a note.\n", "\nkept text\n", fences, "<img src='assets/b.png' alt='single quoted' width='300'>",
			"<img src=assets/b.png width=300 alt=bare>", "\nNegative\n: an old box\n", "Duration 00:05",
		} {
			if !strings.Contains(text, wanted) {
				t.Errorf("%s lacks\n%s", name, wanted)
			}
		}
		if strings.Contains(text, "<!--") {
			t.Errorf("%s has a comment", name)
		}
	}
	if text := Markdown(d); !strings.Contains(text, "> Do **not** `skip`.") {
		t.Errorf("the Markdown has no quote for the info box: %s", text)
	}
}

// Pictures are recognized however their HTML is written, and not in code or comments.
func TestImagesInAnyNotation(t *testing.T) {
	for line, wanted := range map[string]string{
		`<img src="a.png" alt="x">`:                     "a.png x ",
		`<img src='a.png' alt='it says "x"' width='3'>`: `a.png it says "x" 3`,
		`<img src=a.png alt=x width=3>`:                 "a.png x 3",
		`<IMG SRC="a.png" ALT="x"/>`:                    "a.png x ",
		`<img alt="a > b" src="a.png">`:                 "a.png a > b ",
		`<img hidden src = "a.png" alt = 'x' data-y>`:   "a.png x ",
		`<img src="a.png" src="b.png" alt="1 &amp; 2">`: "a.png 1 & 2 ",
		`![x](a.png)`:                                       "a.png x ",
		`![x](<a b.png> "title")`:                           "a b.png x ",
		`![x](a.png 'title')`:                               "a.png x ",
		"`<img src=\"a.png\">` and ``![x](a.png)` ``":       "",
		`<!-- <img src="a.png"> --> and <!-- ![x](a.png)`:   "",
		`<img src="a.png" and no end`:                       "",
		`<img src="a.png" "stray">`:                         "",
		`<imgx src="a.png">`:                                "",
		`a <!-- c --> <img src="a.png" alt="x"> <!-- d -->`: "a.png x ",
	} {
		var found []string
		for _, image := range Read("a.md", line).Images() {
			found = append(found, fmt.Sprintf("%s %s %s", image.Src, image.Alt, image.Width))
		}
		if got := strings.Join(found, "; "); got != wanted {
			t.Errorf("%s: %q, not %q", line, got, wanted)
		}
	}
}

// Whatever the text is, the codelab export has the same lines; only a line with a picture may differ, and a second export changes
// nothing more.
func FuzzExport(f *testing.F) {
	f.Add(foreign(f).Source())
	for _, seed := range []string{
		"<!-- a\nb --> c `<!--` d\n```\n<!--\n```\n", "<aside>\n~~~\n</aside>\n~~~\n</aside>", "![](a.png) <img src='b' width=x>",
		"`` ` <img> ``` `", "<img alt=\"`\" src=`x`>", "# A\n\n## B\nDuration: 1\n\nEnvironment: web\n\nEnvironment: kept",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		d := Read("a.md", source)
		once := Codelab(d, false)
		lines := strings.Split(once, "\n")
		if len(lines) != len(d.Lines) {
			t.Fatalf("%d lines became %d", len(d.Lines), len(lines))
		}
		for i, line := range lines {
			if line != d.Lines[i] && !strings.Contains(strings.ToLower(d.Lines[i]), "<img") && !strings.Contains(d.Lines[i], "![") {
				t.Errorf("line %d was %q and became %q", i+1, d.Lines[i], line)
			}
		}
		if twice := Codelab(Read("a.md", once), false); twice != once {
			t.Errorf("a second export changes\n%q to\n%q", once, twice)
		}
		stripped := strings.Split(Codelab(d, true), "\n")
		for i, line := range d.Lines { // code stays as it was written
			if d.kinds[i] == code && !slices.Contains(stripped, line) {
				t.Errorf("the export lacks the code %q", line)
			}
		}
	})
}
