package codelab

import (
	"regexp"
	"strings"
)

// Document is the text of a guide, as lines. The lines joined with "\n" are the source.
type Document struct {
	File  string
	Lines []string
	kinds []kind // of each line
}

// kind tells to what a line belongs.
type kind int

const (
	prose   kind = iota
	comment      // HTML comment
	code         // fenced code block
	aside        // info box: an HTML element aside, with its tags
)

// scriptMarker begins an HTML comment that contains a script.
const scriptMarker = "<!-- script"

// Read splits a source into lines and classifies each line. file is the name that findings show.
func Read(file, source string) *Document {
	d := &Document{File: file, Lines: strings.Split(source, "\n")}
	d.kinds = make([]kind, len(d.Lines))
	now := prose
	for i, line := range d.Lines {
		text := strings.TrimSpace(line)
		begins := now == prose
		if begins {
			now = kindOf(text)
		}
		d.kinds[i] = now
		if ends(now, text, begins) {
			now = prose
		}
	}
	return d
}

// kindOf returns the kind of block that a line begins.
func kindOf(line string) kind {
	switch {
	case strings.HasPrefix(line, "```"):
		return code
	case strings.HasPrefix(line, "<!--"):
		return comment
	case strings.HasPrefix(line, "<aside"):
		return aside
	}
	return prose
}

// ends reports whether a line is the last one of its block. begins tells that it is also the first one.
func ends(k kind, line string, begins bool) bool {
	switch k {
	case code:
		return !begins && strings.HasPrefix(line, "```")
	case comment:
		return strings.Contains(line, "-->")
	case aside:
		return strings.Contains(line, "</aside>")
	}
	return false
}

// isText reports whether readers see a line as text: it is neither in a comment nor in a code block.
func (d *Document) isText(line int) bool { return d.kinds[line] != code && d.kinds[line] != comment }

// Source returns the text that was read.
func (d *Document) Source() string { return strings.Join(d.Lines, "\n") }

// Meta returns the metadata of the guide, which is its first paragraph: one "key: value" per line. It returns the values and
// the line of each, from 0, by key in lower case.
func (d *Document) Meta() (values map[string]string, lines map[string]int) {
	values, lines = map[string]string{}, map[string]int{}
	begun := false
	for i, line := range d.Lines {
		if strings.TrimSpace(line) == "" {
			if begun {
				break
			}
			continue
		}
		key, value, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, "#") {
			break
		}
		begun = true
		key = strings.ToLower(strings.TrimSpace(key))
		values[key], lines[key] = strings.TrimSpace(value), i
	}
	return values, lines
}

// Image is a picture in the text.
type Image struct {
	Line  int // from 0
	Src   string
	Alt   string
	Width string // as written; empty for none
	HTML  bool   // written as an HTML element, not in Markdown
}

var (
	markdownImage = regexp.MustCompile(`!\[([^\]]*)\]\(\s*([^)\s]+)(?:\s+"[^"]*")?\s*\)`)
	htmlImage     = regexp.MustCompile(`<img\s[^>]*>`)
	attribute     = regexp.MustCompile(`(\w+)\s*=\s*"([^"]*)"`)
)

// Images lists the pictures in the text; it ignores code blocks and comments.
func (d *Document) Images() (images []Image) {
	for i, line := range d.Lines {
		if !d.isText(i) {
			continue
		}
		for _, m := range markdownImage.FindAllStringSubmatch(line, -1) {
			images = append(images, Image{Line: i, Alt: m[1], Src: m[2]})
		}
		for _, tag := range htmlImage.FindAllString(line, -1) {
			a := attributes(tag)
			images = append(images, Image{Line: i, Src: a["src"], Alt: a["alt"], Width: a["width"], HTML: true})
		}
	}
	return images
}

// attributes returns the attributes of an HTML tag, by name in lower case.
func attributes(tag string) map[string]string {
	values := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
		values[strings.ToLower(a[1])] = a[2]
	}
	return values
}

// Name returns the file name of a picture without folder and extension, such as "ok1".
func (i Image) Name() string {
	name := i.Src[strings.LastIndexByte(i.Src, '/')+1:]
	name, _, _ = strings.Cut(name, ".")
	return name
}
