package player

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"understudy/seed/script"
)

// Alone says how [PlayAlone] plays a step in a lab where a learner has done the steps before it.
type Alone struct {
	Values map[string]string                               // variables that are known: the learner's people, copied values
	Rename func(text string) string                        // replaces the names of the guide by the learner's names
	Place  func(*script.Step) string                       // URL of the page on which a step begins
	SignIn func(identity, product string) ([]Login, error) // sessions of an identity in okta or sigma
}

// Login is a cookie with a session, and the URL that it belongs to.
type Login struct {
	URL    string
	Cookie *http.Cookie
}

// PlayAlone plays one step and nothing else, with the HTTP player. The lab is as the learner left it, and keeps the learner's
// names. It waits until the check of the step is met.
func PlayAlone(ctx context.Context, s *script.Script, step *script.Step, o Options, a Alone) error {
	pl, err := newPlay(ctx, s, o)
	if err != nil {
		return err
	}
	defer pl.close()
	for name, value := range a.Values {
		pl.values[name] = value
	}
	one := &playAlone{play: pl, Alone: a}
	if err := one.step(ctx, step, 0); err != nil {
		return err
	}
	if step.MarkableByHand() {
		return nil
	}
	result := Result{ID: step.ID, Status: Passed}
	pl.awaitDone(ctx, &result, step, nil)
	if result.Failure != nil {
		return result.Failure
	}
	return nil
}

// playAlone is the state of one call of PlayAlone.
type playAlone struct {
	*play
	Alone
}

// maxSupplies bounds how many steps may copy values for one another.
const maxSupplies = 3

// step plays the blocks of a step that apply. depth counts the steps that need a value which this step copies.
func (p *playAlone) step(ctx context.Context, step *script.Step, depth int) error {
	who := step.As
	for i, block := range step.PlayedAlone() {
		facts, err := p.facts(ctx, step)
		if err != nil {
			return err
		}
		if !block.Applies(facts) {
			continue
		}
		actions := block.Do
		if len(step.Alone) == 0 && i == 0 && step.At.Product() != "" {
			begin := []script.Action{{Verb: script.VerbSignedIn, Name: step.At.Product()}, {Verb: script.VerbVisit, Name: "{" + script.PageVariable + "}"}}
			actions = append(begin, actions...)
		}
		for _, action := range actions {
			if who, err = p.action(ctx, step, who, action, depth); err != nil {
				return fmt.Errorf("%s: %w", action, err)
			}
		}
	}
	return nil
}

func (p *playAlone) facts(ctx context.Context, step *script.Step) (script.Facts, error) {
	parts := p.script.ViewPartsAlone(step)
	if len(parts) == 0 {
		return nil, nil
	}
	view, err := fetchView(ctx, p.client, p.URL, p.Lab, parts)
	return p.script.Facts(view), err
}

// action plays one action as an identity, and returns the identity that plays the next one.
func (p *playAlone) action(ctx context.Context, step *script.Step, who string, action script.Action, depth int) (string, error) {
	switch action.Verb {
	case script.VerbShot, script.VerbHold, script.VerbRelease:
		return who, nil
	case script.VerbAs:
		return action.Name, nil
	case script.VerbSignedIn:
		return who, p.signIn(who, action.Name)
	}
	w, err := p.window(who, false)
	if err != nil {
		return who, err
	}
	if err := p.supply(ctx, action, depth); err != nil {
		return who, err
	}
	for _, text := range []*string{&action.Name, &action.In, &action.Value} {
		*text = p.Rename(*text)
	}
	p.values[script.PageVariable] = p.Place(step)
	ready, err := action.ReplaceVariables(p.values.lookup)
	if err != nil {
		return who, err
	}
	return who, p.perform(ctx, w, ready)
}

// signIn gives an identity a new window in which it is signed in to a product.
func (p *playAlone) signIn(identity, product string) error {
	w, err := p.window(identity, true)
	if err != nil {
		return err
	}
	logins, err := p.SignIn(identity, product)
	if err != nil {
		return err
	}
	for _, l := range logins {
		at, err := url.Parse(l.URL)
		if err != nil {
			return err
		}
		w.(*httpWindow).client.Jar.SetCookies(at, []*http.Cookie{l.Cookie})
	}
	return nil
}

var copiedVariable = regexp.MustCompile(`\{([a-z][a-z0-9-]*)\}`)

// supply plays the steps that copy the values which an action uses, unless the values are known.
func (p *playAlone) supply(ctx context.Context, action script.Action, depth int) error {
	for _, text := range []string{action.Name, action.In, action.Value} {
		for _, match := range copiedVariable.FindAllStringSubmatch(text, -1) {
			if _, known := p.values[match[1]]; known || match[1] == script.PageVariable {
				continue
			}
			source := p.copyingStep(match[1])
			if source == nil || depth >= maxSupplies {
				return fmt.Errorf("no step copies {%s}", match[1])
			}
			if err := p.step(ctx, source, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyingStep returns the step that copies a variable when it is played alone; nil for none.
func (p *playAlone) copyingStep(variable string) *script.Step {
	for _, step := range p.script.Steps() {
		for _, block := range step.PlayedAlone() {
			if slices.ContainsFunc(block.Do, func(a script.Action) bool { return a.Verb == script.VerbCopy && a.Value == variable }) {
				return step
			}
		}
	}
	return nil
}
