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

// Codelab gives the guide for Google's claat: the source as it is, with an alternative text for every picture; without the
// walk's comments when strip is true (claat drops them in any case).
func Codelab(d *Document, strip bool) string {
	return d.rewrite(strip, nil)
}

// Markdown gives the guide as plain Markdown: no metadata, no durations, no comments, info boxes as quotes.
func Markdown(d *Document) string {
	_, meta := d.Meta()
	first := -1
	for _, line := range meta {
		first = max(first, line)
	}
	text := d.rewrite(true, func(i int, line string) (string, bool) {
		switch {
		case i <= first:
			return "", false
		case d.kinds[i] == prose && (duration.MatchString(strings.TrimSpace(line)) || strings.HasPrefix(strings.TrimSpace(line), "Environment:")):
			return "", false
		}
		return line, true
	})
	return strings.TrimLeft(squeeze(boxesToQuotes(text)), "\n")
}

// rewrite goes through the lines: comments out when strip is true, alternative texts in, and what keep makes of the others.
func (d *Document) rewrite(strip bool, keep func(i int, line string) (string, bool)) string {
	alts := d.altTexts()
	var out []string
	for i, line := range d.Lines {
		if strip && d.kinds[i] == comment {
			continue
		}
		if d.kinds[i] != code && d.kinds[i] != comment {
			line = withAlts(line, alts)
		}
		kept := true
		if keep != nil {
			line, kept = keep(i, line)
		}
		if kept {
			out = append(out, line)
		}
	}
	text := strings.Join(out, "\n")
	if strip {
		text = squeeze(text)
	}
	return text
}

var manyEmpty = regexp.MustCompile(`\n{3,}`)

// squeeze leaves one empty line where comments have left several.
func squeeze(text string) string { return manyEmpty.ReplaceAllString(text, "\n\n") }

// altTexts proposes an alternative text for each picture, from the step that takes it.
func (d *Document) altTexts() map[string]string {
	alts := map[string]string{}
	guideScript, err := script.Parse(d.File, []byte(d.Source()))
	if err != nil { // a guide without scripts: the section's title is all that is known
		return alts
	}
	for _, section := range guideScript.Sections {
		for _, part := range section.Parts {
			if part.Step == nil {
				continue
			}
			for _, name := range shots(part.Step) {
				alts[name] = fmt.Sprintf("%s, step %s", section.Title, part.Step.ID)
				if len(part.Step.Checks) > 0 {
					alts[name] = fmt.Sprintf("%s, step %s: %s", section.Title, part.Step.ID, part.Step.Checks[0].Name)
				}
			}
		}
	}
	return alts
}

var address = regexp.MustCompile(`\S*://\S*`)

// safeAlt makes an alternative text that the codelab format lets through: no address, no quotes that are escaped twice on
// the way (seen in claat's output).
func safeAlt(text string) string {
	text = address.ReplaceAllString(text, "")
	return strings.Join(strings.Fields(strings.NewReplacer(`"`, "’", "'", "’", "[", "(", "]", ")").Replace(text)), " ")
}

// withAlts fills in and mends the alternative texts of a line's pictures. What the author wrote wins.
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
		values := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
			values[strings.ToLower(a[1])] = a[2]
		}
		out := `<img src="` + values["src"] + `" alt="` + html.EscapeString(alt(values["alt"], values["src"])) + `"`
		if width := values["width"]; digits.MatchString(width) {
			out += ` width="` + width + `"`
		}
		return out + ">"
	})
}

var box = regexp.MustCompile(`(?s)<aside[^>]*>\n?(.*?)\n?</aside>`)

func boxesToQuotes(text string) string {
	return box.ReplaceAllStringFunc(text, func(found string) string {
		return "> " + strings.ReplaceAll(strings.TrimSpace(box.FindStringSubmatch(found)[1]), "\n", "\n> ")
	})
}

//go:embed page.css
var style string

// HTML gives the guide as one page that needs no server and no script. It prints well.
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
