package browsertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// untilJS resolves when a condition is true. It judges the condition at once and whenever the document changes, something gets the
// focus or is loaded, and at each frame in which the page is painted.
const untilJS = `new Promise((resolve) => {
	const holds = () => { try { return Boolean(%s); } catch (e) { return false; } };
	const events = ["focusin", "input", "change", "toggle", "load", "animationend", "transitionend"];
	const look = () => {
		if (!holds()) return;
		observer.disconnect();
		for (const name of events) removeEventListener(name, look, true);
		done = true;
		resolve(true);
	};
	let done = false;
	const observer = new MutationObserver(look);
	observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
	for (const name of events) addEventListener(name, look, true);
	const frame = () => { look(); if (!done) requestAnimationFrame(frame); };
	frame();
})`

// Until waits until a JavaScript condition holds on the current page or on one that follows it. what completes the sentence
// "The page did not get to: …" that the test fails with after Deadline.
func (tab *Tab) Until(what, condition string) {
	tab.Helper()
	tab.UntilWithin(Deadline, what, condition)
}

// UntilWithin is Until with its own deadline.
func (tab *Tab) UntilWithin(limit time.Duration, what, condition string) {
	tab.Helper()
	if err := tab.until(limit, condition); err != nil {
		tab.Fatalf("The page did not get to: %s, within %s (%v)\n%s", what, limit, err, tab.Describe())
	}
}

// until evaluates the condition in each document that the tab shows. A navigation ends the evaluation in the old document; the next
// one begins when the new document is there.
func (tab *Tab) until(limit time.Duration, condition string) error {
	ctx, cancel := context.WithTimeout(tab.ctx, limit)
	defer cancel()
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	for { // until the condition holds or the deadline ends the context
		var holds bool
		err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(untilJS, condition), &holds, await))
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !documentReplaced(err) {
			return err
		}
		select {
		case <-tab.loaded:
		case <-ctx.Done():
			return fmt.Errorf("a navigation began, and no page followed: %w", ctx.Err())
		}
	}
}

// documentReplaced reports whether an evaluation ended because the tab went to another document.
func documentReplaced(err error) bool {
	if refused, is := errors.AsType[*cdproto.Error](err); is {
		return refused.Code == -32000 // navigated, or the execution context is gone
	}
	return strings.Contains(err.Error(), "Promise was collected")
}

// Shows waits until an element shows a text.
func (tab *Tab) Shows(text string) {
	tab.Helper()
	tab.Until(fmt.Sprintf("show %q", text), shown(text))
}

// ShowsNoMore waits until no element shows a text.
func (tab *Tab) ShowsNoMore(text string) {
	tab.Helper()
	tab.Until(fmt.Sprintf("show no %q", text), "!"+shown(text))
}

// shown is a condition: an element whose own text contains the given text is visible.
func shown(text string) string {
	return fmt.Sprintf(`((text) => {
		const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (nodes.nextNode()) if (nodes.currentNode.data.includes(text) && nodes.currentNode.parentElement.checkVisibility()) return true;
		return false;
	})(%s)`, quote(text))
}

// named is a condition: a control of this name is visible and operable. The condition calls then(control).
func named(name, then string) string {
	return fmt.Sprintf(`((name) => {
		const nameOf = (e) => (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent).trim().replace(/\s+/g, " ");
		const control = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
			.find((e) => e.checkVisibility() && !e.disabled && nameOf(e) === name);
		return control ? (%s)(control) : false;
	})(%s)`, then, quote(name))
}

// Focus waits for the control of a name and gives it the focus. The page must have loaded, so that its scripts do not take the
// focus again.
func (tab *Tab) Focus(name string) {
	tab.Helper()
	const focus = `(control) => { if (document.readyState !== "complete") return false; control.focus(); return document.activeElement === control; }`
	tab.Until(fmt.Sprintf("have a control called %q and give it the focus", name), named(name, focus))
}

// Focused waits until the control of a name has the focus.
func (tab *Tab) Focused(name string) {
	tab.Helper()
	tab.Until(fmt.Sprintf("have the focus on %q", name), named(name, `(control) => document.activeElement === control`))
}

// Click waits for the control of a name and clicks it.
func (tab *Tab) Click(name string) {
	tab.Helper()
	const click = `(control) => { if (document.readyState !== "complete") return false; setTimeout(() => control.click()); return true; }`
	tab.Until(fmt.Sprintf("have a control called %q", name), named(name, click))
}

// Leave performs an action that leads to another document and returns when that document has loaded, even if it has the same address.
func (tab *Tab) Leave(actions ...chromedp.Action) {
	tab.Helper()
	tab.Run(chromedp.Evaluate(`window.left = true`, nil))
	tab.Run(actions...)
	tab.Until("leave "+Read[string](tab, `location.href`), `!window.left && document.readyState === "complete"`)
}
