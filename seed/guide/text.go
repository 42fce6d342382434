package guide

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"maps"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"understudy/seed/script"
)

// stepText is what the guide shows of a step, before the learner's names replace those of the text.
type stepText struct {
	Section  int // index of the section, from 0
	HTML     string
	Controls []string // names of the controls that the script uses, in order, for "Show me where"
}

// pictureLine matches a line that contains only a Markdown picture.
var pictureLine = regexp.MustCompile(`(?m)^!\[[^\]]*\]\([^)]*\)\s*$`)

// readTexts renders the Markdown before each step to HTML, without pictures. The keys are step ids.
func readTexts(s *script.Script) (map[string]stepText, error) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table)) // omits raw HTML
	texts := map[string]stepText{}
	for i, section := range s.Sections {
		var pending strings.Builder // Markdown since the last step
		for _, part := range section.Parts {
			if part.Step == nil {
				pending.WriteString(asidesToQuotes(pictureLine.ReplaceAllString(part.Markdown, "")))
				continue
			}
			var rendered bytes.Buffer
			if err := markdown.Convert([]byte(pending.String()), &rendered); err != nil {
				return nil, fmt.Errorf("text of step %s: %w", part.Step.ID, err)
			}
			texts[part.Step.ID] = stepText{Section: i, HTML: rendered.String(), Controls: controls(part.Step)}
			pending.Reset()
		}
	}
	return texts, nil
}

// namePattern matches the names that the script lists under "names": the learner may choose others. It is nil when the
// script lists none.
func namePattern(s *script.Script) *regexp.Regexp {
	var names []string
	for _, n := range s.Names {
		names = append(names, regexp.QuoteMeta(n.Name))
	}
	if len(names) == 0 {
		return nil
	}
	return regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)
}

// namesIn returns the learner's names for the text of a step. The text of an early step may speak of something else with the same
// name, such as an integration of the catalog.
func (g *Guide) namesIn(step *script.Step, learnerNames map[string]string) map[string]string {
	in := maps.Clone(learnerNames)
	for _, n := range g.script.Names {
		if n.From != "" && g.isBefore(step.ID, n.From) {
			delete(in, n.Name)
		}
	}
	return in
}

// useNames replaces the names in a text by those that the learner chose.
func (g *Guide) useNames(text string, learnerNames map[string]string) string {
	if len(learnerNames) == 0 {
		return text
	}
	return g.names.ReplaceAllStringFunc(text, func(name string) string { return cmp.Or(learnerNames[name], name) })
}

var textBetweenTags = regexp.MustCompile(`>[^<]+`)

// useNamesHTML is useNames for HTML: it changes only text between tags, and escapes the names.
func (g *Guide) useNamesHTML(text string, learnerNames map[string]string) string {
	escaped := make(map[string]string, len(learnerNames))
	for name, learnerName := range learnerNames {
		escaped[name] = html.EscapeString(learnerName)
	}
	return textBetweenTags.ReplaceAllStringFunc(text, func(part string) string { return g.useNames(part, escaped) })
}

var aside = regexp.MustCompile(`(?s)<aside[^>]*>(.*?)</aside>`)

// asidesToQuotes turns the info boxes of the codelab format into Markdown quotes, because the renderer omits raw HTML.
func asidesToQuotes(markdown string) string {
	return aside.ReplaceAllStringFunc(markdown, func(box string) string {
		lines := strings.Split(strings.TrimSpace(aside.FindStringSubmatch(box)[1]), "\n")
		return "> " + strings.Join(lines, "\n> ") + "\n"
	})
}

// controls lists the names of the controls that a step uses, in order: first those on the way from the page on which the step
// begins, which a learner needs who has left the page. It omits names with variables, because their values differ between labs.
func controls(step *script.Step) (names []string) {
	var actions []script.Action
	if len(step.Alone) > 0 {
		for _, block := range step.PlayedAlone() {
			actions = append(actions, block.Do...)
		}
	}
	for _, action := range append(actions, step.Do...) {
		switch action.Verb {
		case script.VerbOpen:
			for part := range strings.SplitSeq(action.Name, ">") {
				names = append(names, strings.TrimSpace(part))
			}
		case script.VerbClick, script.VerbFill, script.VerbChoose, script.VerbTick, script.VerbUntick, script.VerbCopy:
			if !strings.Contains(action.Name, "{") {
				names = append(names, action.Name)
			}
		}
	}
	return names
}
