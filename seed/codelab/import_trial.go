package codelab

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Trial plays the proposed steps in a new lab and keeps the actions that the pages allow. Where a page has a control that is
// written almost like the one in the text, or a control of another kind with that name, the step uses it. An action that no
// control fits is removed, and the step says why. The result can be played as a whole.
func (im *Imported) Trial(ctx context.Context, o player.Options) error {
	guide, lines, err := im.parse()
	if err != nil || len(im.Steps) == 0 {
		return err
	}
	trial := &trial{lines: lines, tried: map[*proposedAction][]script.Action{}}
	o.Instead = trial.instead
	if _, err := player.Play(ctx, guide, o); err != nil {
		return err
	}
	im.unseen = trial.findings(im.File)
	im.drop(trial)
	return nil
}

// findings lists the labels of the text that the trial did not find on the page, or found written in another way.
func (t *trial) findings(file string) (list []Finding) {
	failed := map[*proposedAction]bool{}
	for i, at := range t.failed {
		failed[at.action] = true
		if t.reasons[i] != "" {
			list = append(list, Finding{file, at.step.Line + 1, "label-not-on-page", t.reasons[i]})
		}
	}
	for _, at := range t.lines {
		if tried := t.tried[at.action]; len(tried) > 0 && !failed[at.action] && tried[0].Name != at.action.name && at.action.value != tried[0].Name {
			list = append(list, Finding{file, at.step.Line + 1, "label-differs",
				fmt.Sprintf("The page has “%s”, and the text “%s”.", at.action.name, tried[0].Name)})
		}
	}
	slices.SortFunc(list, func(a, b Finding) int { return cmp.Or(a.Line-b.Line, strings.Compare(a.Text, b.Text)) })
	return list
}

// parse reads the guide, and finds the proposed action of each line.
func (im *Imported) parse() (*script.Script, map[int]*proposedLine, error) {
	guide, err := script.Parse(im.File, []byte(im.Source()))
	lines := map[int]*proposedLine{}
	at := 1
	for _, line := range im.lines {
		if line.step == nil {
			at++
			continue
		}
		comment := strings.Split(line.step.comment(), "\n")
		first := slices.Index(comment, "do:") + 1
		for i, action := range line.step.Do {
			lines[at+first+i] = &proposedLine{line.step, action}
		}
		at += len(comment)
	}
	return guide, lines, err
}

// proposedLine is the action on a line, with its step.
type proposedLine struct {
	step   *Proposal
	action *proposedAction
}

// trial is the state of one call of Trial.
type trial struct {
	lines   map[int]*proposedLine
	tried   map[*proposedAction][]script.Action
	failed  []*proposedLine
	reasons []string
}

var offeredControl = regexp.MustCompile(`^(\w+) “(.*)”$`)

// instead proposes another action for one that failed.
func (t *trial) instead(_ *script.Step, failed script.Action, failure *player.Failure) (script.Action, bool) {
	at := t.lines[failed.Line]
	if at == nil { // the action belongs to no proposal
		return failed, false
	}
	if len(t.tried[at.action]) == 0 {
		t.tried[at.action] = append(t.tried[at.action], failed)
	}
	for _, next := range alternatives(t.tried[at.action][0], at.action, failure.Offered) {
		if !slices.ContainsFunc(t.tried[at.action], func(a script.Action) bool { return sameAction(a, next) }) {
			t.tried[at.action] = append(t.tried[at.action], next)
			at.action.verb, at.action.name, at.action.in, at.action.value = next.Verb, next.Name, next.In, next.Value
			return next, true
		}
	}
	first := t.tried[at.action][0]
	if first.Verb == script.VerbClick && unlikeness(first.Name, pageTitle(failure.Title)) == 0 {
		t.failed, t.reasons = append(t.failed, at), append(t.reasons, "") // an earlier action has opened the page
		return failed, false
	}
	t.failed = append(t.failed, at)
	t.reasons = append(t.reasons, fmt.Sprintf("%s failed on the page “%s”: %v.", first, failure.Title, failure.Err))
	return failed, false
}

// pageTitle returns the name of a page without the name of the product and the mark of the training.
func pageTitle(title string) string {
	title, _, _ = strings.Cut(strings.TrimPrefix(title, "[Training] "), " - ")
	return title
}

func sameAction(a, b script.Action) bool {
	return a.Verb == b.Verb && a.Name == b.Name && a.In == b.In && a.Value == b.Value
}

// alternatives lists actions that may be meant, best first, among the controls that the page offers.
func alternatives(first script.Action, proposed *proposedAction, offered []string) (list []script.Action) {
	add := func(verb script.Verb, name, in string) {
		next := first
		next.Verb, next.Name, next.In = verb, name, in
		if verb == script.VerbChoose && first.Value == "" || verb == script.VerbClick || verb == script.VerbTick {
			next.Value = ""
		}
		list = append(list, next)
	}
	type control struct {
		verb script.Verb
		name string
	}
	var close []control
	var options []string // lists in which the name may be an option
	for _, entry := range offered {
		m := offeredControl.FindStringSubmatch(entry)
		if m == nil || strings.TrimSpace(m[2]) == "" {
			continue
		}
		verb := verbFor(script.Kind(m[1]), first)
		if verb == script.VerbChoose && first.Verb == script.VerbClick {
			options = append(options, m[2])
		}
		distance := unlikeness(first.Name, m[2])
		if first.Verb == script.VerbCopy && lastWord(first.Name) == lastWord(m[2]) {
			distance = min(distance, 2)
		}
		if verb != "" && distance < 3 {
			close = append(close, control{verb, m[2]})
			if distance == 0 {
				close[0], close[len(close)-1] = close[len(close)-1], close[0]
			}
		}
	}
	for _, c := range close {
		add(c.verb, c.name, first.In)
	}
	if first.Verb == script.VerbOpen || first.Verb == script.VerbSee || first.Verb == script.VerbVisit {
		return list
	}
	for _, name := range options {
		next := first
		next.Verb, next.Name, next.Value, next.In = script.VerbChoose, name, first.Name, ""
		list = append(list, next)
	}
	names := []control{{first.Verb, first.Name}}
	for _, c := range append(names, close...) {
		if first.In != "" {
			add(c.verb, c.name, "")
		}
		for _, label := range proposed.alternative {
			if label != c.name {
				add(c.verb, c.name, label)
			}
		}
	}
	return list
}

// verbFor returns the verb that uses a control of a kind in the place of an action; empty when there is none.
func verbFor(kind script.Kind, action script.Action) script.Verb {
	hasValue := action.Value != "" && action.Verb != script.VerbCopy
	switch {
	case action.Verb == script.VerbSee || action.Verb == script.VerbOpen:
		return ""
	case action.Verb == script.VerbCopy:
		if kind == script.KindField || kind == script.KindButton {
			return script.VerbCopy
		}
		return ""
	case kind == script.KindField && hasValue:
		return script.VerbFill
	case kind == script.KindChoice && (hasValue || action.Verb != script.VerbFill):
		return script.VerbChoose
	case hasValue:
		return ""
	case kind == script.KindBox:
		return script.VerbTick
	case kind == script.KindLink || kind == script.KindButton:
		return script.VerbClick
	}
	return ""
}

func lastWord(label string) string {
	words := strings.Fields(strings.ToLower(label))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

var notWord = regexp.MustCompile(`[^\p{L}\p{N}&]+`)

// unlikeness tells how much a control's name differs from the name in a text: 0 for other capital letters or spaces, 1 for a
// letter, 2 when the name has the text's words among others, and 3 when they differ.
func unlikeness(text, name string) int {
	a, b := notWord.ReplaceAllString(strings.ToLower(text), ""), notWord.ReplaceAllString(strings.ToLower(name), "")
	spaced := " " + strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(name), " ")) + " "
	switch {
	case a == "" || b == "":
		return 3
	case a == b:
		return 0
	case len(a) > 4 && oneLetterApart(a, b):
		return 1
	case len(a) > 3 && strings.Contains(spaced, " "+strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(text), " "))+" "):
		return 2
	}
	return 3
}

// drop removes the actions that failed, and fills with values that are then copied nowhere.
func (im *Imported) drop(t *trial) {
	for i, at := range t.failed {
		at.step.Do = slices.DeleteFunc(at.step.Do, func(a *proposedAction) bool { return a == at.action })
		if t.reasons[i] != "" {
			at.step.Open = append(at.step.Open, t.reasons[i])
		}
	}
	copied := map[string]bool{}
	for _, step := range im.Steps {
		step.Do = slices.DeleteFunc(step.Do, func(a *proposedAction) bool {
			if a.verb == script.VerbCopy {
				copied["{"+a.value+"}"] = true
			}
			lost := strings.HasPrefix(a.value, "{") && !strings.Contains(a.value, ".") && !copied[a.value]
			if lost {
				step.Open = append(step.Open, fmt.Sprintf("The value for “%s” is copied nowhere.", a.name))
			}
			return lost
		})
	}
}
