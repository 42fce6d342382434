package codelab

import (
	"errors"
	"slices"
	"strings"

	"understudy/seed/script"
)

// steps checks the scripts: they can be parsed, each step has a check, and text and scripts name the same pictures. A
// guide without scripts has nothing to check.
func (l *linter) steps() {
	if !strings.Contains(l.Source(), scriptMarker) {
		return
	}
	guideScript, err := script.Parse(l.File, []byte(l.Source()))
	if err != nil {
		line := 0
		var at *script.Error
		if errors.As(err, &at) {
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
		if !hasCheck(step) {
			l.add(step.Line-1, "step-without-check", "Step %s has no check.", step.ID)
		}
		for _, name := range shotNames(step) {
			taken[name] = true
			if !shown[name] {
				l.add(step.Line-1, "shot-not-shown", "Step %s takes the picture %s, but the text does not show it.", step.ID, name)
			}
		}
	}
	for _, image := range l.Images() {
		if !taken[image.Name()] && !isDecoration(image) {
			l.add(image.Line, "shot-without-step", "No step takes the picture %s.", image.Name())
		}
	}
}

// hasCheck reports whether a step checks anything: an expression, or what its pages show.
func hasCheck(step *script.Step) bool {
	return step.Done != "" || step.Confirm != "" || len(step.Checks) > 0 || slices.ContainsFunc(step.Do, func(a script.Action) bool {
		return a.Verb == script.VerbSee || a.Verb == script.VerbWait
	})
}

// shotNames lists the names of the pictures that a step takes.
func shotNames(step *script.Step) (names []string) {
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
