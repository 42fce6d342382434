package codelab

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	wordOnly    = regexp.MustCompile(`^\p{L}+$`)
	doubleSlash = regexp.MustCompile(`https?://[^\s)"'<>]*[^:/\s]//[^\s)"'<>]*`)
	listTag     = regexp.MustCompile(`(?i)<(/?)(li|ul|ol)\b`)
)

// mayRepeat lists words that a sentence may have twice in a row.
var mayRepeat = []string{"had", "that"}

// slips finds slips of the pen: a word twice in a row, an address with two slashes, and backticks with nothing in them.
func (l *linter) slips() {
	for i := range l.Lines {
		if !l.isText(i) {
			continue
		}
		text := l.visible[i]
		words := strings.Fields(l.withoutComments(i)) // with code spans, which stand between words
		for n := 1; n < len(words); n++ {
			word := strings.ToLower(words[n-1])
			if word == strings.ToLower(strings.TrimRight(words[n], ".,;:!?")) && wordOnly.MatchString(word) &&
				!slices.Contains(mayRepeat, word) {
				l.add(i, "repeated-word", "The word “%s” is written twice: “%s %s”.", words[n], words[n-1], words[n])
			}
		}
		if address := doubleSlash.FindString(text); address != "" {
			l.add(i, "address-double-slash", "The address %s has two slashes in its path.", address)
		}
		if strings.HasSuffix(strings.TrimRight(text, " "), "``") && strings.Count(text, "`") == 2 {
			l.add(i, "backtick-unbalanced", "Two backticks enclose nothing. Remove the backticks.")
		}
	}
}

// lists finds elements li, ul and ol that are closed without being open, or are never closed. A section closes all lists.
func (l *linter) lists() {
	var open []string
	for i := range l.Lines {
		if !l.isText(i) {
			continue
		}
		if heading.MatchString(l.Lines[i]) {
			open = nil
		}
		for _, m := range listTag.FindAllStringSubmatch(l.visible[i], -1) {
			name := strings.ToLower(m[2])
			switch {
			case m[1] == "":
				open = append(open, name)
			case len(open) > 0 && open[len(open)-1] == name:
				open = open[:len(open)-1]
			case slices.Contains(open, name):
				l.add(i, "html-unbalanced", "</%s> closes <%s>, which has no end tag.", name, open[len(open)-1])
				for open[len(open)-1] != name {
					open = open[:len(open)-1]
				}
				open = open[:len(open)-1]
			default:
				l.add(i, "html-unbalanced", "</%s> closes nothing.", name)
			}
		}
	}
}

// copies finds lines of more than eight words that the text has twice within one section.
func (l *linter) copies() {
	seen := map[string]int{}
	for i, line := range l.Lines {
		if heading.MatchString(line) {
			clear(seen)
		}
		text := strings.Join(strings.Fields(line), " ")
		if !l.isText(i) || len(strings.Fields(text)) <= 8 || len(l.markdownImages(i)) > 0 {
			continue
		}
		if first, twice := seen[text]; twice {
			l.add(i, "text-twice", "The text is a copy of line %d.", first+1)
			continue
		}
		seen[text] = i
	}
}

// rollUp replaces many findings about missing alternative texts by one.
func (l *linter) rollUp() {
	const rule, few = "image-alt-missing", 3
	var lines []string
	first := -1
	for i, f := range l.findings {
		if f.Rule == rule {
			lines = append(lines, fmt.Sprint(f.Line))
			if first < 0 {
				first = i
			}
		}
	}
	if len(lines) <= few {
		return
	}
	l.findings[first].Text = fmt.Sprintf("%d pictures have no alternative text, on the lines %s.", len(lines), strings.Join(lines, ", "))
	keep := l.findings[first]
	l.findings = append(slices.DeleteFunc(l.findings, func(f Finding) bool { return f.Rule == rule }), keep)
}
