package codelab

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"understudy/seed/script"
)

// Codelab returns the guide for Google's claat. Every picture gets an alternative text. With strip, the text has no
// comments and therefore no scripts; claat ignores comments in any case.
func Codelab(d *Document, strip bool) string {
	return d.rewrite(strip)
}

// Markdown returns the guide as plain Markdown: without metadata, durations and comments, and with quotes for info boxes.
func Markdown(d *Document) string { return d.markdown(d.settings()) }

// markdown returns the guide as plain Markdown without the lines of omitted.
func (d *Document) markdown(omitted map[int]bool) string {
	_, meta := d.Meta()
	lastMeta := -1
	for _, line := range meta {
		lastMeta = max(lastMeta, line)
	}
	var out, box []string
	endBox := func() {
		if len(box) > 0 {
			out, box = append(out, boxesToQuotes(strings.Join(box, "\n"))), nil
		}
	}
	d.each(true, func(i int) bool { return i > lastMeta && !omitted[i] }, func(i int, line string) {
		if d.inAside[i] {
			box = append(box, line)
			return
		}
		endBox()
		out = append(out, line)
	})
	endBox()
	return strings.TrimLeft(strings.Join(out, "\n"), "\n")
}

// settings finds the lines "Duration:" and "Environment:" after the headings of sections, which claat reads as metadata.
func (d *Document) settings() map[int]bool {
	found, after := map[int]bool{}, false
	for i, line := range d.Lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case d.kinds[i] == comment || trimmed == "":
		case d.kinds[i] != prose:
			after = false
		case heading.MatchString(line):
			after = true
		case after && (duration.MatchString(trimmed) || strings.HasPrefix(trimmed, "Environment:")):
			found[i] = true
		default:
			after = false
		}
	}
	return found
}

// rewrite returns the source with alternative texts. It omits comments when strip is true.
func (d *Document) rewrite(strip bool) string {
	var out []string
	d.each(strip, nil, func(_ int, line string) { out = append(out, line) })
	return strings.Join(out, "\n")
}

// each calls write for each line of the export, in order. All that is not a picture without text stays as it is written. With strip,
// comments are omitted. Lines for which keep is false are omitted; a nil keep keeps all lines. Of the empty lines around an omitted
// line, one is left.
func (d *Document) each(strip bool, keep func(i int) bool, write func(i int, line string)) {
	alts := d.altTexts()
	afterOmitted, afterEmpty := false, false
	for i, line := range d.Lines {
		if strip && d.kinds[i] == comment || keep != nil && !keep(i) {
			afterOmitted = true
			continue
		}
		empty := strings.TrimSpace(line) == ""
		if empty && afterOmitted && afterEmpty {
			continue
		}
		if d.isText(i) {
			line = d.edited(i, strip, alts)
		}
		write(i, line)
		afterOmitted, afterEmpty = afterOmitted && empty, empty
	}
}

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

// edit replaces a part of a line.
type edit struct {
	part
	text string
}

// edited returns a line with the alternative texts of its pictures and, with strip, without its comments. Everything else of the line
// stays as it is written.
func (d *Document) edited(i int, strip bool, alts map[string]string) string {
	line := d.Lines[i]
	alt := func(written, src string) string {
		name := Image{Src: src}.Name()
		for _, text := range []string{written, alts[name]} {
			if strings.TrimSpace(text) != "" {
				return safeAlt(text)
			}
		}
		return safeAlt(name)
	}
	var edits []edit
	for _, m := range d.markdownImages(i) {
		if text := alt(m.alt(line), m.src(line)); text != m.alt(line) {
			edits = append(edits, edit{part{m[2], m[3]}, text})
		}
	}
	for _, tag := range imageTags(d.visible[i]) {
		edits = append(edits, tag.edits(line, alt(tag.value(line, "alt"), tag.value(line, "src")))...)
	}
	if strip {
		for _, c := range d.comments[i] {
			if c.start == 0 || line[c.start-1] == ' ' { // the spaces after the comment have no meaning then
				c.end += len(line[c.end:]) - len(strings.TrimLeft(line[c.end:], " "))
			}
			edits = append(edits, edit{c, ""})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.start - a.start })
	for _, e := range edits { // from the end of the line, so that positions stay valid
		line = line[:e.start] + e.text + line[e.end:]
	}
	return line
}

// edits sets the alternative text of a tag. It also removes a width that is not a number, because claat drops such a picture.
func (t imageTag) edits(line, alt string) (edits []edit) {
	if width, found := t.attribute("width"); found && !digits.MatchString(line[width.from:width.to]) {
		before := strings.TrimRight(line[:width.start], " \t")
		edits = append(edits, edit{part{len(before), width.end}, ""})
	}
	written, found := t.attribute("alt")
	text := `alt="` + html.EscapeString(alt) + `"`
	switch {
	case found && t.value(line, "alt") == alt:
	case found:
		edits = append(edits, edit{part{written.start, written.end}, text})
	default:
		edits = append(edits, edit{part{t.close, t.close}, " " + text})
	}
	return edits
}

var box = regexp.MustCompile(`(?s)<aside[^>]*>\n?(.*?)\n?</aside>`)

// boxesToQuotes turns info boxes into Markdown quotes.
func boxesToQuotes(text string) string {
	return box.ReplaceAllStringFunc(text, func(found string) string {
		return "> " + strings.ReplaceAll(strings.TrimSpace(box.FindStringSubmatch(found)[1]), "\n", "\n> ")
	})
}
