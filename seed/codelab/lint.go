package codelab

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Finding is a problem in the text of a guide.
type Finding struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// String formats a finding like a message of a compiler: "file:line: rule: text".
func (f Finding) String() string { return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Text) }

// linter collects findings.
type linter struct {
	*Document
	findings []Finding
}

// add adds a finding on a line, counted from 0.
func (l *linter) add(line int, rule, format string, args ...any) {
	l.findings = append(l.findings, Finding{l.File, line + 1, rule, fmt.Sprintf(format, args...)})
}

// Lint finds problems in a guide: text that claat drops or misreads, and text that misleads readers. pictures is the folder
// of the guide; Lint looks there for missing and unused pictures, unless it is nil. Findings are sorted by line.
func Lint(d *Document, pictures fs.FS) []Finding {
	l := &linter{Document: d}
	for _, rule := range []func(){
		l.metadata, l.headings, l.paragraphs, l.images, l.boxes, l.backticks, l.leftovers, l.passwords,
		l.names, l.forwardReferences, l.steps, l.slips, l.lists, l.copies, l.rollUp,
	} {
		rule()
	}
	if pictures != nil {
		l.files(pictures)
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(a.Line-b.Line, strings.Compare(a.Rule, b.Rule))
	})
	return l.findings
}

// knownMeta lists the metadata keys that claat reads.
var knownMeta = []string{
	"id", "authors", "summary", "categories", "environments", "status", "feedback link", "analytics account",
	"analytics ga4 account", "tags", "source", "duration",
}

// metadata finds keys that claat drops, and a missing id.
func (l *linter) metadata() {
	values, lines := l.Meta()
	if values["id"] == "" {
		l.add(0, "id-missing", "The metadata has no id. Without an id, claat does not export the guide.")
	}
	for key, line := range lines {
		switch {
		case key == "author":
			l.add(line, "meta-author-singular", "claat ignores the metadata key “author”. Use “authors”.")
		case !slices.Contains(knownMeta, key):
			l.add(line, "meta-unknown-key", "claat ignores the metadata key “%s”.", key)
		}
	}
}

var (
	heading     = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*\s*$`)
	environment = regexp.MustCompile(`^Environment:[ \t]*[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*$`)

	duration = regexp.MustCompile(`^Duration:\s*\d{1,3}(:\d{2}){0,2}\s*$`)
)

// headings finds skipped levels, and sections without a readable duration.
func (l *linter) headings() {
	before := 0
	for i, line := range l.Lines {
		m := heading.FindStringSubmatch(strings.TrimLeft(line, " "))
		if m == nil || l.kinds[i] != prose {
			continue
		}
		level := len(m[1])
		if before > 0 && level > before+1 {
			l.add(i, "heading-level-jump", "A heading of level %d follows a heading of level %d.", level, before)
		}
		before = level
		if level != 2 {
			continue
		}
		next := ""
		if i+1 < len(l.Lines) {
			next = strings.TrimSpace(l.Lines[i+1])
		}
		switch {
		case !duration.MatchString(next):
			l.add(i, "duration-missing", "The line after the heading “%s” is not “Duration: minutes”. "+
				"claat counts the section as 0 minutes.", plain(m[2]))
		case i+2 < len(l.Lines) && strings.HasPrefix(strings.TrimSpace(l.Lines[i+2]), "Environment:"):
			l.add(i+2, "duration-environment-glued", "claat reads “Duration:” and “Environment:” as one paragraph. "+
				"Put an empty line between them.")
		}
	}
}

// plain removes the Markdown marks around a heading.
func plain(text string) string { return strings.Trim(text, "*_` ") }

// paragraphs finds text that claat reads as metadata. A line directly after a heading is metadata, not text.
func (l *linter) paragraphs() {
	for i, line := range l.Lines {
		if l.kinds[i] != prose || i == 0 || strings.TrimSpace(l.Lines[i-1]) != "" {
			continue
		}
		for _, word := range []string{"Environment:", "Duration:"} {
			if strings.HasPrefix(strings.TrimSpace(line), word) {
				l.add(i, "paragraph-looks-like-metadata", "claat reads a paragraph that begins with “%s” as metadata. "+
					"It drops the paragraph or the whole section.", word)
			}
		}
	}
}

var digits = regexp.MustCompile(`^\d+$`)

// isDecoration reports whether a picture has no meaning: footers and logos, which each guide repeats.
func isDecoration(i Image) bool {
	return strings.Contains(i.Name(), "footer") || slices.Contains([]string{"twitter", "linkedin", "facebook"}, i.Name())
}

// images finds pictures that claat drops, that readers cannot understand without seeing them, or that occur twice.
func (l *linter) images() {
	first := map[string]int{} // line of the first use, by picture name
	for _, image := range l.Images() {
		if isDecoration(image) {
			continue
		}
		name := image.Name()
		if line, twice := first[name]; twice {
			l.add(image.Line, "image-twice", "The picture %s is also on line %d. Use another picture or remove one.", name, line+1)
		} else {
			first[name] = image.Line
		}
		if image.Width != "" && !digits.MatchString(image.Width) {
			l.add(image.Line, "image-width-not-number", "claat drops the picture %s, because width=%q is not a number.", name, image.Width)
		}
		switch {
		case strings.TrimSpace(image.Alt) == "":
			l.add(image.Line, "image-alt-missing", "The picture %s has no alternative text.", name)
		case strings.Contains(image.Alt, "://"):
			l.add(image.Line, "alt-has-url", "claat drops the picture %s, because its alternative text contains a URL.", name)
		case strings.Contains(image.Alt, `"`):
			l.add(image.Line, "alt-has-quotes", "claat escapes the double quotes in the alternative text of %s twice.", name)
		}
	}
}

var asideTag = regexp.MustCompile(`<aside\s+class\s*=\s*"([^"]*)"`)

// boxes finds info boxes and collapsible text that claat does not render as the author intends.
func (l *linter) boxes() {
	for i, line := range l.Lines {
		text := strings.TrimSpace(line)
		previous := ""
		if i > 0 {
			previous = strings.TrimSpace(l.Lines[i-1])
		}
		if m := asideTag.FindStringSubmatch(text); m != nil && m[1] != "positive" && m[1] != "negative" {
			l.add(i, "aside-class-unknown", "The info box has the class %q. Use positive or negative.", m[1])
		}
		if l.kinds[i] == aside && strings.HasPrefix(previous, "<aside") && strings.Contains(text, "`") {
			l.add(i, "markdown-in-html-block", "claat does not render Markdown directly after <aside>. "+
				"Put an empty line before the text with backticks.")
		}
		if l.kinds[i] == prose && strings.HasPrefix(text, "<details") {
			l.add(i, "details-flattened", "claat does not support <details>. Readers always see its content.")
		}
		if l.kinds[i] == prose && strings.HasPrefix(text, ": ") && (previous == "Positive" || previous == "Negative") {
			l.add(i-1, "dl-infobox-dead", "claat no longer supports this form of info box. Use <aside class=\"positive\">.")
		}
	}
}

// backticks finds lines with an odd number of backticks. A code span must end on its line.
func (l *linter) backticks() {
	for i := range l.Lines {
		if !l.isText(i) {
			continue
		}
		line := l.withoutComments(i)
		n := strings.Count(line, "`")
		if n%2 == 0 {
			continue
		}
		at := strings.LastIndex(line, "`")
		if open := unclosed(line); n > 1 && open >= 0 {
			at = open
		}
		l.add(i, "backtick-unbalanced", "A backtick is not closed: %s", excerpt(line[at:]))
	}
}

// unclosed returns the position of the backtick that is probably not closed: the one before a code span of more than five
// words, or the last one. It returns -1 when there is none.
func unclosed(line string) int {
	for at := 0; ; {
		open := strings.IndexByte(line[at:], '`')
		if open < 0 {
			return -1
		}
		open += at
		end := strings.IndexByte(line[open+1:], '`')
		if end < 0 || len(strings.Fields(line[open+1:open+1+end])) > 5 {
			return open
		}
		at = open + end + 2
	}
}

// excerpt shortens a text to 60 characters for a message.
func excerpt(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return text
}

// leftover matches notes of an author, and sentences of a template that the author did not replace.
var leftover = regexp.MustCompile(`(?i)(\bINSERT (AN? |FINAL )?(IMAGE|WORKFLOW)\b|\bSTOPPED HERE\b` +
	`|\bTODO\b|\bFIXME\b|\bTBD\b|lorem ipsum|provides all the common Markup|trying to create QS content` +
	`|How to apply Sigma approved Markdown|good example of the Sigma style|In this lab we learned how to\.{3,})`)

// leftovers finds notes and template sentences in the text. It ignores comments, which may contain notes.
func (l *linter) leftovers() {
	for i := range l.Lines {
		if line := l.withoutComments(i); l.isText(i) && leftover.MatchString(line) {
			l.add(i, "leftover-instruction", "The text contains a note to the author: %s", excerpt(strings.TrimSpace(line)))
		}
	}
}

var samePassword = regexp.MustCompile(`(?i)\buse (the|your) same password\b`)

// passwords finds advice to reuse a password, which training material must not give.
func (l *linter) passwords() {
	for i := range l.Lines {
		if l.isText(i) && samePassword.MatchString(l.withoutComments(i)) {
			l.add(i, "password-advice", "The text tells readers to reuse a password.")
		}
	}
}

// files compares the pictures that the text names with the files in a folder.
func (l *linter) files(pictures fs.FS) {
	named := map[string]bool{}
	for _, image := range l.Images() {
		if strings.Contains(image.Src, "://") {
			continue
		}
		file := path.Clean(image.Src)
		named[file] = true
		if _, err := fs.Stat(pictures, file); err != nil {
			l.add(image.Line, "image-missing", "The file %s does not exist.", image.Src)
		}
	}
	extensions := []string{".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}
	// A folder that cannot be read has no unused pictures: the missing ones are reported above.
	_ = fs.WalkDir(pictures, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains(extensions, path.Ext(file)) && !named[file] {
			l.add(0, "image-orphan", "The text does not show the picture %s.", file)
		}
		return nil
	})
}
