package main

import (
	"context"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/browsertest"
)

// Browsers allow six connections to one server, so that eight tabs share one event stream: a page still opens, and each tab is kept up
// to date. Browsers without locks (pages over plain HTTP) share the stream, too.
func TestManyTabsOfALabShareOneEventStream(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"with locks":    ``,
		"without locks": `Object.defineProperty(navigator, "locks", {value: undefined})`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLearner(t, start(t))
			first := l.tab()
			tabs := []*browsertest.Tab{first}
			for range 7 {
				tabs = append(tabs, first.Beside())
			}
			for _, tab := range tabs {
				tab.Run(chromedp.ActionFunc(func(ctx context.Context) error {
					_, err := cdppage.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
					return err
				}))
				tab.Visit(l.server.url + "/okta/demo/login/login.htm")
			}
			first.Visit(l.server.url + "/okta/demo/login/login.htm?again")
			l.copies("Sign on URL", "http://lab.example/sso")
			for _, tab := range tabs {
				tab.Shows("Clipboard: 1 copied")
			}
		})
	}
}
