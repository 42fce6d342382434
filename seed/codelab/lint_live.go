package codelab

import (
	"context"
	"regexp"
	"strings"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// label is a name that the text of a step prints in bold or as code. Readers look for it on the page.
type label struct {
	name string
	line int // from 0
	seen bool
}

// Live plays a guide in a running lab. It finds steps that fail, and labels in the text of a step that are on none of
// the pages of this step. In a text without scripts, it plays what the text says, as far as [Import] understands the text. The error
// tells that the guide cannot be parsed or played at all.
func Live(ctx context.Context, d *Document, o player.Options) ([]Finding, error) {
	if !strings.Contains(d.Source(), scriptMarker) {
		imported, err := Import(d)
		if err != nil {
			return nil, err
		}
		err = imported.Trial(ctx, o)
		return imported.unseen, err
	}
	guideScript, err := script.Parse(d.File, []byte(d.Source()))
	if err != nil {
		return nil, err
	}
	l := &linter{Document: d}
	labels := l.labels(guideScript)
	o.PageSeen = func(step *script.Step, has func(string) bool) {
		for i := range labels[step.ID] {
			wanted := &labels[step.ID][i]
			wanted.seen = wanted.seen || has(wanted.name)
		}
	}
	report, err := player.Play(ctx, guideScript, o)
	if err != nil {
		return nil, err
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			l.add(stepLine(guideScript, step.ID), "step-broken", "%v", step.Failure.Err)
			continue
		}
		if played, _ := guideScript.Step(step.ID); len(played.Do)+len(played.Checks) == 0 {
			continue // the learner only reads the text
		}
		for _, wanted := range labels[step.ID] {
			if !wanted.seen {
				l.add(wanted.line, "label-not-on-page", "No page of step %s has “%s”.", step.ID, wanted.name)
			}
		}
	}
	return l.findings, nil
}

// stepLine returns the line of a step, from 0.
func stepLine(guideScript *script.Script, id string) int {
	if step, known := guideScript.Step(id); known {
		return step.Line - 1
	}
	return 0
}

var bold = regexp.MustCompile("\\*\\*([^*\n]+)\\*\\*|`([^`\n]+)`")

// labels lists the labels in the text before each step, by step id. A path such as "A > B" has several labels. Paths of
// URLs and the sign + are not labels.
func (l *linter) labels(guideScript *script.Script) map[string][]label {
	labels := map[string][]label{}
	steps := guideScript.Steps()
	next := 0 // index of the next step in the text
	var pending []label
	for i, line := range l.Lines {
		if l.kinds[i] == comment {
			for next < len(steps) && strings.TrimSpace(line) == "id: "+steps[next].ID {
				labels[steps[next].ID] = pending
				pending, next = nil, next+1
			}
			continue
		}
		if l.kinds[i] != prose {
			continue
		}
		if heading.MatchString(line) {
			pending = nil // labels before a heading belong to no step
		}
		for _, m := range bold.FindAllStringSubmatch(line, -1) {
			for name := range strings.SplitSeq(m[1]+m[2], " > ") {
				if name = strings.TrimSpace(name); !strings.HasPrefix(name, "/") && name != "+" {
					pending = append(pending, label{name: name, line: i})
				}
			}
		}
	}
	return labels
}
