package script

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"understudy/seed/base/textlimit"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Error is a mistake in a guide file.
type Error struct {
	File string
	Line int // 1 is the first
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text) }

// metaKeys are the metadata keys that claat reads, Google's tool for the codelab format (googlecodelabs/tools).
var metaKeys = map[string]bool{
	"id": true, "authors": true, "summary": true, "categories": true, "environments": true, "status": true,
	"feedback link": true, "analytics account": true, "analytics ga4 account": true, "tags": true, "source": true,
	"duration": true,
}

// Parse reads a guide: codelab Markdown with <!-- script … --> comments. file is only for messages. Every error is an
// [*Error] with the line of the mistake.
func Parse(file string, source []byte) (*Script, error) {
	if exceeded := textlimit.Markdown(source); exceeded != nil {
		return nil, &Error{File: file, Line: exceeded.Line, Text: exceeded.Text}
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table))
	document := markdown.Parser().Parse(text.NewReader(source))
	r := &reader{
		file: file, source: source,
		script: &Script{File: file, Meta: map[string]string{}, Vars: map[string]map[string]string{}},
		steps:  map[string]int{},
	}
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		if err := r.block(node); err != nil {
			return nil, err
		}
	}
	if err := r.finish(document); err != nil {
		return nil, err
	}
	return r.script, nil
}

// environment matches the environments of a section. claat hides the section in others.
var environment = regexp.MustCompile(`^Environment:[ \t]*[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*[ \t]*\n?$`)

// noDuration is the message for content between a section's heading and its duration.
const noDuration = "expected the Duration: line of the section first"

// reader builds a script from the blocks of one Markdown document.
type reader struct {
	file   string
	source []byte
	script *Script
	steps  map[string]int // step ID → line

	needDuration bool // the next block must be the section's duration
	durationRead bool // the next block may be the section's environments, which claat reads
	textFrom     int  // byte at which the text after the last part begins
}

func (r *reader) errorf(line int, format string, args ...any) error {
	return &Error{File: r.file, Line: line, Text: fmt.Sprintf(format, args...)}
}

// start is the byte at which a block begins in the source, -1 when the block has no source.
func (r *reader) start(node ast.Node) int {
	if node.Type() == ast.TypeBlock && node.Lines() != nil && node.Lines().Len() > 0 {
		return node.Lines().At(0).Start
	}
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			return t.Segment.Start
		}
		if at := r.start(child); at >= 0 {
			return at
		}
	}
	return -1
}

// line is the line that holds a byte of the source.
func (r *reader) line(offset int) int {
	if offset < 0 {
		return 1
	}
	return 1 + bytes.Count(r.source[:min(offset, len(r.source))], []byte("\n"))
}

// lineStart is the first byte of the line that holds a byte of the source.
func (r *reader) lineStart(offset int) int {
	return 1 + bytes.LastIndexByte(r.source[:max(0, min(offset, len(r.source)))], '\n')
}

// block reads one top-level block of the document.
func (r *reader) block(node ast.Node) error {
	mayBeEnvironment := r.durationRead
	if _, isHTML := node.(*ast.HTMLBlock); !isHTML { // comments may stand between
		r.durationRead = false
	}
	switch n := node.(type) {
	case *ast.Heading:
		return r.heading(n)
	case *ast.Paragraph:
		if mayBeEnvironment && environment.Match(n.Lines().Value(r.source)) {
			r.textFrom = n.Lines().At(0).Stop
			return nil
		}
		return r.paragraph(n)
	case *ast.HTMLBlock:
		if body, ok := r.scriptComment(n); ok {
			return r.comment(n, body)
		}
	}
	if r.needDuration {
		return r.errorf(r.line(r.start(node)), noDuration)
	}
	return r.rejectNested(node)
}

// rejectNested returns an error for a script comment inside a list, a quote, a sentence or other HTML. Such a comment
// cannot become a separate part, so its step would be lost.
func (r *reader) rejectNested(node ast.Node) error {
	return ast.Walk(node, func(child ast.Node, entering bool) (ast.WalkStatus, error) {
		var html span
		switch n := child.(type) {
		case *ast.HTMLBlock:
			html = extent(n)
		case *ast.RawHTML:
			if n.Segments.Len() > 0 {
				html = span{n.Segments.At(0).Start, n.Segments.At(n.Segments.Len() - 1).Stop}
			}
		default:
			return ast.WalkContinue, nil
		}
		// The comment may follow other HTML in the same block, such as an opening <aside>.
		for from := html.from; entering && from < html.to; from++ {
			if bytes.HasPrefix(r.source[from:html.to], []byte("<!--")) && isScriptComment(string(r.source[from:html.to])) {
				return ast.WalkStop, r.errorf(r.line(from),
					"expected the script comment on separate lines, not inside a list, a quote, a sentence or other HTML")
			}
		}
		return ast.WalkContinue, nil
	})
}

// heading reads a title (level 1) or starts a section (level 2). Other levels are text.
func (r *reader) heading(n *ast.Heading) error {
	from := r.start(n)
	line := r.line(from)
	if r.needDuration {
		return r.errorf(line, "the section before this heading has no Duration: line")
	}
	title := plainText(n, r.source)
	switch {
	case n.Level == 1 && r.script.Title != "":
		return r.errorf(line, "the file has a second title: expected one first-level heading")
	case n.Level == 1:
		r.script.Title = title
	case n.Level == 2:
		r.cut(r.lineStart(from))
		r.script.Sections = append(r.script.Sections, Section{Title: title, Line: line})
		r.needDuration = true
	}
	return nil
}

// paragraph reads metadata before the title, the duration after the heading of a section, and otherwise text.
func (r *reader) paragraph(n *ast.Paragraph) error {
	if err := r.rejectNested(n); err != nil {
		return err
	}
	first := n.Lines().At(0)
	line := r.line(first.Start)
	content := string(first.Value(r.source))
	switch {
	case r.needDuration:
		return r.duration(n, line, content)
	case r.script.Title == "" && len(r.script.Sections) == 0:
		return r.meta(n)
	case strings.HasPrefix(content, "Duration:"), strings.HasPrefix(content, "Environment:"):
		// claat reads such a paragraph as the duration or the environments of the section and leaves it out of the text.
		word := strings.SplitAfter(content, ":")[0]
		return r.errorf(line, "a paragraph must not begin with %q here: begin it with another word", word)
	}
	return nil
}

// duration reads the one line after the heading of a section. Text in the same paragraph would be lost in claat.
func (r *reader) duration(n *ast.Paragraph, line int, content string) error {
	value, found := strings.CutPrefix(strings.TrimSpace(content), "Duration:")
	if !found || n.Lines().Len() != 1 {
		return r.errorf(line, "expected one line “Duration: minutes” and a blank line after it")
	}
	length, err := parseDuration(strings.TrimSpace(value))
	if err != nil {
		return r.errorf(line, "%v", err)
	}
	r.section().Duration = length
	r.needDuration, r.durationRead = false, true
	r.textFrom = n.Lines().At(0).Stop
	return nil
}

// meta reads metadata lines. An unknown key is an error, because claat drops it without a message.
func (r *reader) meta(n *ast.Paragraph) error {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		key, value, found := strings.Cut(string(segment.Value(r.source)), ":")
		key = strings.ToLower(strings.TrimSpace(key))
		line := r.line(segment.Start)
		if !found {
			return r.errorf(line, "expected metadata in the form key: value")
		}
		if !metaKeys[key] {
			return r.errorf(line, "unknown metadata key %q: expected a key of the codelab format, such as id or summary", key)
		}
		r.script.Meta[key] = strings.TrimSpace(value)
	}
	return nil
}

// isScriptComment reports whether HTML begins with a script comment.
func isScriptComment(html string) bool {
	rest, found := strings.CutPrefix(strings.TrimSpace(html), "<!--")
	if !found {
		return false
	}
	rest, found = strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "script")
	return found && (rest == "" || strings.ContainsRune(" \t\r\n", rune(rest[0])) || strings.HasPrefix(rest, "-->"))
}

// span is a piece of the source, in bytes: from inclusive, to exclusive.
type span struct{ from, to int }

// extent is the source of an HTML block, including its closing line.
func extent(n *ast.HTMLBlock) span {
	if n.Lines().Len() == 0 {
		return span{}
	}
	place := span{n.Lines().At(0).Start, n.Lines().At(n.Lines().Len() - 1).Stop}
	if n.HasClosure() {
		place.to = max(place.to, n.ClosureLine.Stop)
	}
	return place
}

// scriptComment returns the span from a script comment's YAML to the end of its block; false for other HTML.
func (r *reader) scriptComment(n *ast.HTMLBlock) (span, bool) {
	place := extent(n)
	if !isScriptComment(string(r.source[place.from:place.to])) {
		return span{}, false
	}
	place.from += bytes.Index(r.source[place.from:place.to], []byte("script")) + len("script")
	return place, true
}

// comment reads a script comment: variables before the first section, a step after it.
func (r *reader) comment(n *ast.HTMLBlock, body span) error {
	line := r.line(body.from)
	end := bytes.Index(r.source[body.from:body.to], []byte("-->"))
	if end < 0 {
		return r.errorf(line, "the script comment is not closed: expected -->")
	}
	yaml := string(r.source[body.from : body.from+end])
	after := body.from + end + len("-->")
	if rest := strings.TrimSpace(string(r.source[after:body.to])); rest != "" {
		return r.errorf(r.line(after), "expected nothing after --> on the same line")
	}
	if r.needDuration {
		return r.errorf(line, noDuration)
	}
	if len(r.script.Sections) == 0 {
		return r.parseVars(yaml, line)
	}
	step, err := r.parseStep(yaml, line)
	if err != nil {
		return err
	}
	if before, twice := r.steps[step.ID]; twice {
		return r.errorf(step.Line, "step %s is already defined in line %d", step.ID, before)
	}
	r.steps[step.ID] = step.Line
	r.cut(r.lineStart(n.Lines().At(0).Start))
	r.section().Parts = append(r.section().Parts, Part{Step: step})
	r.textFrom = body.to
	return nil
}

// section is the current section; there must be one.
func (r *reader) section() *Section { return &r.script.Sections[len(r.script.Sections)-1] }

// cut ends the current text at offset and appends it as a part, unless it is blank.
func (r *reader) cut(offset int) {
	if len(r.script.Sections) > 0 && offset > r.textFrom {
		if markdown := string(r.source[r.textFrom:offset]); strings.TrimSpace(markdown) != "" {
			r.section().Parts = append(r.section().Parts, Part{Markdown: strings.Trim(markdown, "\n") + "\n"})
		}
	}
	r.textFrom = offset
}

// finish checks the document as a whole.
func (r *reader) finish(document ast.Node) error {
	last := r.line(len(r.source))
	switch {
	case r.needDuration:
		return r.errorf(last, "the last section has no Duration: line")
	case r.script.Title == "":
		return r.errorf(1, "the file has no title: expected a first-level heading (# Title)")
	case r.script.Meta["id"] == "":
		return r.errorf(1, "the metadata has no id: expected a line id: name before the title")
	}
	r.cut(len(r.source))
	if err := r.checkPictures(); err != nil {
		return err
	}
	return r.checkVariables()
}

// parseDuration reads M, M:SS or H:MM:SS.
func parseDuration(value string) (time.Duration, error) {
	wrong := fmt.Errorf("invalid duration %q: expected M, M:SS or H:MM:SS", value)
	parts := strings.Split(value, ":")
	units := map[int][]time.Duration{
		1: {time.Minute}, 2: {time.Minute, time.Second}, 3: {time.Hour, time.Minute, time.Second},
	}[len(parts)]
	if units == nil {
		return 0, wrong
	}
	var total time.Duration
	for i, part := range parts {
		if part == "" || len(part) > 4 || strings.Trim(part, "0123456789") != "" {
			return 0, wrong
		}
		number := 0
		for _, digit := range part {
			number = number*10 + int(digit-'0')
		}
		total += time.Duration(number) * units[i]
	}
	return total, nil
}

// plainText is the text of inline nodes without emphasis, links and other markup.
func plainText(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(child ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := child.(type) {
			case *ast.Text:
				b.Write(n.Segment.Value(source))
				if n.SoftLineBreak() {
					b.WriteByte(' ')
				}
			case *ast.String:
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return fold(b.String())
}
