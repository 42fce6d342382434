package codelab

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"understudy/seed/script"
)

// Imported is a guide with proposed scripts.
type Imported struct {
	File  string
	Steps []*Proposal
	Notes []Finding // what Import changed, so that the text is a guide; lines of the original text

	lines  []importedLine
	unseen []Finding // labels that the trial did not find
}

// importedLine is a line of the guide, or the place of a step.
type importedLine struct {
	text string
	step *Proposal
}

// Proposal is a proposed step.
type Proposal struct {
	ID     string
	Line   int    // of the instruction in the original text, from 0
	Text   string // of the instruction
	As     string
	Window bool // in a new window
	Do     []*proposedAction
	Shot   string
	Open   []string // reasons why a part of the instruction has no script; the learner confirms such a step
}

// Import proposes a script for each paragraph and list with instructions. It keeps the text; only what makes the text no guide is
// mended, and noted: metadata that claat ignores becomes a comment, and a section without a duration gets an estimate. The result
// can always be parsed. What the text does not say becomes a step that the learner confirms. A guide with scripts is returned as it is.
func Import(d *Document) (*Imported, error) {
	im := &Imported{File: d.File}
	if strings.Contains(d.Source(), scriptMarker) {
		for _, line := range d.Lines {
			im.lines = append(im.lines, importedLine{text: line})
		}
		return im, nil
	}
	p := &importer{Imported: im, reader: instructionReader{person: oktaAdmin}}
	p.guide(d)
	if _, err := script.Parse(d.File, []byte(im.Source())); err != nil {
		return nil, fmt.Errorf("the text cannot become a guide: %w", err)
	}
	return im, nil
}

// Source returns the guide with the scripts.
func (im *Imported) Source() string {
	lines := make([]string, 0, len(im.lines))
	for _, line := range im.lines {
		if line.step == nil {
			lines = append(lines, line.text)
			continue
		}
		lines = append(lines, strings.Split(line.step.comment(), "\n")...)
	}
	return strings.Join(lines, "\n")
}

// Scripted returns the number of steps that need no work by a writer.
func (im *Imported) Scripted() (n int) {
	for _, step := range im.Steps {
		if len(step.Open) == 0 {
			n++
		}
	}
	return n
}

// Findings lists what a writer has to look at: what Import changed in the text, and which instructions have no script and why.
func (im *Imported) Findings() []Finding {
	list := slices.Clone(im.Notes)
	for _, step := range im.Steps {
		for _, reason := range step.Open {
			list = append(list, Finding{im.File, step.Line + 1, "not-scripted", fmt.Sprintf("Step %s, “%s”: %s", step.ID, excerpt(step.Text), reason)})
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return a.Line - b.Line })
	return list
}

// comment returns the script comment of a step.
func (p *Proposal) comment() string {
	var b strings.Builder
	b.WriteString(scriptMarker + "\nid: " + p.ID + "\nas: " + p.As + "\n")
	if p.Window {
		b.WriteString("new-window: true\n")
	}
	if len(p.Do) > 0 {
		b.WriteString("do:\n")
		for _, action := range p.Do {
			b.WriteString("  - " + action.yaml() + "\n")
		}
	}
	for _, reason := range p.Open {
		b.WriteString("# Not scripted: " + strings.NewReplacer("--", "–", "\n", " ").Replace(reason) + "\n")
	}
	if len(p.Do) == 0 || len(p.Open) > 0 {
		b.WriteString("confirm: I have done this\n")
	}
	if p.Shot != "" {
		b.WriteString("shot: " + p.Shot + "\n")
	}
	return b.String() + "-->"
}

// proposedAction is an action of a proposed step.
type proposedAction struct {
	verb        script.Verb
	name        string
	in          string
	value       string
	alternative []string // other labels of the sentence, in which the control may be
}

// yaml returns the action as an item of do.
func (a *proposedAction) yaml() string {
	name := yamlText(a.name)
	switch {
	case a.verb == script.VerbCopy && a.in != "":
		return "copy: {name: " + yamlText(a.name+" as "+a.value) + ", in: " + yamlText(a.in) + "}"
	case a.verb == script.VerbCopy:
		return "copy: " + yamlText(a.name+" as "+a.value)
	case a.value != "" && a.in != "":
		return string(a.verb) + ": {" + name + ": " + yamlValue(a.value) + ", in: " + yamlText(a.in) + "}"
	case a.value != "":
		return string(a.verb) + ": {" + name + ": " + yamlValue(a.value) + "}"
	case a.in != "" && a.verb == script.VerbSee:
		return "see: {text: " + name + ", in: " + yamlText(a.in) + "}"
	case a.in != "":
		return string(a.verb) + ": {name: " + name + ", in: " + yamlText(a.in) + "}"
	case a.verb == script.VerbVisit:
		return "visit: " + yamlValue(a.name)
	}
	return string(a.verb) + ": " + name
}

// yamlText writes a name as a quoted YAML string. It replaces braces, which would begin a variable of the script, and hyphens, which
// would end the comment.
func yamlText(name string) string {
	return yamlValue(strings.NewReplacer("{", "(", "}", ")").Replace(name))
}

// yamlValue writes a text with variables as a quoted YAML string.
func yamlValue(text string) string {
	return "'" + strings.NewReplacer("'", "''", "\n", " ", "--", "–", "\t", " ").Replace(text) + "'"
}

var pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
