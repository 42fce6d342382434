package player

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/chromedp/chromedp"
)

// judge runs axe-core on a page, once for each path, and measures the page and each of its dialogs.
func (w *browserWindow) judge(ctx context.Context, address *url.URL) error {
	if w.browser.axe == "" {
		return nil
	}
	var dialog string
	if err := w.run(ctx, chromedp.Evaluate(overlayJS, &dialog)); err != nil {
		return fmt.Errorf("judge %s: %w", address, err)
	}
	key := address.Path + " " + dialog
	if w.judged[key] {
		return nil
	}
	known := w.judged[address.Path]
	w.judged[key], w.judged[address.Path] = true, true
	if w.browser.narrow {
		if err := w.measure(ctx, address); err != nil {
			return err
		}
	}
	if known { // the dialog is also a page, which is judged where it is opened as one
		return nil
	}
	return w.judgeByAxe(ctx, address)
}

// judgeByAxe runs axe-core at the widths of the browser, and its rules for contrast in dark mode.
func (w *browserWindow) judgeByAxe(ctx context.Context, address *url.URL) error {
	if err := w.runAxe(ctx, address, wideWindow, axeJS); err != nil || !w.browser.narrow {
		return err
	}
	if err := w.run(ctx, chromedp.EmulateViewport(narrowWindow, windowHeight)); err != nil {
		return err
	}
	err := w.runAxe(ctx, address, narrowWindow, axeJS)
	if err == nil {
		err = w.run(ctx, preferTheme("dark"))
	}
	if err == nil {
		err = w.runAxe(ctx, address, narrowWindow, axeContrastJS)
	}
	return errors.Join(err, w.run(ctx, preferTheme(cmp.Or(w.browser.theme, "light")), chromedp.EmulateViewport(wideWindow, windowHeight)))
}

// axeContrastJS runs the rule of axe-core for contrast.
const axeContrastJS = `axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) =>
	({rule: v.id + ' in dark mode', help: v.help, targets: v.nodes.map((n) => n.target.join(' ') + ' ' + n.any[0]?.message)}))))`

// axeJS runs axe-core with its default rules: WCAG 2.2 A and AA, and axe-core's best practices.
const axeJS = `axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) =>
	({rule: v.id, help: v.help, targets: v.nodes.map((n) => n.target.join(' '))}))))`

// runAxe adds the violations of a page, at the current width of the window, to those of the browser.
func (w *browserWindow) runAxe(ctx context.Context, address *url.URL, width int, run string) error {
	var text string
	var loaded bool
	if err := w.run(ctx, chromedp.Evaluate(`"axe" in window`, &loaded)); err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	actions := []chromedp.Action{chromedp.Evaluate(run, &text, awaitPromise)}
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
	for _, v := range list {
		w.browser.report(Violation{URL: address.Path, Rule: v.Rule, Help: v.Help, Width: width, Targets: v.Targets})
	}
	return nil
}

// report adds a violation to those of the browser.
func (b *browser) report(v Violation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.violations = append(b.violations, v)
}
