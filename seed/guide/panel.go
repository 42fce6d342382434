package guide

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// Panel returns the guide panel for a page of a lab. It returns nil when a script player requests the page, because a
// script must not find controls of the panel.
func (g *Guide) Panel(r *http.Request, l *lab.Lab) templ.Component {
	if r.Header.Get(player.GuideHeader) == player.GuideOff {
		return nil
	}
	cookie, err := r.Cookie(hiddenCookie)
	hidden := err == nil && cookie.Value == "hidden"
	from := viewerOf(r)
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		view, err := g.panelView(ctx, l, from)
		if err != nil { // the page is more important than the panel: show the page without it
			return nil //nolint:nilerr // see above
		}
		view.Hidden = hidden
		return page.Guide(view).Render(ctx, w)
	})
}

// panelView returns the content of the panel for the lab as it is now.
func (g *Guide) panelView(ctx context.Context, l *lab.Lab, from viewer) (page.GuideView, error) {
	v := page.GuideView{Base: "/labs/" + l.Name + "/guide", Back: from.Path, Tab: from.tab(l), Total: len(g.steps)}
	p, err := g.Progress(ctx, l)
	if err != nil {
		return v, err
	}
	v.Done = p.Count()
	if v.State, err = panelState(p); err != nil {
		return v, err
	}
	if err := g.addStep(ctx, l, &v, p, from); err != nil {
		return v, err
	}
	items, err := l.Clipboard(ctx)
	if err != nil {
		return v, err
	}
	for _, item := range items {
		v.Clipboard = append(v.Clipboard, page.ClipboardItem{Label: item.Label, Value: item.Value, Use: clipboardUses[item.Label]})
	}
	checkpoint, ok, err := g.undoTarget(ctx, l)
	if ok {
		v.Undo = checkpoint.Label
	}
	return v, err
}

// addStep adds the step that the panel shows, and the steps around it.
func (g *Guide) addStep(ctx context.Context, l *lab.Lab, v *page.GuideView, p Progress, from viewer) error {
	v.Previous = g.stepBefore(idOf(p.Shown))
	if p.Shown == nil {
		home := "/labs/" + l.Name
		v.Offers = []kit.Link{
			{Label: "Find and fix a fault in this lab", Href: home + "/faults"},
			{Label: "See what Okta and Sigma sent to each other", Href: home + "/traffic"},
			{Label: "Open the whole guide, and go back to any step", Href: v.Base},
			{Label: "Choose another guide on the lab page", Href: home},
			{Label: "Export this lab as a file", Href: home + "/export"},
		}
		return nil
	}
	if v.Next = g.stepAfter(p.Shown.ID); v.Next == "" {
		v.Next = page.GuideEnd
	}
	if ahead := idOf(p.Current); ahead != "" && ahead != p.Shown.ID && ahead != v.Next {
		v.Ahead = ahead
	}
	if v.Closed = g.isClosed(ctx, p.Shown); v.Closed {
		return nil
	}
	v.Step, v.StepDone, v.Ready = g.stepView(p.Shown, p.LearnerNames), p.Done[p.Shown.ID], p.Ready
	for _, sentence := range p.ShownMistakes {
		v.Mistakes = append(v.Mistakes, g.useNames(sentence, g.namesIn(p.Shown, p.LearnerNames)))
	}
	if v.StepDone && p.Current != nil && !g.isClosed(ctx, p.Current) { // the learner may have begun the open step without Next
		v.Begun = p.Current.ID
		for _, sentence := range p.Mistakes {
			v.BegunMistakes = append(v.BegunMistakes, g.useNames(sentence, g.namesIn(p.Current, p.LearnerNames)))
		}
	}
	v.Refused = g.refusalIn(l.Name, p.Shown.ID)
	var err error
	v.Step.Open, err = g.openButton(ctx, l, p, p.Shown, from)
	return err
}

// clipboardUses says, by the label of a copied field, where the quickstart needs the value. The panel prints "For " in
// front of it.
var clipboardUses = map[string]string{
	"Company Login URL":   "Okta: Default Relay State, with /finish-login appended. You also sign in to Sigma at this URL.",
	"Sign on URL":         "Sigma: Identity provider login URL",
	"Signing Certificate": "Sigma: Identity provider X509 certificate",
	"Directory Base URL":  "Okta: Base URL",
	"Bearer Token":        "Okta: API Token",
}

// stepView returns the content of a step for the panel and the whole guide, with the learner's names.
func (g *Guide) stepView(step *script.Step, learnerNames map[string]string) *page.GuideStep {
	text, learnerNames := g.text[step.ID], g.namesIn(step, learnerNames)
	v := &page.GuideStep{
		ID: step.ID, Section: g.script.Sections[text.Section].Title, Who: g.useNames(g.displayName(step.As), learnerNames),
		Text: templ.Raw(g.useNamesHTML(text.HTML, learnerNames)), ByHand: step.MarkableByHand(), Confirm: step.Confirm,
		Awaits: g.useNames(step.Awaits, learnerNames),
	}
	for _, hint := range step.Hints {
		v.Hints = append(v.Hints, g.useNames(hint, learnerNames))
	}
	for _, control := range text.Controls {
		v.Controls = append(v.Controls, g.useNames(control, learnerNames))
	}
	return v
}

// displayName returns the name under which the guide shows an identity of the script, such as "okta-admin".
func (g *Guide) displayName(identity string) string {
	switch identity {
	case "okta-admin":
		return "Okta administrator"
	case "sigma-admin":
		return "Sigma administrator"
	}
	if name := g.script.Vars[identity]["first-name"]; name != "" {
		return name
	}
	return identity
}

// servePanel serves the panel alone; guide.js replaces the panel of an open page with it.
func (g *Guide) servePanel(v visit) error {
	view, err := g.panelView(v.Ctx(), v.Lab, viewer{Path: door.LocalPath(v.QueryParam("at"), ""), Browser: v.Browser})
	view.Hidden = v.QueryParam("shown") == "no"
	if err != nil {
		return err
	}
	return v.Render(http.StatusOK, page.Guide(view))
}

// eventDelay is the time between a change and its event. One click often makes several changes, which share one event.
const eventDelay = 60 * time.Millisecond

// serveEvents serves a stream of server-sent events: "guide", with the state of the panel, whenever that state changes.
func (g *Guide) serveEvents(v visit) error {
	ctx, cancel := context.WithCancel(v.Ctx())
	defer cancel()
	defer context.AfterFunc(g.stopped, cancel)()
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx must not buffer the stream
	v.Response().WriteHeader(http.StatusOK)
	sent := ""
	for {
		version := v.Lab.DB.Version()
		if now, err := g.all.Of(ctx, v.Lab); err != nil || now != g {
			return nil //nolint:nilerr // the learner follows another guide: the browser reconnects
		}
		p, err := g.Progress(ctx, v.Lab)
		if err != nil {
			return nil //nolint:nilerr // the browser reconnects
		}
		state, err := panelState(p)
		if err != nil {
			return err
		}
		if state != sent {
			if _, err := fmt.Fprintf(v.Response(), "event: guide\ndata: %s\n\n", state); err != nil {
				return nil //nolint:nilerr // the browser closed the connection
			}
			v.Response().Flush()
			sent = state
		}
		if _, err := v.Lab.DB.WaitChange(ctx, version); err != nil {
			return nil //nolint:nilerr // the browser closed the connection, or the server stops
		}
		select {
		case <-time.After(eventDelay):
		case <-ctx.Done():
			return nil
		}
	}
}

// panelState returns a JSON text that changes whenever the content of the panel does. The HTML of the panel contains this
// state, and guide.js reloads the panel when an event has another state.
func panelState(p Progress) (string, error) {
	current := idOf(p.Current)
	text, err := json.Marshal(map[string]any{
		"guide": p.Guide, "done": p.Count(), "current": current, "shown": idOf(p.Shown), "ready": p.Ready, "clipboard": p.Copied,
		"missed": sumOf(p.ShownMistakes), "begun": sumOf(p.Mistakes),
		"names": slices.Sorted(maps.Values(p.LearnerNames)),
	})
	return string(text), err
}

// sumOf is a checksum of sentences. The state has it in place of the sentences, which have the names of the guide and not the learner's.
func sumOf(sentences []string) uint32 {
	sum := fnv.New32a()
	for _, sentence := range sentences {
		_, _ = io.WriteString(sum, sentence+"\n")
	}
	return sum.Sum32()
}
