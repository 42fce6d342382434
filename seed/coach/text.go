package coach

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"understudy/seed/walk"
)

// stepText is what the guide says of a step.
type stepText struct {
	Section  int // from 0
	HTML     string
	Controls []string // what the script touches, in order: for "show me where"
}

var picture = regexp.MustCompile(`(?m)^!\[[^\]]*\]\([^)]*\)\s*$`)

// readTexts renders the text that stands before each step, without its pictures.
func readTexts(script *walk.Script) (map[string]stepText, error) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table)) // raw HTML is left out
	texts := map[string]stepText{}
	for i, section := range script.Sections {
		var pending strings.Builder
		for _, part := range section.Parts {
			if part.Step == nil {
				pending.WriteString(unwrapAsides(picture.ReplaceAllString(part.Markdown, "")))
				continue
			}
			var html bytes.Buffer
			if err := markdown.Convert([]byte(pending.String()), &html); err != nil {
				return nil, fmt.Errorf("text of step %s: %w", part.Step.ID, err)
			}
			texts[part.Step.ID] = stepText{Section: i, HTML: html.String(), Controls: controls(part.Step)}
			pending.Reset()
		}
	}
	return texts, nil
}

var aside = regexp.MustCompile(`(?s)<aside[^>]*>(.*?)</aside>`)

// unwrapAsides turns the codelab format's info boxes into quotes, which Markdown can render safely.
func unwrapAsides(markdown string) string {
	return aside.ReplaceAllStringFunc(markdown, func(box string) string {
		return "> " + strings.Join(strings.Split(strings.TrimSpace(aside.FindStringSubmatch(box)[1]), "\n"), "\n> ") + "\n"
	})
}

// controls lists the names of the controls that a step touches, in order. Variables stand for what differs by lab.
func controls(step *walk.Step) (names []string) {
	for _, action := range step.Do {
		switch action.Verb {
		case walk.VerbOpen:
			for part := range strings.SplitSeq(action.Name, ">") {
				names = append(names, strings.TrimSpace(part))
			}
		case walk.VerbClick, walk.VerbFill, walk.VerbChoose, walk.VerbTick, walk.VerbUntick, walk.VerbCopy:
			if !strings.Contains(action.Name, "{") {
				names = append(names, action.Name)
			}
		}
	}
	return names
}
