package codelab

import (
	"regexp"
	"strings"
)

// word is a name in the text, printed in bold or as code.
type word struct {
	text string
	line int // from 0
}

var (
	quoted     = regexp.MustCompile("`([^`\n]+)`|\\*\\*([^*\n]+)\\*\\*")
	cloud      = regexp.MustCompile(`\bon (AWS|GCP|GPC|Azure|Azrue)\b`)
	singleWord = regexp.MustCompile(`^[A-Z][A-Za-z]{5,}$`)
)

// words lists the names in the text. It skips lines with an unclosed backtick, in which the names cannot be told apart.
func (l *linter) words() (list []word) {
	for i, line := range l.Lines {
		if !l.isText(i) || strings.Count(line, "`")%2 != 0 {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			list = append(list, word{strings.TrimSpace(m[1] + m[2]), i})
		}
	}
	return list
}

// names finds misspelled names: a name that differs by one letter from a more frequent one, and misspelled clouds.
func (l *linter) names() {
	count := map[string]int{}
	words := l.words()
	for _, w := range words {
		count[w.text]++
	}
	reported := map[string]bool{}
	for _, w := range words {
		if !singleWord.MatchString(w.text) || reported[w.text] {
			continue
		}
		for other, n := range count {
			if other != w.text && singleWord.MatchString(other) && n > count[w.text] &&
				oneLetterApart(w.text, other) && !isPlural(w.text, other) {
				l.add(w.line, "name-mismatch", "“%s” is spelled “%s” elsewhere.", w.text, other)
				reported[w.text] = true
			}
		}
	}
	for i, line := range l.Lines {
		if !l.isText(i) {
			continue
		}
		for _, m := range cloud.FindAllStringSubmatch(line, -1) {
			switch m[1] {
			case "GPC":
				l.add(i, "name-mismatch", "The cloud “GPC” is spelled “GCP”.")
			case "Azrue":
				l.add(i, "name-mismatch", "The cloud “Azrue” is spelled “Azure”.")
			}
		}
	}
}

// oneLetterApart reports whether one added, removed or replaced letter turns a into b.
func oneLetterApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}

// isPlural reports whether one name is the plural of the other.
func isPlural(a, b string) bool { return a+"s" == b || b+"s" == a }

var (
	// creates matches a sentence that creates a group or a person. Submatches 2 and 3: the name.
	creates = regexp.MustCompile("(?i)(name it|give it a name|call it|call this group|called|named|add a group|a second group)" +
		"[,:]?\\s*(?:`([^`]+)`|\\*\\*([^*]+)\\*\\*)")
	// uses matches a sentence that uses one. Submatches 1, 2, 4 and 5: the name; 3: group, user or team.
	uses = regexp.MustCompile("(?i)(?:`([^`]+)`|\\*\\*([^*]+)\\*\\*) (group|user|team)\\b" +
		"|\\bselect (?:`([^`]+)`|\\*\\*([^*]+)\\*\\*)\\. The checkbox")
	// exists matches words that tell that the group or person exists without a step of the guide.
	exists = regexp.MustCompile("(?i)(created automatically|existing|already|default|imported)")
)

// forwardReferences finds groups and people that the text uses before it creates them.
func (l *linter) forwardReferences() {
	created := map[string]bool{}
	reported := map[string]bool{}
	for i, line := range l.Lines {
		if !l.isText(i) {
			continue
		}
		for _, m := range creates.FindAllStringSubmatch(line, -1) {
			created[m[2]+m[3]] = true
		}
		for _, at := range uses.FindAllStringSubmatchIndex(line, -1) {
			if strings.HasPrefix(strings.ToLower(line[at[1]:]), " type") { // a value of User Type, not a user
				continue
			}
			m := uses.FindStringSubmatch(line[at[0]:])
			name := m[1] + m[2] + m[4] + m[5]
			if reported[name] || isCreated(created, name) || exists.MatchString(line[:at[1]]) || generic[name] {
				continue
			}
			what := strings.ToLower(m[3])
			if what == "" {
				what = "group"
			}
			reported[name] = true
			l.add(i, "forward-reference", "The text uses the %s “%s” before it creates the %s.", what, name, what)
		}
	}
}

// generic lists words before "group" or "user" that are not the name of one: labels of the products.
var generic = map[string]bool{
	"Settings": true, "Group": true, "Groups": true, "Account Type": true, "User Type": true, "Site": true, "Everyone": true,
}

// isCreated reports whether the text created a name, or one that differs by one letter: names reports the misspelling.
func isCreated(created map[string]bool, name string) bool {
	if created[name] {
		return true
	}
	for other := range created {
		if oneLetterApart(other, name) {
			return true
		}
	}
	return false
}
