package guide

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"understudy/seed/script"
)

// stepText is what the guide says of a step.
type stepText struct {
	Section  int // from 0
	HTML     string
	Controls []string // what the script touches, in order: for "show me where"
}

var picture = regexp.MustCompile(`(?m)^!\[[^\]]*\]\([^)]*\)\s*$`)

// readTexts renders the text that stands before each step, without its pictures.
func readTexts(guideScript *script.Script) (map[string]stepText, error) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table)) // raw HTML is left out
	texts := map[string]stepText{}
	for i, section := range guideScript.Sections {
		var pending strings.Builder
		for _, part := range section.Parts {
			if part.Step == nil {
				pending.WriteString(unwrapAsides(picture.ReplaceAllString(part.Markdown, "")))
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

// names finds what the guide calls by a name of its own; nil when it names nothing.
func names(guideScript *script.Script) *regexp.Regexp {
	var written []string
	for _, n := range guideScript.Names {
		written = append(written, regexp.QuoteMeta(n.Name))
	}
	if len(written) == 0 {
		return nil
	}
	return regexp.MustCompile(`\b(` + strings.Join(written, "|") + `)\b`)
}

// respell writes names as the learner did.
func (g *Guide) respell(text string, spellings map[string]string) string {
	if len(spellings) == 0 {
		return text
	}
	return g.names.ReplaceAllStringFunc(text, func(written string) string { return cmp.Or(spellings[written], written) })
}

var betweenTags = regexp.MustCompile(`>[^<]+`)

// respellHTML writes names as the learner did, in the text of HTML.
func (g *Guide) respellHTML(text string, spellings map[string]string) string {
	escaped := make(map[string]string, len(spellings))
	for written, spelling := range spellings {
		escaped[written] = html.EscapeString(spelling)
	}
	return betweenTags.ReplaceAllStringFunc(text, func(part string) string { return g.respell(part, escaped) })
}

var aside = regexp.MustCompile(`(?s)<aside[^>]*>(.*?)</aside>`)

// unwrapAsides turns the codelab format's info boxes into quotes, which Markdown can render safely.
func unwrapAsides(markdown string) string {
	return aside.ReplaceAllStringFunc(markdown, func(box string) string {
		return "> " + strings.Join(strings.Split(strings.TrimSpace(aside.FindStringSubmatch(box)[1]), "\n"), "\n> ") + "\n"
	})
}

// controls lists the names of the controls that a step touches, in order. Variables stand for what differs by lab.
func controls(step *script.Step) (names []string) {
	for _, action := range step.Do {
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
