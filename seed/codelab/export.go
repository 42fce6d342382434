package codelab

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"

	"understudy/seed/script"
)

// Codelab returns the guide for Google's claat. Every picture gets an alternative text. With strip, the text has no
// comments and therefore no scripts; claat ignores comments in any case.
func Codelab(d *Document, strip bool) string {
	return d.rewrite(strip, nil)
}

// Markdown returns the guide as plain Markdown: without metadata, durations and comments, and with quotes for info boxes.
func Markdown(d *Document) string {
	_, meta := d.Meta()
	lastMeta := -1
	for _, line := range meta {
		lastMeta = max(lastMeta, line)
	}
	text := d.rewrite(true, func(i int, line string) bool {
		trimmed := strings.TrimSpace(line)
		isSetting := duration.MatchString(trimmed) || strings.HasPrefix(trimmed, "Environment:")
		return i > lastMeta && (d.kinds[i] != prose || !isSetting)
	})
	return strings.TrimLeft(joinEmptyLines(boxesToQuotes(text)), "\n")
}

// rewrite returns the source with alternative texts. It omits comments when strip is true, and the lines for which keep is
// false. A nil keep keeps all lines.
func (d *Document) rewrite(strip bool, keep func(i int, line string) bool) string {
	alts := d.altTexts()
	var out []string
	for i, line := range d.Lines {
		if strip && d.kinds[i] == comment {
			continue
		}
		if d.isText(i) {
			line = withAlts(line, alts)
		}
		if keep == nil || keep(i, line) {
			out = append(out, line)
		}
	}
	text := strings.Join(out, "\n")
	if strip {
		text = joinEmptyLines(text)
	}
	return text
}

var manyEmpty = regexp.MustCompile(`\n{3,}`)

// joinEmptyLines replaces several empty lines in a row, which omitted comments leave behind, by one.
func joinEmptyLines(text string) string { return manyEmpty.ReplaceAllString(text, "\n\n") }

// altTexts proposes an alternative text for each picture that a step takes: the section, the step and what the step
// checks first. The keys are picture names. A guide without valid scripts has no proposals.
func (d *Document) altTexts() map[string]string {
	alts := map[string]string{}
	guideScript, err := script.Parse(d.File, []byte(d.Source()))
	if err != nil {
		return alts
	}
	for _, section := range guideScript.Sections {
		for _, part := range section.Parts {
			if part.Step == nil {
				continue
			}
			alt := fmt.Sprintf("%s, step %s", section.Title, part.Step.ID)
			if len(part.Step.Checks) > 0 {
				alt += ": " + part.Step.Checks[0].Name
			}
			for _, name := range shotNames(part.Step) {
				alts[name] = alt
			}
		}
	}
	return alts
}

var address = regexp.MustCompile(`\S*://\S*`)

// safeAlt makes an alternative text safe for claat, which drops pictures with a URL in it and escapes quotes twice. It
// also replaces brackets, which would end the text in Markdown.
func safeAlt(text string) string {
	text = address.ReplaceAllString(text, "")
	text = strings.NewReplacer(`"`, "’", "'", "’", "[", "(", "]", ")").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

// withAlts sets the alternative texts of the pictures in a line: the author's text, or else the proposal, or else the
// name of the picture. It also removes a width that is not a number, because claat drops such a picture.
func withAlts(line string, alts map[string]string) string {
	alt := func(written, src string) string {
		if strings.TrimSpace(written) == "" {
			written = alts[Image{Src: src}.Name()]
		}
		if strings.TrimSpace(written) == "" {
			written = Image{Src: src}.Name()
		}
		return safeAlt(written)
	}
	line = markdownImage.ReplaceAllStringFunc(line, func(image string) string {
		m := markdownImage.FindStringSubmatch(image)
		return "![" + alt(m[1], m[2]) + "]" + image[strings.Index(image, "]")+1:]
	})
	return htmlImage.ReplaceAllStringFunc(line, func(tag string) string {
		values := attributes(tag)
		out := `<img src="` + values["src"] + `" alt="` + html.EscapeString(alt(values["alt"], values["src"])) + `"`
		if width := values["width"]; digits.MatchString(width) {
			out += ` width="` + width + `"`
		}
		return out + ">"
	})
}

var box = regexp.MustCompile(`(?s)<aside[^>]*>\n?(.*?)\n?</aside>`)

// boxesToQuotes turns info boxes into Markdown quotes.
func boxesToQuotes(text string) string {
	return box.ReplaceAllStringFunc(text, func(found string) string {
		return "> " + strings.ReplaceAll(strings.TrimSpace(box.FindStringSubmatch(found)[1]), "\n", "\n> ")
	})
}

//go:embed page.css
var style string

// HTML returns the guide as one HTML page with its style, for reading and printing. Only the pictures are separate files.
func HTML(d *Document) (string, error) {
	values, _ := d.Meta()
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Typographer),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()), goldmark.WithRendererOptions(gmhtml.WithUnsafe()))
	var body bytes.Buffer
	if err := markdown.Convert([]byte(Markdown(d)), &body); err != nil {
		return "", fmt.Errorf("export %s: %w", d.File, err)
	}
	title := values["summary"]
	for _, line := range d.Lines {
		if name, found := strings.CutPrefix(line, "# "); found {
			title = plain(name)
			break
		}
	}
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>` + html.EscapeString(title) + `</title>
<style>
` + style + `</style>
</head>
<body>
<main>
` + body.String() + `</main>
</body>
</html>
`, nil
}
