package shots

import (
	"fmt"
	"slices"
	"strings"

	"understudy/seed/script"
)

// pageStep is the ID of the step that takes the picture. Results name the page instead.
const pageStep = "0.0"

// At returns a script that plays guideScript up to and including the step after, and then takes the picture shot. An empty after
// means the last step. at says who opens which page: by the menu, "okta-admin: Directory > People", or by the path below the
// product, "okta-admin: /admin/users".
func At(guideScript *script.Script, shot script.Shot, at, after string) (*script.Script, error) {
	who, page, found := strings.Cut(at, ":")
	who, page = strings.TrimSpace(who), strings.TrimSpace(page)
	if !found || who == "" || page == "" {
		return nil, fmt.Errorf("%q does not have the form “okta-admin: Directory > People”", at)
	}
	steps := guideScript.Steps()
	if after == "" && len(steps) > 0 {
		after = steps[len(steps)-1].ID
	}
	last, found := guideScript.Step(after)
	if !found {
		return nil, fmt.Errorf("%s has no step %s", guideScript.File, after)
	}
	played := steps[:slices.Index(steps, last)+1]
	if err := signedIn(played, who, after); err != nil {
		return nil, err
	}
	cut := until(guideScript, last)
	action := script.Action{Verb: script.VerbOpen, Name: page}
	if strings.Contains(page, "://") {
		return nil, fmt.Errorf("%q is not a page of %s: use the names in the menu, or a path such as /admin/users", page, who)
	}
	if strings.HasPrefix(page, "/") {
		product := "{okta}"
		if strings.HasPrefix(who, "sigma") {
			product = "{sigma}"
		}
		action = script.Action{Verb: script.VerbVisit, Name: product + page}
	}
	step := &script.Step{ID: pageStep, As: who, Do: []script.Action{action}, Shot: shot.Name, Picture: shot}
	cut.Sections = append(cut.Sections, script.Section{Title: at, Parts: []script.Part{{Step: step}}})
	return cut, nil
}

// signedIn returns an error for a person who plays no step yet. It suggests a name that looks alike.
func signedIn(played []*script.Step, who, after string) error {
	var people []string
	for _, step := range played {
		if !slices.Contains(people, step.As) {
			people = append(people, step.As)
		}
	}
	if err := script.CheckName("person", who, people); err != nil {
		return fmt.Errorf("nobody of that name has signed in by step %s: %w", after, err)
	}
	return nil
}

// until returns a copy of a script that ends with the step last.
func until(guideScript *script.Script, last *script.Step) *script.Script {
	cut := *guideScript
	cut.Sections = nil
	for _, section := range guideScript.Sections {
		part := slices.IndexFunc(section.Parts, func(p script.Part) bool { return p.Step == last })
		if part >= 0 {
			section.Parts = section.Parts[:part+1]
		}
		cut.Sections = append(cut.Sections, section)
		if part >= 0 {
			break
		}
	}
	return &cut
}
