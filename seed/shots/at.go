package shots

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// atStep is the id of the step that photographs any page.
const atStep = "0.0"

// At gives a guide that ends after a step of another with a picture of any page: "okta-admin: Directory > People", or an
// address below the half of that identity, such as "okta-admin: /admin/users".
func At(guideScript *script.Script, name, at, after string) (*script.Script, error) {
	who, page, found := strings.Cut(at, ":")
	who, page = strings.TrimSpace(who), strings.TrimSpace(page)
	if !found || who == "" || page == "" {
		return nil, fmt.Errorf("%q is not written as: okta-admin: Directory > People", at)
	}
	steps := guideScript.Steps()
	if after == "" && len(steps) > 0 {
		after = steps[len(steps)-1].ID
	}
	last, found := guideScript.Step(after)
	if !found {
		return nil, fmt.Errorf("%s has no step %s", guideScript.File, after)
	}
	if !slices.ContainsFunc(steps[:slices.Index(steps, last)+1], func(s *script.Step) bool { return s.As == who }) {
		return nil, fmt.Errorf("%s has not signed in by step %s", who, after)
	}
	cut := until(guideScript, last)
	action := script.Action{Verb: script.VerbOpen, Name: page}
	if strings.Contains(page, "://") {
		return nil, fmt.Errorf("%q leads elsewhere: write a page of the menu, or an address below the half of %s such as /admin/users", page, who)
	}
	if strings.HasPrefix(page, "/") {
		half := "{okta}"
		if strings.HasPrefix(who, "sigma") {
			half = "{sigma}"
		}
		action = script.Action{Verb: script.VerbVisit, Name: half + page}
	}
	step := &script.Step{ID: atStep, As: who, Do: []script.Action{action}, Shot: name}
	cut.Sections = append(cut.Sections, script.Section{Title: at, Parts: []script.Part{{Step: step}}})
	return cut, nil
}

// until gives a guide that ends with a step of another.
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

// Links lists where each picture is to be taken by hand, for machines without a browser of ours: the deep link that puts
// a lab into its state, and the page. It walks over HTTP to learn the addresses.
func Links(ctx context.Context, out io.Writer, guideScript *script.Script, only []string) error {
	names, err := wanted(guideScript, only)
	if err != nil {
		return err
	}
	server, err := serve(ctx, time.Time{}, nil)
	if err != nil {
		return err
	}
	defer func() { _ = server.close() }() // its lab is thrown away
	report, err := player.Play(ctx, guideScript, player.Options{
		URL: "http://" + address, Lab: labName,
		Pictures: &player.Pictures{
			Resolve: map[string]string{address: server.listener.Addr().String()},
			Wanted:  func(name string) bool { return slices.Contains(names, name) },
			Receive: func(p player.Picture) {
				fmt.Fprintf(out, "%-8s http://%s/labs/%s/shots/%s puts the lab in its state\n         %s, as %s, step %s\n", p.Shot.Name, address, labName, p.Shot.Name, p.Address, p.As, p.Step)
				for _, m := range p.Shot.Marks {
					fmt.Fprintf(out, "         point at “%s”\n", m.Control)
				}
			},
		},
	})
	for _, result := range report.Steps {
		if result.Failure != nil {
			return errors.Join(err, result.Failure)
		}
	}
	return err
}
