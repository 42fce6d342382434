package codelab

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// The page shows each section with its number and duration, and a table of contents that leads to all of them.
func TestHTMLHasSectionsWithContentsAndDurations(t *testing.T) {
	page, err := HTML(Read("a.md", "id: a\nauthors: Ada\n\n# The *whole* guide\n\nBefore.\n\n## **First** & more\nDuration: 1:30\n\n"+
		"Environment: web\n\nText.\n\nDuration: in the text\n\n## Second\n\nNo duration.\n\n## Third\nDuration: 1:00:00\n\n"+
		"```\n## code\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{
		"<title>The whole guide</title>", "1 h 2 min in total · Ada", "<p>Before.</p>",
		`<a href="#first--more"><span class="title">First &amp; more</span> <span class="time">2 min</span></a>`,
		`<a href="#second"><span class="title">Second</span></a>`, `<a class="next" href="#third">Next: Third</a>`,
		`<h2 id="first--more"><span class="number">1</span> <strong>First</strong> &amp; more</h2>`,
		"<p>Duration: in the text</p>", "<pre><code>## code\n</code></pre>",
	} {
		if !strings.Contains(page, wanted) {
			t.Errorf("the page lacks %s:\n%s", wanted, page[strings.Index(page, "<body>"):])
		}
	}
	if n := strings.Count(page, "<section "); n != 3 || strings.Contains(page, "Environment:") || strings.Contains(page, "Duration: 1") {
		t.Errorf("%d sections, or a setting is text", n)
	}
}

// The PDF has bookmarks, the page of each section in its contents, pictures that are small enough to send, and full pages.
func TestPDFOfAGuideWithPictures(t *testing.T) {
	t.Parallel()
	const pictures = 12
	dir := t.TempDir()
	text := "id: a\n\n# Guide\n"
	for i := range pictures {
		if i%6 == 0 {
			text += fmt.Sprintf("\n## Section %d\nDuration: 5\n", i/6+1)
		}
		name := fmt.Sprintf("p%d.png", i)
		text += fmt.Sprintf("\nSelect **Save**, and read the page.\n\n![Picture](assets/%s)\n", name)
		writeNoise(t, filepath.Join(dir, name), 1200, 780)
	}
	file := filepath.Join(dir, "guide.pdf")
	missing, err := PDF(t.Context(), Read("a.md", text+"\n![Gone](assets/gone.png)\n"), dir, file)
	if err != nil || !slices.Equal(missing, []string{"gone.png"}) {
		t.Fatalf("missing %v: %v", missing, err)
	}
	data, err := os.ReadFile(file)
	if err != nil || len(data) > 5_000_000 {
		t.Errorf("the file has %d bytes: %v", len(data), err)
	}
	found := sectionPages(data)
	for i := range 2 {
		if page := found[fmt.Sprintf("section-%d", i+1)]; page != 2+2*i ||
			!strings.Contains(string(data), fmt.Sprintf("(%d Section %d)", i+1, i+1)) {
			t.Errorf("section %d is on page %d, or has no bookmark", i+1, page)
		}
	}
	// A page holds three pictures with their texts.
	if pages := len(pdfPage.FindAll(data, -1)); pages > 1+(pictures+2)/3+1 {
		t.Errorf("%d pictures take %d pages", pictures, pages)
	}
}

// writeNoise writes a picture of 4 MB, a third of which is expensive to compress.
func writeNoise(t *testing.T, file string, width, height int) {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	rand.NewChaCha8([32]byte{}).Read(picture.Pix[:len(picture.Pix)/3])
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join((&png.Encoder{CompressionLevel: png.NoCompression}).Encode(out, picture), out.Close()); err != nil {
		t.Fatal(err)
	}
}
