package kit_test

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// TestAxe runs the accessibility checks of axe-core on all stories, at two widths. AXE is the path of axe.min.js (npm pack
// axe-core). Without AXE the test is skipped.
func TestAxe(t *testing.T) {
	source, err := os.ReadFile(os.Getenv("AXE"))
	browser, missing := player.FindBrowser("")
	if err != nil || missing != nil {
		t.Skip("needs a browser and AXE=…/axe.min.js")
	}
	server := storybook(t)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), player.BrowserOptions(browser)...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	const run = `axe.run().then(r => r.violations.map(v => v.id + ": " + v.help + " " +
		v.nodes.map(n => n.target.join(" ") + " (" + (n.any[0]?.message ?? "") + ")").join("; ")))`
	for name := range stories() {
		for _, width := range []int64{1280, 320} {
			var found []string
			var overflow bool
			err := chromedp.Run(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+"/"+name),
				chromedp.Evaluate(string(source), nil),
				chromedp.Evaluate(run, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
				chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &overflow))
			if err != nil && name != "forward" { // forward submits itself
				t.Fatalf("%s: %v", name, err)
			}
			for _, f := range found {
				t.Errorf("%s at %d: %s", name, width, f)
			}
			if overflow {
				t.Errorf("%s at %d scrolls horizontally", name, width)
			}
		}
	}
}
