package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// StandardIdentities are the people on the card of a lab with the scenario "starter".
var StandardIdentities = []string{"okta-admin", "sigma-admin"}

// CheckPeople returns an error for a person who is neither an identity of the lab card nor in vars, wherever the script names one:
// in "as", and in variables such as {bob.username}.
func (s *Script) CheckPeople(identities []string) error {
	known := append(slices.Sorted(maps.Keys(s.Vars)), identities...)
	check := func(name string, line int) error {
		if err := CheckName("person", name, known); err != nil {
			return &Error{File: s.File, Line: line, Text: err.Error()}
		}
		return nil
	}
	for _, step := range s.Steps() {
		if err := check(step.As, step.Line); err != nil {
			return err
		}
		for _, action := range slices.Concat(step.Do, step.Checks) {
			if action.Verb == VerbAs {
				if err := check(action.Name, action.Line); err != nil {
					return err
				}
			}
		}
		for text, line := range step.texts() {
			for _, match := range variable.FindAllStringSubmatch(text, -1) {
				person, _, dotted := strings.Cut(match[1], ".")
				if !dotted {
					continue
				}
				if err := check(person, line); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// texts iterates over the texts of a step that may hold variables, with their lines.
func (s *Step) texts() func(yield func(text string, line int) bool) {
	return func(yield func(string, int) bool) {
		for _, action := range slices.Concat(s.Do, s.Checks) {
			for _, text := range action.texts() {
				if !yield(*text, action.Line) {
					return
				}
			}
		}
		for _, shot := range s.Shots() {
			for _, text := range shot.texts() {
				if !yield(text, shot.Line) {
					return
				}
			}
		}
	}
}

// texts lists the texts of a picture that may hold variables.
func (s Shot) texts() []string {
	list := append(slices.Clone(s.Crop), s.Focus, s.Hover)
	for _, m := range s.Marks {
		list = append(list, m.Control, m.In, m.Text)
	}
	return list
}

// checkPictures returns an error for a picture whose name another picture of the guide has: the later one would replace it.
func (r *reader) checkPictures() error {
	taken := map[string]int{} // name → line
	for _, step := range r.script.Steps() {
		for _, shot := range step.Shots() {
			if shot.Animate && shot.Name != step.Shot {
				return r.errorf(shot.Line, "animate belongs to the picture at the end of the step, which then shows all its actions")
			}
			if before, twice := taken[shot.Name]; twice {
				return r.errorf(shot.Line, "picture %s is already taken in line %d: give each picture a different name", shot.Name, before)
			}
			taken[shot.Name] = shot.Line
		}
	}
	return nil
}

// CheckName returns an error for a name that is not known. It suggests the known name that looks most alike.
func CheckName(kind, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	if alike, found := mostAlike(name, known); found {
		return fmt.Errorf("unknown %s %q: did you mean %s?", kind, name, alike)
	}
	return fmt.Errorf("unknown %s %q: expected %s", kind, name, orList(known))
}

// orList writes "a, b or c".
func orList(names []string) string {
	text := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text += " or "
		default:
			text += ", "
		}
		text += name
	}
	return text
}

// mostAlike returns the known name with the smallest edit distance, if it differs by at most a third of its letters.
func mostAlike(name string, known []string) (alike string, found bool) {
	least := len(name)
	for _, k := range known {
		if d := editDistance(name, k); d < least && d <= max(1, len(k)/3) {
			alike, least, found = k, d, true
		}
	}
	return alike, found
}

// editDistance is the number of insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
// alignment).
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
