package codelab

import (
	"context"
	"regexp"
	"strings"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// label is a name that the text of a step prints in bold or as code: what a reader looks for on the page.
type label struct {
	name string
	line int // from 0
	seen bool
}

// Live plays a guide on a running lab and finds the labels in the text of a step that none of its pages has.
func Live(ctx context.Context, d *Document, o player.Options) ([]Finding, error) {
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
		for _, wanted := range labels[step.ID] {
			if !wanted.seen {
				l.add(wanted.line, "label-not-on-page", "No page of step %s has “%s”.", step.ID, wanted.name)
			}
		}
	}
	return l.findings, nil
}

func stepLine(guideScript *script.Script, id string) int {
	if step, known := guideScript.Step(id); known {
		return step.Line - 1
	}
	return 0
}

var bold = regexp.MustCompile("\\*\\*([^*\n]+)\\*\\*|`([^`\n]+)`")

// labels lists the labels in the text before each step. "A > B" is a path of several.
func (l *linter) labels(guideScript *script.Script) map[string][]label {
	labels := map[string][]label{}
	steps := guideScript.Steps()
	at := 0
	var pending []label
	for i, line := range l.Lines {
		if l.kinds[i] == comment {
			for at < len(steps) && strings.TrimSpace(line) == "id: "+steps[at].ID {
				labels[steps[at].ID] = pending
				pending, at = nil, at+1
			}
			continue
		}
		if l.kinds[i] != prose {
			continue
		}
		if heading.MatchString(line) {
			pending = nil // what stands before a section's first step is about no page
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
