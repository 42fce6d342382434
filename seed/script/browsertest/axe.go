package browsertest

import (
	_ "embed"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Axe is the source of axe-core 4 (MPL-2.0, unchanged; see axe/LICENSE), so accessibility tests need nothing but Chromium.
//
//go:embed axe/axe.min.js
var Axe string

const axeJS = `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " +
	v.nodes.map((n) => n.target.join(" ") + " " + n.html + " (" + (n.any[0]?.message ?? "") + ")").join("; ")))`

// Accessible runs axe-core on the current page at 1280 and at 320 pixels (WCAG 2.2, 1.4.10 Reflow). A violation, or a page that scrolls
// sideways, fails the test. A page that loads again or is replaced, as a page does that refreshes itself, is judged once it has loaded.
func (tab *Tab) Accessible(page string) {
	tab.Helper()
	for _, width := range []int64{320, 1280} {
		tab.Run(chromedp.EmulateViewport(width, 800))
		tab.Until("have loaded", `document.readyState === "complete" && !document.querySelector("[aria-busy=true]")`)
		var found []string
		if !Read[bool](tab, `"axe" in window`) {
			tab.Run(chromedp.Evaluate(Axe+"\n;true", nil))
		}
		tab.Run(chromedp.Evaluate(axeJS, &found,
			func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		if len(found) > 0 {
			tab.Errorf("%s at %d pixels: %s", page, width, strings.Join(found, "\n"))
		}
		if Read[bool](tab, `document.documentElement.scrollWidth > innerWidth`) {
			tab.Errorf("%s at %d pixels scrolls sideways", page, width)
		}
	}
}
