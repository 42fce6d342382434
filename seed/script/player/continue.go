package player

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"understudy/seed/script"
)

// Resume says how a player goes on in a lab in which the steps before Options.From are completed.
type Resume struct {
	// Scratch is another lab of the server, from the same scenario. The steps before are played there, to know the pages
	// that they leave open and the values that they copy.
	Scratch string
	// Copied are the values that were copied in the lab, by the label of their field.
	Copied map[string]string
}

// errNoScratch means that a player cannot go on without a second lab.
var errNoScratch = errors.New("to go on at a step, the player needs a second lab")

// resume opens the pages that the steps before a step leave open, in windows of the same people.
func (pl *play) resume(ctx context.Context, from string) error {
	if pl.Resume.Scratch == "" {
		return errNoScratch
	}
	scratch, err := newPlay(ctx, pl.script, Options{
		URL: pl.URL, Lab: pl.Resume.Scratch, Transport: pl.Transport, CheckTimeout: pl.CheckTimeout, Egress: pl.Egress,
	})
	if err != nil {
		return err
	}
	for _, step := range pl.script.Steps() {
		if step.ID == from {
			break
		}
		if result := scratch.step(ctx, step); result.Failure != nil {
			return fmt.Errorf("play the steps before %s in another lab: %w", from, result.Failure)
		}
	}
	names, err := pl.correspondence(ctx)
	if err != nil {
		return err
	}
	pl.takeValues(scratch, names)
	values := pl.valuesInPlaceOf(scratch)
	for identity, w := range scratch.windows {
		before, isHTTP := w.(*httpWindow)
		if !isHTTP || before.page == nil {
			continue
		}
		if err := pl.enter(ctx, identity, before, names, values); err != nil { // perhaps the step does not need this page
			pl.logf("     note the page of %s before step %s cannot be opened again: %v\n", identity, from, err)
		}
	}
	return nil
}

// takeValues takes over the variables of the steps before: what the learner copied, or else the values of the other lab.
func (pl *play) takeValues(scratch *play, names *strings.Replacer) {
	for name, value := range scratch.values {
		if _, known := pl.values[name]; !known {
			pl.values[name] = names.Replace(value)
		}
	}
	for name := range scratch.copied {
		pl.copied[name] = pl.values[name]
	}
	for _, step := range pl.script.Steps() {
		for _, action := range step.Do {
			value, copied := pl.Resume.Copied[action.Name]
			if _, before := scratch.copied[action.Value]; action.Verb == script.VerbCopy && copied && before {
				pl.values[action.Value], pl.copied[action.Value] = value, value
			}
		}
	}
}

// valuesInPlaceOf replaces the copied values of the other lab, such as its tokens, by those of the lab.
func (pl *play) valuesInPlaceOf(scratch *play) *strings.Replacer {
	var pairs []string
	for name, value := range scratch.copied {
		pairs = append(pairs, value, pl.values[name])
	}
	return strings.NewReplacer(pairs...)
}

// correspondence replaces addresses and identifiers of the other lab by those of the lab. Records correspond that have the
// same name.
func (pl *play) correspondence(ctx context.Context) (*strings.Replacer, error) {
	pairs := []string{
		"/okta/" + pl.Resume.Scratch, "/okta/" + pl.Lab, "/sigma/" + pl.Resume.Scratch, "/sigma/" + pl.Lab,
	}
	ids := [2]map[string]string{}
	for i, lab := range []string{pl.Resume.Scratch, pl.Lab} {
		view, err := fetchView(ctx, pl.client, pl.URL, lab, []string{"okta.users", "okta.groups", "okta.apps", "sigma.members", "sigma.teams", "sigma.accountTypes"})
		if err != nil {
			return nil, err
		}
		ids[i] = map[string]string{}
		collectIDs(view, "", ids[i])
	}
	for name, id := range ids[0] {
		if own, found := ids[1][name]; found && own != id {
			pairs = append(pairs, id, own)
		}
	}
	return strings.NewReplacer(pairs...), nil
}

// idFields and nameFields are the fields of a view that identify a record, and those that name it.
var (
	idFields   = []string{"id", "memberId", "teamId", "accountTypeId"}
	nameFields = []string{"login", "email", "label", "name"}
)

// collectIDs finds the identifiers of the records in a view, by kind and name.
func collectIDs(value any, at string, found map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		id, name := "", ""
		for _, field := range idFields {
			if text, isText := v[field].(string); isText {
				id = text
			}
		}
		profile, _ := v["profile"].(map[string]any)
		for _, field := range slices.Backward(nameFields) {
			for _, of := range []map[string]any{profile, v} {
				if text, isText := of[field].(string); isText {
					name = text
				}
			}
		}
		if id != "" && name != "" {
			found[at+" "+name] = id
		}
		for field, member := range v {
			collectIDs(member, at+"."+field, found)
		}
	case []any:
		for _, item := range v {
			collectIDs(item, at, found)
		}
	}
}

// maxSignIns is how many pages lead from a typed address to a page behind a sign-in: choice, user name and password, and back.
const maxSignIns = 4

// enter opens the page that a window of the other lab shows, and signs its person in on the way.
func (pl *play) enter(ctx context.Context, identity string, before *httpWindow, names, values *strings.Replacer) error {
	w, err := pl.window(identity, false)
	if err != nil {
		return err
	}
	wanted, err := url.Parse(names.Replace(before.page.url.String()))
	if err != nil {
		return err
	}
	for range maxSignIns {
		if err := w.visit(ctx, wanted.String()); err != nil {
			return err
		}
		if err := pl.signIn(ctx, w, identity, wanted); err != nil {
			return err
		}
		if p, err := w.read(ctx); err != nil || p.url.Path == wanted.Path {
			return errors.Join(err, pl.fillAgain(ctx, w, before, names, values))
		}
	}
	return fmt.Errorf("the page %s does not open", wanted.Path)
}

// signIn fills the sign-in forms that stand before a page.
func (pl *play) signIn(ctx context.Context, w window, identity string, wanted *url.URL) error {
	for range maxSignIns {
		p, err := w.read(ctx)
		if err != nil || p.url.Path == wanted.Path {
			return err
		}
		var actions []script.Action
		click := func(name string) { actions = append(actions, script.Action{Verb: script.VerbClick, Name: name}) }
		fill := func(name, field string) {
			actions = append(actions, script.Action{Verb: script.VerbFill, Name: name, Value: pl.values[identity+"."+field]})
		}
		switch {
		case p.has("Password") && p.has("Username"):
			fill("Username", "username")
			fill("Password", pl.passwordField(identity))
			click("Sign in")
		case p.has("Password") && p.has("Email"):
			fill("Email", "email")
			fill("Password", pl.passwordField(identity))
			click("Sign in")
		case p.has("Sign in with SSO"):
			click("Sign in with SSO")
		default:
			return nil
		}
		for _, a := range actions {
			if _, err := perform(ctx, w, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// passwordField is the field of a person with their password: a script names a password that the person chose new-password.
func (pl *play) passwordField(identity string) string {
	if _, chosen := pl.values[identity+".new-password"]; chosen {
		return "new-password"
	}
	return "password"
}

// fillAgain fills in what was filled in on the page of the other lab and not sent yet.
func (pl *play) fillAgain(ctx context.Context, w window, before *httpWindow, names, values *strings.Replacer) error {
	for _, a := range before.typed {
		a.Name, a.In, a.Value = names.Replace(a.Name), names.Replace(a.In), names.Replace(values.Replace(a.Value))
		if _, err := perform(ctx, w, a); err != nil {
			return err
		}
	}
	return nil
}

// withCookie adds a cookie to the requests to one server.
type withCookie struct {
	next   http.RoundTripper
	cookie *http.Cookie
	server string
}

// RoundTrip implements http.RoundTripper.
func (t withCookie) RoundTrip(r *http.Request) (*http.Response, error) {
	if server, err := url.Parse(t.server); err == nil && server.Host == r.URL.Host {
		r = r.Clone(r.Context()) // a RoundTripper must not change the request
		r.AddCookie(t.cookie)
	}
	return t.next.RoundTrip(r)
}
