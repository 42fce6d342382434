package codelab

import (
	"html"
	"regexp"
	"strings"
)

// Image is a picture in the text.
type Image struct {
	Line  int // from 0
	Src   string
	Alt   string
	Width string // as written; empty for none
	HTML  bool   // written as an HTML element, not in Markdown
}

// Name returns the file name of a picture without folder and extension, such as "ok1".
func (i Image) Name() string {
	name := i.Src[strings.LastIndexByte(i.Src, '/')+1:]
	name, _, _ = strings.Cut(name, ".")
	return name
}

// Images lists the pictures in the text; it ignores code and comments.
func (d *Document) Images() (images []Image) {
	for i, line := range d.Lines {
		if !d.isText(i) {
			continue
		}
		for _, m := range d.markdownImages(i) {
			images = append(images, Image{Line: i, Alt: m.alt(line), Src: m.src(line)})
		}
		for _, tag := range imageTags(d.visible[i]) {
			images = append(images, Image{
				Line: i, Src: tag.value(line, "src"), Alt: tag.value(line, "alt"), Width: tag.value(line, "width"), HTML: true,
			})
		}
	}
	return images
}

// markdownImage matches ![alt](destination "title"). The destination may be in angle brackets, and then have spaces.
var markdownImage = regexp.MustCompile(`!\[([^\]]*)\]\(\s*(?:<([^<>]*)>|([^<)\s][^)\s]*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)`)

// markdownMatch has the positions of the parts of a picture in its line.
type markdownMatch []int

func (d *Document) markdownImages(line int) (list []markdownMatch) {
	for _, m := range markdownImage.FindAllStringSubmatchIndex(d.visible[line], -1) {
		list = append(list, m)
	}
	return list
}

func (m markdownMatch) alt(line string) string { return line[m[2]:m[3]] }

func (m markdownMatch) src(line string) string {
	if m[4] >= 0 {
		return line[m[4]:m[5]]
	}
	return line[m[6]:m[7]]
}

// imageTag is the element img of HTML in a line, by positions in that line.
type imageTag struct {
	attributes []tagAttribute
	close      int // of "/>" or ">"
}

// tagAttribute is an attribute as written. start and end enclose all of it, from and to its value without quotes.
type tagAttribute struct {
	name       string // in lower case
	start, end int
	from, to   int
}

// value returns the value of an attribute, or "". As in HTML, the first of several attributes of a name counts.
func (t imageTag) value(line, name string) string {
	if a, found := t.attribute(name); found {
		return html.UnescapeString(line[a.from:a.to])
	}
	return ""
}

func (t imageTag) attribute(name string) (tagAttribute, bool) {
	for _, a := range t.attributes {
		if a.name == name {
			return a, true
		}
	}
	return tagAttribute{}, false
}

var imageBegin = regexp.MustCompile(`(?i)<img[\s/]`)

// tagPart matches the next part of a tag: an attribute without value, or with a value in double quotes, in single quotes, or bare
// (HTML standard, section 13.1.2.3).
var tagPart = regexp.MustCompile(`^[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>` + "`" + `]+)))?`)

var tagEnd = regexp.MustCompile(`^\s*/?>`)

// imageTags finds the elements img in a line. A tag that does not end in the line, or is no HTML, is left out.
func imageTags(line string) (tags []imageTag) {
	for at := 0; at < len(line); { // until no further tag begins
		begin := imageBegin.FindStringIndex(line[at:])
		if begin == nil {
			return tags
		}
		at += begin[1] - 1
		if tag, ok := readTag(line, at); ok {
			tags, at = append(tags, tag), tag.close
		}
	}
	return tags
}

// readTag reads the attributes of a tag from a position on. ok is false if the tag has anything else, or no end.
func readTag(line string, at int) (tag imageTag, ok bool) {
	for { // until the tag ends, or a part is not understood
		if end := tagEnd.FindStringIndex(line[at:]); end != nil {
			tag.close = at
			return tag, true
		}
		m := tagPart.FindStringSubmatchIndex(line[at:])
		if m == nil {
			return tag, false
		}
		a := tagAttribute{name: strings.ToLower(line[at+m[2] : at+m[3]]), start: at + m[2], end: at + m[1]}
		for group := 4; group < len(m); group += 2 {
			if m[group] >= 0 {
				a.from, a.to = at+m[group], at+m[group+1]
			}
		}
		tag.attributes = append(tag.attributes, a)
		at += m[1]
	}
}
