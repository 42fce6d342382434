package player

import (
	"context"
	"fmt"
	"net/url"

	"github.com/chromedp/chromedp"
)

// measuredWidths are the widths at which pages are measured, in CSS pixels. At the first one the guide is beside the page.
var measuredWidths = []int{wideWindow, 1024, 768, 390, narrowWindow}

// measureJS lists what is wrong with the layout of the page: it scrolls sideways, a control is cut off at an edge, a text is longer than
// its control or cell, or the last buttons of a dialog are out of view. With wide, a panel like the guide's is beside the page.
const measureJS = `((wide) => {
	const faults = [];
	let panel = document.querySelector("body > .guide:not(.guide-hidden)");
	const added = wide && !panel;
	if (added) {
		panel = document.createElement("aside");
		panel.className = "guide";
		document.body.append(panel);
	}
	const left = wide ? panel.getBoundingClientRect().left : 0;
	const edge = left > innerWidth / 2 ? left : innerWidth; // a page without the stylesheet has the panel below it
	if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
	const dialog = document.querySelector("dialog.overlay[open]");
	const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth;
	const inScroller = (e) => e && e !== document.body && (scrolls(e) || inScroller(e.parentElement));
	const nameOf = (e) => e.localName + " “" + (e.labels?.[0]?.textContent || e.textContent || e.name || "").trim().replace(/\s+/g, " ").slice(0, 60) + "”";
	for (const e of document.querySelectorAll("a, button, input, select, textarea, summary, td, th, dd, h1, h2")) {
		if (!e.checkVisibility({visibilityProperty: true}) || getComputedStyle(e.closest("thead") ?? e).position === "absolute" || e.closest("[inert], .visually-hidden, .skip-link, .guide, svg")) continue;
		const box = e.getBoundingClientRect();
		if (box.width < 2 || inScroller(e.parentElement) && !e.closest("dialog")) continue;
		if (box.left < -1 || box.right > edge + 1) faults.push(nameOf(e) + " is cut off at an edge");
		if (!["INPUT", "TEXTAREA", "A"].includes(e.tagName) && e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0)
			faults.push("the text of " + nameOf(e) + " is longer than its place");
	}
	if (dialog) {
		const last = [...dialog.querySelectorAll(".form-actions")].pop() ?? dialog;
		for (const e of [dialog, last])
			if (e.getBoundingClientRect().bottom > innerHeight + 1) faults.push("the last buttons of the dialog are out of view");
	}
	if (added) panel.remove();
	return faults;
})`

// measure adds the faults of the page's layout, at each of the widths, to those of the browser.
func (w *browserWindow) measure(ctx context.Context, address *url.URL) error {
	for i, width := range measuredWidths {
		var faults []string
		err := w.run(ctx, chromedp.EmulateViewport(int64(width), windowHeight),
			chromedp.Evaluate(fmt.Sprintf("%s(%t)", measureJS, i == 0), &faults))
		if err != nil {
			return fmt.Errorf("measure %s: %w", address, err)
		}
		if len(faults) > 0 {
			w.browser.report(Violation{URL: address.Path, Rule: "layout", Help: "Everything is in view", Width: width, Targets: faults})
		}
	}
	return w.run(ctx, chromedp.EmulateViewport(wideWindow, windowHeight))
}

// overlayJS is the heading of the open dialog.
const overlayJS = `document.querySelector("dialog.overlay[open] :is(h1, h2)")?.textContent ?? ""`
