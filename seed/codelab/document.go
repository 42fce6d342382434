// Package guide is a guide as a text: it finds what is wrong with it, and exports it for readers elsewhere.
//
// The format is Google's codelab Markdown (../shared/spec/codelab.md), with script comments.
package codelab

import (
	"regexp"
	"strings"
)

// Document is a guide, line by line. Joining the lines gives the source back.
type Document struct {
	File  string
	Lines []string
	kinds []kind // of each line
}

// kind says what a line is part of.
type kind int

const (
	prose   kind = iota
	comment      // HTML comment
	code         // fenced code
	aside        // HTML info box, with its tags
)

// Read cuts a source into lines and notes what each is part of.
func Read(file, source string) *Document {
	d := &Document{File: file, Lines: strings.Split(source, "\n")}
	d.kinds = make([]kind, len(d.Lines))
	now := prose
	for i, line := range d.Lines {
		text := strings.TrimSpace(line)
		switch now {
		case prose:
			switch {
			case strings.HasPrefix(text, "```"):
				now = code
			case strings.HasPrefix(text, "<!--"):
				now = comment
			case strings.HasPrefix(text, "<aside"):
				now = aside
			}
			d.kinds[i] = now
			if now == comment && strings.Contains(text, "-->") || now == aside && strings.Contains(text, "</aside>") {
				now = prose
			}
		case comment:
			d.kinds[i] = comment
			if strings.Contains(text, "-->") {
				now = prose
			}
		case code:
			d.kinds[i] = code
			if strings.HasPrefix(text, "```") {
				now = prose
			}
		case aside:
			d.kinds[i] = aside
			if strings.Contains(text, "</aside>") {
				now = prose
			}
		}
	}
	return d
}

// Source is the text as it was read.
func (d *Document) Source() string { return strings.Join(d.Lines, "\n") }

// Meta gives the metadata: the lines of the first paragraph, by key, with the line (from 0) that each is on.
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
	Width string // as written; empty when it is not
	HTML  bool
}

var (
	markdownImage = regexp.MustCompile(`!\[([^\]]*)\]\(\s*([^)\s]+)(?:\s+"[^"]*")?\s*\)`)
	htmlImage     = regexp.MustCompile(`<img\s[^>]*>`)
	attribute     = regexp.MustCompile(`(\w+)\s*=\s*"([^"]*)"`)
)

// Images lists the pictures outside of code and comments.
func (d *Document) Images() (images []Image) {
	for i, line := range d.Lines {
		if d.kinds[i] == code || d.kinds[i] == comment {
			continue
		}
		for _, m := range markdownImage.FindAllStringSubmatch(line, -1) {
			images = append(images, Image{Line: i, Alt: m[1], Src: m[2]})
		}
		for _, tag := range htmlImage.FindAllString(line, -1) {
			image := Image{Line: i, HTML: true}
			for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
				switch strings.ToLower(a[1]) {
				case "src":
					image.Src = a[2]
				case "alt":
					image.Alt = a[2]
				case "width":
					image.Width = a[2]
				}
			}
			images = append(images, image)
		}
	}
	return images
}

// Name is a picture's file name without folder and ending: "ok1".
func (i Image) Name() string {
	name := i.Src[strings.LastIndexByte(i.Src, '/')+1:]
	name, _, _ = strings.Cut(name, ".")
	return name
}
