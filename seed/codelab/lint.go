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

// Finding is something wrong with a guide.
type Finding struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// String gives a finding as compilers do: file:line: rule: text.
func (f Finding) String() string { return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Text) }

// linter collects findings.
type linter struct {
	*Document
	findings []Finding
}

// add notes a finding on a line, from 0.
func (l *linter) add(line int, rule, format string, args ...any) {
	l.findings = append(l.findings, Finding{l.File, line + 1, rule, fmt.Sprintf(format, args...)})
}

// Lint finds what is wrong with a guide: what the codelab format drops or mangles (codelab.md section 2), and what readers
// stumble over. pictures is where the guide's folder is, to look for missing and orphaned ones; nil looks for none.
func Lint(d *Document, pictures fs.FS) []Finding {
	l := &linter{Document: d}
	for _, rule := range []func(){l.metadata, l.headings, l.paragraphs, l.images, l.boxes, l.backticks, l.leftovers, l.passwords, l.names, l.order, l.steps} {
		rule()
	}
	if pictures != nil {
		l.files(pictures)
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int { return cmp.Or(a.Line-b.Line, strings.Compare(a.Rule, b.Rule)) })
	return l.findings
}

// knownMeta are the metadata keys that claat understands.
var knownMeta = strings.Split("id,authors,summary,categories,environments,status,feedback link,analytics account,analytics ga4 account,tags,source,duration", ",")

func (l *linter) metadata() {
	values, lines := l.Meta()
	if values["id"] == "" {
		l.add(0, "id-missing", "The metadata has no id, without which the guide is not exported.")
	}
	for key, line := range lines {
		switch {
		case key == "author":
			l.add(line, "meta-author-singular", "The key is “authors”; “author” is dropped.")
		case !slices.Contains(knownMeta, key):
			l.add(line, "meta-unknown-key", "“%s” is no metadata key of the codelab format and is dropped.", key)
		}
	}
}

var (
	heading  = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*\s*$`)
	duration = regexp.MustCompile(`^Duration:\s*\d{1,3}(:\d{2}){0,2}\s*$`)
)

func (l *linter) headings() {
	before := 0
	for i, line := range l.Lines {
		m := heading.FindStringSubmatch(strings.TrimLeft(line, " "))
		if m == nil || l.kinds[i] != prose {
			continue
		}
		level := len(m[1])
		if before > 0 && level > before+1 {
			l.add(i, "heading-level-jump", "A heading of level %d follows one of level %d.", level, before)
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
			l.add(i, "duration-missing", "The section “%s” has no “Duration: minutes” on the line under its heading; it counts as 0.", plain(m[2]))
		case i+2 < len(l.Lines) && strings.HasPrefix(strings.TrimSpace(l.Lines[i+2]), "Environment:"):
			l.add(i+2, "duration-environment-glued", "“Environment:” right under “Duration:” is misread with it; put an empty line between them.")
		}
	}
}

// plain takes Markdown's marks off a heading.
func plain(text string) string { return strings.Trim(text, "*_` ") }

func (l *linter) paragraphs() {
	for i, line := range l.Lines {
		if l.kinds[i] != prose || i == 0 || strings.TrimSpace(l.Lines[i-1]) != "" {
			continue
		}
		for _, word := range []string{"Environment:", "Duration:"} {
			if strings.HasPrefix(strings.TrimSpace(line), word) {
				l.add(i, "paragraph-looks-like-metadata", "A paragraph that begins with “%s” is taken for metadata and is lost, or takes its section with it.", word)
			}
		}
	}
}

var digits = regexp.MustCompile(`^\d+$`)

// decoration are pictures that every guide of a family repeats; they carry no meaning of their own.
func decoration(i Image) bool {
	return strings.Contains(i.Name(), "footer") || slices.Contains([]string{"twitter", "linkedin", "facebook"}, i.Name())
}

func (l *linter) images() {
	first := map[string]int{}
	for _, image := range l.Images() {
		if decoration(image) {
			continue
		}
		name := image.Name()
		if line, twice := first[name]; twice {
			l.add(image.Line, "image-twice", "The picture %s is already in line %d; one of the two is another picture, or needless.", name, line+1)
		} else {
			first[name] = image.Line
		}
		if image.Width != "" && !digits.MatchString(image.Width) {
			l.add(image.Line, "image-width-not-number", "width=%q is no plain number; the picture %s is dropped without a word.", image.Width, name)
		}
		switch {
		case strings.TrimSpace(image.Alt) == "":
			l.add(image.Line, "image-alt-missing", "The picture %s has no alternative text.", name)
		case strings.Contains(image.Alt, "://"):
			l.add(image.Line, "alt-has-url", "The alternative text of %s holds an address, which drops the picture.", name)
		case strings.Contains(image.Alt, `"`):
			l.add(image.Line, "alt-has-quotes", "The alternative text of %s holds double quotes, which come out doubled.", name)
		}
	}
}

var asideTag = regexp.MustCompile(`<aside\s+class\s*=\s*"([^"]*)"`)

func (l *linter) boxes() {
	for i, line := range l.Lines {
		text := strings.TrimSpace(line)
		if m := asideTag.FindStringSubmatch(text); m != nil && m[1] != "positive" && m[1] != "negative" {
			l.add(i, "aside-class-unknown", "The info box has the class %q; there are positive and negative.", m[1])
		}
		if l.kinds[i] == aside && i > 0 && strings.HasPrefix(strings.TrimSpace(l.Lines[i-1]), "<aside") && strings.Contains(text, "`") {
			l.add(i, "markdown-in-html-block", "Markdown right after <aside> is not rendered: its back-ticks stay as they are. Leave an empty line.")
		}
		if l.kinds[i] == prose && strings.HasPrefix(text, "<details") {
			l.add(i, "details-flattened", "<details> loses its fold: what it hides is shown.")
		}
		if l.kinds[i] == prose && strings.HasPrefix(text, ": ") && i > 0 && (strings.TrimSpace(l.Lines[i-1]) == "Positive" || strings.TrimSpace(l.Lines[i-1]) == "Negative") {
			l.add(i-1, "dl-infobox-dead", "This form of info box is no longer recognised and is printed as it stands.")
		}
	}
}

func (l *linter) backticks() {
	for i, line := range l.Lines {
		if l.kinds[i] == code || l.kinds[i] == comment || strings.HasPrefix(strings.TrimSpace(line), "```") {
			continue
		}
		if strings.Count(line, "`")%2 != 0 {
			at := strings.LastIndex(line, "`")
			if first := strings.Index(line, "`"); strings.Count(line, "`") > 1 && unclosed(line) >= 0 {
				at = unclosed(line)
			} else if strings.Count(line, "`") == 1 {
				at = first
			}
			l.add(i, "backtick-unbalanced", "A back-tick is not closed: %s", excerpt(line[at:]))
		}
	}
}

// unclosed finds the back-tick that opens a code span which holds a whole sentence: the likely place of the mistake.
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

// excerpt is the beginning of a text, for a message.
func excerpt(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return text
}

// leftover are words with which authors remind themselves, and sentences of a template that nobody has filled in.
var leftover = regexp.MustCompile(`(?i)(\bINSERT (AN? |FINAL )?(IMAGE|WORKFLOW)\b|\bSTOPPED HERE\b|\bTODO\b|\bFIXME\b|\bTBD\b|lorem ipsum|provides all the common Markup|trying to create QS content|How to apply Sigma approved Markdown|good example of the Sigma style|In this lab we learned how to\.{3,})`)

func (l *linter) leftovers() {
	for i, line := range l.Lines {
		if l.kinds[i] == code || l.kinds[i] == comment {
			continue
		}
		if m := leftover.FindString(line); m != "" {
			l.add(i, "leftover-instruction", "An instruction to the author was left in the text: %s", excerpt(strings.TrimSpace(line)))
		}
	}
}

var samePassword = regexp.MustCompile(`(?i)\buse (the|your) same password\b`)

func (l *linter) passwords() {
	for i, line := range l.Lines {
		if l.kinds[i] != code && l.kinds[i] != comment && samePassword.MatchString(line) {
			l.add(i, "password-advice", "Readers are told to use a password again that they have elsewhere.")
		}
	}
}

// files compares the pictures that the text names with those that are there.
func (l *linter) files(pictures fs.FS) {
	named := map[string]bool{}
	for _, image := range l.Images() {
		if strings.Contains(image.Src, "://") {
			continue
		}
		file := path.Clean(image.Src)
		named[file] = true
		if _, err := fs.Stat(pictures, file); err != nil {
			l.add(image.Line, "image-missing", "There is no file %s.", image.Src)
		}
	}
	_ = fs.WalkDir(pictures, ".", func(file string, entry fs.DirEntry, err error) error { // a folder that cannot be read has no orphans
		if err == nil && !entry.IsDir() && slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".svg"}, path.Ext(file)) && !named[file] {
			l.add(0, "image-orphan", "The text does not show %s.", file)
		}
		return nil
	})
}
