package player

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/chromedp/chromedp"
)

// judge runs axe-core on a page, once for each path.
func (w *browserWindow) judge(ctx context.Context, address *url.URL) error {
	key := address.Path
	if w.browser.axe == "" || w.judged[key] {
		return nil
	}
	w.judged[key] = true
	if err := w.runAxe(ctx, address, wideWindow); err != nil || !w.browser.narrow {
		return err
	}
	if err := w.run(ctx, chromedp.EmulateViewport(narrowWindow, windowHeight)); err != nil {
		return err
	}
	err := w.runAxe(ctx, address, narrowWindow)
	return errors.Join(err, w.run(ctx, chromedp.EmulateViewport(wideWindow, windowHeight)))
}

// axeJS runs axe-core with its default rules: WCAG 2.2 A and AA, and axe-core's best practices.
const axeJS = `axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) =>
	({rule: v.id, help: v.help, targets: v.nodes.map((n) => n.target.join(' '))}))))`

// runAxe adds the violations of a page, at the current width of the window, to those of the browser.
func (w *browserWindow) runAxe(ctx context.Context, address *url.URL, width int) error {
	var text string
	var loaded bool
	if err := w.run(ctx, chromedp.Evaluate(`"axe" in window`, &loaded)); err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	actions := []chromedp.Action{chromedp.Evaluate(axeJS, &text, awaitPromise)}
	if !loaded { // the page may have it from the check at the other width
		actions = slices.Insert(actions, 0, chromedp.Action(chromedp.Evaluate(w.browser.axe+"\n;true", &loaded)))
	}
	if err := w.run(ctx, actions...); err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	var list []struct {
		Rule, Help string
		Targets    []string
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	w.browser.mu.Lock()
	defer w.browser.mu.Unlock()
	for _, v := range list {
		w.browser.violations = append(w.browser.violations,
			Violation{URL: address.Path, Rule: v.Rule, Help: v.Help, Width: width, Targets: v.Targets})
	}
	return nil
}
