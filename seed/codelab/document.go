package codelab

import (
	"regexp"
	"strings"
)

// Document is the text of a guide, as lines. The lines joined with "\n" are the source.
type Document struct {
	File    string
	Lines   []string
	kinds   []kind // of each line
	inAside []bool // the line is in an info box, of whatever kind it is

	comments [][]part // of each line: the HTML comments in it
	visible  []string // each line with spaces in the place of comments and code spans, so that positions are those of the line
}

// kind tells to what a line belongs.
type kind int

const (
	prose   kind = iota
	comment      // nothing but HTML comments
	code         // fenced code block
	aside        // info box: an HTML element aside, with its tags
)

// part is a part of a line, from start to before end.
type part struct{ start, end int }

// scriptMarker begins an HTML comment that contains a script.
const scriptMarker = "<!-- script"

// Read splits a source into lines and classifies each line. file is the name that findings show.
func Read(file, source string) *Document {
	d := &Document{File: file, Lines: strings.Split(source, "\n")}
	var fence string // that the code block ends with; empty outside of code
	inComment, inAside := false, false
	for _, line := range d.Lines {
		k, text, comments, began := prose, line, []part(nil), ""
		if fence == "" && !inComment {
			began = fenceOf(line)
		}
		wasCommented := inComment
		switch {
		case fence != "":
			k = code
			if closes(line, fence) {
				fence = ""
			}
		case began != "":
			k, fence = code, began
		default:
			text, comments, inComment = mask(line, inComment)
		}
		if blank := strings.TrimSpace(text) == ""; k == prose && blank && (len(comments) > 0 || wasCommented) {
			k = comment
		}
		inBox := inAside
		if k == prose {
			inBox = inAside || strings.HasPrefix(strings.TrimSpace(text), "<aside")
			inAside = inBox && !strings.Contains(text, "</aside>")
			if inBox {
				k = aside
			}
		}
		d.kinds, d.inAside = append(d.kinds, k), append(d.inAside, inBox)
		d.visible, d.comments = append(d.visible, text), append(d.comments, comments)
	}
	return d
}

var fenceLine = regexp.MustCompile("^\\s*(`{3,}|~{3,})(.*)$")

// fenceOf returns the fence that begins a code block in a line, or "" (CommonMark 0.31.2, section 4.5).
func fenceOf(line string) string {
	m := fenceLine.FindStringSubmatch(line)
	if m == nil || m[1][0] == '`' && strings.Contains(m[2], "`") {
		return ""
	}
	return m[1]
}

// closes reports whether a line ends the code block of a fence: it has as many of the same characters, or more, and nothing else.
func closes(line, fence string) bool {
	text := strings.TrimSpace(line)
	return strings.HasPrefix(text, fence) && strings.Trim(text, fence[:1]) == ""
}

// mask replaces comments and code spans by spaces and returns the comments. inComment tells that the line begins in a comment;
// the result, that it ends in one.
func mask(line string, inComment bool) (text string, comments []part, ends bool) {
	out := []byte(line)
	hide := func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = ' '
		}
	}
	for at := 0; at < len(line) || inComment; { // until the end of the line
		if inComment {
			end := strings.Index(line[at:], "-->")
			if end < 0 {
				hide(at, len(line))
				return string(out), append(comments, part{at, len(line)}), true
			}
			end += at + len("-->")
			hide(at, end)
			comments, at, inComment = append(comments, part{at, end}), end, false
			continue
		}
		switch {
		case strings.HasPrefix(line[at:], "<!--"):
			inComment = true
		case line[at] == '`':
			n := len(line[at:]) - len(strings.TrimLeft(line[at:], "`"))
			to := at + n
			if end := closingBackticks(line[to:], n); end >= 0 {
				hide(at, to+end)
				to += end
			}
			at = to
		default:
			at++
		}
	}
	return string(out), comments, false
}

// closingBackticks returns the position after the first run of exactly n backticks, or -1.
func closingBackticks(text string, n int) int {
	for at := 0; at < len(text); { // until a run of n is found
		begin := strings.IndexByte(text[at:], '`')
		if begin < 0 {
			return -1
		}
		at += begin
		run := len(text[at:]) - len(strings.TrimLeft(text[at:], "`"))
		at += run
		if run == n {
			return at
		}
	}
	return -1
}

// isText reports whether readers see a line as text: it is neither in a comment nor in a code block.
func (d *Document) isText(line int) bool { return d.kinds[line] != code && d.kinds[line] != comment }

// withoutComments returns a line with spaces in the place of comments.
func (d *Document) withoutComments(line int) string {
	out := []byte(d.Lines[line])
	for _, c := range d.comments[line] {
		copy(out[c.start:c.end], strings.Repeat(" ", c.end-c.start))
	}
	return string(out)
}

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

// title returns the first heading of level 1 without marks, or the summary when the guide has none.
func (d *Document) title() string {
	for i, line := range d.Lines {
		if name, found := strings.CutPrefix(line, "# "); found && d.kinds[i] == prose {
			return plain(name)
		}
	}
	values, _ := d.Meta()
	return values["summary"]
}
