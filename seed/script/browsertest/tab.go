package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"understudy/seed/base/waittest"
	"understudy/seed/script/player"
)

// Deadline bounds each action and each wait. It is generous, because a busy machine is slow; a test that passes never waits for it.
const Deadline = waittest.Deadline

// Tab is a tab of Chromium with its own cookies. Each failed action ends the test.
type Tab struct {
	testing.TB
	ctx    context.Context
	loaded chan struct{} // receives when a page has got its document; holds at most one signal
}

// Open opens a tab that is 1280 pixels wide and closes it at the end of the test. The tab behaves as if it had the keyboard focus,
// whatever other tests do in the same browser.
func Open(t testing.TB) *Tab {
	t.Helper()
	browser, err := acquire()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	ctx, closeTab, err := player.NewPrivateTab(browser)
	if err != nil {
		t.Fatal(err)
	}
	return prepare(t, ctx, closeTab)
}

// Beside opens another tab with the same cookies.
func (tab *Tab) Beside() *Tab {
	tab.Helper()
	var id target.ID
	tab.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		executor := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		own, err := target.GetTargetInfo().WithTargetID(chromedp.FromContext(ctx).Target.TargetID).Do(executor)
		if err != nil {
			return err
		}
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(own.BrowserContextID).WithNewWindow(true).Do(executor)
		return err
	}))
	ctx, closeTab := chromedp.NewContext(tab.ctx, chromedp.WithTargetID(id))
	if err := chromedp.Run(ctx); err != nil {
		closeTab()
		tab.Fatal(err)
	}
	return prepare(tab.TB, ctx, closeTab)
}

func prepare(t testing.TB, ctx context.Context, closeTab func()) *Tab {
	t.Helper()
	t.Cleanup(closeTab)
	tab := &Tab{TB: t, ctx: ctx, loaded: make(chan struct{}, 1)}
	chromedp.ListenTarget(ctx, func(event any) {
		if _, is := event.(*cdppage.EventDomContentEventFired); is {
			select {
			case tab.loaded <- struct{}{}:
			default:
			}
		}
	})
	tab.Run(emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(1280, 800))
	return tab
}

// Run performs actions. An action that takes longer than Deadline fails the test with a report of the page.
func (tab *Tab) Run(actions ...chromedp.Action) {
	tab.Helper()
	if err := tab.try(Deadline, actions...); err != nil {
		tab.Fatalf("%v\n%s", err, tab.Describe())
	}
}

func (tab *Tab) try(limit time.Duration, actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(tab.ctx, limit)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// Visit opens an address and returns when the page has loaded.
func (tab *Tab) Visit(address string) {
	tab.Helper()
	tab.Run(chromedp.Navigate(address))
}

// Read evaluates a JavaScript expression of the current page. The result is read as JSON.
func Read[T any](tab *Tab, expression string) (result T) {
	tab.Helper()
	tab.Run(chromedp.Evaluate(expression, &result))
	return result
}

// describeJS is what a person would see first: address, title, focus and text of the page.
const describeJS = `(() => {
	const e = document.activeElement;
	const focus = e && e !== document.body ? e.tagName + " " + JSON.stringify((e.getAttribute("aria-label") || e.labels?.[0]?.textContent ||
		e.textContent || e.name || "").trim().replace(/\s+/g, " ").slice(0, 80)) : "nothing";
	return {address: location.href, title: document.title, state: document.readyState, focus: focus,
		text: (document.body?.innerText ?? "").replace(/\s*\n\s*/g, " | ").slice(0, 1500)};
})()`

// Describe tells what the page shows now.
func (tab *Tab) Describe() string {
	var page struct{ Address, Title, State, Focus, Text string }
	if err := tab.try(10*time.Second, chromedp.Evaluate(describeJS, &page)); err != nil {
		return fmt.Sprintf("The page could not be read: %v", err)
	}
	return fmt.Sprintf("The page is %s %q (%s). The focus is on %s. The page shows: %s", page.Address, page.Title, page.State, page.Focus, page.Text)
}

// quote returns a text as a JavaScript string.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil { // never happens for a string
		panic(err)
	}
	return string(quoted)
}
