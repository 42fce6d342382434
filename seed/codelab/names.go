package codelab

import (
	"regexp"
	"slices"
	"strings"

	"understudy/seed/script"
)

// word is a name in the text, as it stands between back-ticks, asterisks or quotes, or of the products' clouds.
type word struct {
	text string
	line int
}

var (
	quoted = regexp.MustCompile("`([^`\n]+)`|\\*\\*([^*\n]+)\\*\\*")
	cloud  = regexp.MustCompile(`\bon (AWS|GCP|GPC|Azure|Azrue)\b`)
	single = regexp.MustCompile(`^[A-Z][A-Za-z]{5,}$`)
)

func (l *linter) words() (list []word) {
	for i, line := range l.Lines {
		if l.kinds[i] == code || l.kinds[i] == comment || strings.Count(line, "`")%2 != 0 {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			list = append(list, word{strings.TrimSpace(m[1] + m[2]), i})
		}
	}
	return list
}

// names finds one thing spelled in two ways: a made-up name that differs from another by one letter, and clouds that there
// are not.
func (l *linter) names() {
	count := map[string]int{}
	words := l.words()
	for _, w := range words {
		count[w.text]++
	}
	said := map[string]bool{}
	for _, w := range words {
		if !single.MatchString(w.text) || said[w.text] {
			continue
		}
		for other, n := range count {
			if other != w.text && single.MatchString(other) && n > count[w.text] && oneLetterApart(w.text, other) && !plural(w.text, other) {
				l.add(w.line, "name-mismatch", "“%s” is spelled “%s” elsewhere.", w.text, other)
				said[w.text] = true
			}
		}
	}
	for i, line := range l.Lines {
		if l.kinds[i] == code || l.kinds[i] == comment {
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

// oneLetterApart reports whether one letter was dropped, added or exchanged.
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

// plural reports whether two names are one thing and several of it.
func plural(a, b string) bool { return a+"s" == b || b+"s" == a }

var (
	creates = regexp.MustCompile("(?i)(name it|give it a name|call it|call this group|called|named|add a group|a second group)[,:]?\\s*(?:`([^`]+)`|\\*\\*([^*]+)\\*\\*)")
	uses    = regexp.MustCompile("(?i)(?:`([^`]+)`|\\*\\*([^*]+)\\*\\*) (group|user|team)\\b|\\bselect (?:`([^`]+)`|\\*\\*([^*]+)\\*\\*)\\. The checkbox")
	there   = regexp.MustCompile("(?i)(created automatically|existing|already|default|imported)")
)

// order finds groups and people that are used before anything has made them.
func (l *linter) order() {
	made := map[string]bool{}
	said := map[string]bool{}
	for i, line := range l.Lines {
		if l.kinds[i] == code || l.kinds[i] == comment {
			continue
		}
		for _, m := range creates.FindAllStringSubmatch(line, -1) {
			made[m[2]+m[3]] = true
		}
		for _, at := range uses.FindAllStringSubmatchIndex(line, -1) {
			if strings.HasPrefix(strings.ToLower(line[at[1]:]), " type") { // `Author` User Type
				continue
			}
			m := uses.FindStringSubmatch(line[at[0]:])
			name := m[1] + m[2] + m[4] + m[5]
			if said[name] || known(made, name) || there.MatchString(line[:at[1]]) || generic[name] {
				continue
			}
			what := strings.ToLower(m[3])
			if what == "" {
				what = "group"
			}
			said[name] = true
			l.add(i, "forward-reference", "The %s “%s” is used before anything in the text has made it.", what, name)
		}
	}
}

// generic are words that stand before "group" or "user" without being a name of one.
var generic = map[string]bool{"Settings": true, "Group": true, "Groups": true, "Account Type": true, "User Type": true, "Site": true, "Everyone": true}

// known reports whether a name was made, or one that differs by a slip of the pen, which is a finding of its own.
func known(made map[string]bool, name string) bool {
	if made[name] {
		return true
	}
	for other := range made {
		if oneLetterApart(other, name) {
			return true
		}
	}
	return false
}

// steps checks the walk's own comments: a script that can be read, a check in every step, a picture for every shot.
func (l *linter) steps() {
	if !strings.Contains(l.Source(), "<!-- script") {
		return
	}
	guideScript, err := script.Parse(l.File, []byte(l.Source()))
	if err != nil {
		line := 0
		if at, ok := err.(*script.Error); ok { //nolint:errorlint // Parse gives it as it is
			line = at.Line - 1
		}
		l.add(line, "script", "%s", strings.TrimPrefix(err.Error(), l.File+":"))
		return
	}
	shown := map[string]bool{}
	for _, image := range l.Images() {
		shown[image.Name()] = true
	}
	taken := map[string]bool{}
	for _, step := range guideScript.Steps() {
		if step.Done == "" && len(step.Checks) == 0 && !slices.ContainsFunc(step.Do, func(a script.Action) bool { return a.Verb == script.VerbSee || a.Verb == script.VerbWait }) {
			l.add(step.Line-1, "step-without-check", "Step %s checks nothing.", step.ID)
		}
		for _, name := range shots(step) {
			taken[name] = true
			if !shown[name] {
				l.add(step.Line-1, "shot-not-shown", "Step %s takes the picture %s, which the text does not show.", step.ID, name)
			}
		}
	}
	for _, image := range l.Images() {
		if !taken[image.Name()] && !decoration(image) {
			l.add(image.Line, "shot-without-step", "No step takes the picture %s.", image.Name())
		}
	}
}

// shots are the pictures that a step takes.
func shots(step *script.Step) (names []string) {
	for _, action := range step.Do {
		if action.Verb == script.VerbShot {
			names = append(names, action.Name)
		}
	}
	if step.Shot != "" {
		names = append(names, step.Shot)
	}
	return names
}
