package main

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cookies "github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// chromium is a Chromium that uses the cookies of visitors.
type chromium struct {
	*testing.T
	ctx context.Context
	url string
}

func newChromium(t *testing.T, s *server) chromium {
	t.Helper()
	path, err := player.FindBrowser("")
	if err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	allocator, stop := chromedp.NewExecAllocator(limited, player.BrowserOptions(path)...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(end)
	return chromium{t, ctx, s.url}
}

func (c chromium) run(actions ...chromedp.Action) {
	c.Helper()
	if err := chromedp.Run(c.ctx, actions...); err != nil {
		c.Fatal(err)
	}
}

// as opens a page with a visitor's cookies; nil means without cookies.
func (c chromium) as(v *visitor, path string) {
	c.Helper()
	u, err := url.Parse(c.url)
	if err != nil {
		c.Fatal(err)
	}
	c.run(cookies.Enable(), cookies.ClearBrowserCookies())
	if v != nil {
		for _, k := range v.client.Jar.Cookies(u) {
			c.run(cookies.SetCookie(k.Name, k.Value).WithDomain(u.Hostname()).WithPath("/"))
		}
	}
	c.run(chromedp.Navigate(c.url + path))
}

// shows waits until the page, or the next one, shows a text.
func (c chromium) shows(text string) {
	c.Helper()
	c.run(chromedp.WaitVisible("//*[contains(text(), '" + text + "')]"))
}

// check runs axe at two widths and fails if a page scrolls sideways.
func (c chromium) check(name, axe string) {
	c.Helper()
	for _, width := range []int64{1280, 320} {
		var loaded, sideways bool
		var found string
		c.run(emulation.SetDeviceMetricsOverride(width, 800, 1, false), chromedp.Evaluate(axe+"\n;true", &loaded),
			chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then((r) =>
				r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" ")).join("\n"))`, &found,
				func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
			chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &sideways))
		if found != "" {
			c.Errorf("%s at %d: %s", name, width, found)
		}
		if sideways {
			c.Errorf("%s at %d scrolls sideways", name, width)
		}
	}
}

// axe checks the pages of a workshop in Chromium, with nicknames of all kinds, at two widths.
func TestWorkshopPagesAreAccessible(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 40)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	for _, nickname := range []string{strings.Repeat("W", 30), "مريم بنت عبد الله", "👩‍🚀🦄", "\u202eevil", "<b>bold</b>", "=1+1"} {
		newVisitor(t, s).join(nickname)
	}
	ada.instructs(s)
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	ada.post("/instructor/act", url.Values{"all": {"true"}, "action": {"lock"}})
	ada.post("/instructor/act", url.Values{"all": {"true"}, "action": {"message"}, "message": {strings.Repeat("Wide", 40)}})
	ada.post("/instructor/workshop", url.Values{"banner": {"Break until ten"}, "minutes": {"10"}, "frozen": {"true"}, "sections": {"1"}})
	c := newChromium(t, s)
	for _, page := range []struct {
		who  *visitor
		path string
	}{
		{nil, "/?code=blue-lantern"}, {nil, "/instructor"}, {nil, "/labs/lab-01"}, {ann, "/card"},
		{ann, "/okta/lab-01/login/login.htm"}, {ann, "/labs/lab-01"}, {ann, "/labs/lab-01/traffic"}, {ann, "/labs/lab-01/mail"},
		{ada, "/instructor/console"}, {ada, "/instructor/projector"}, {ada, "/instructor/cards"}} {
		c.as(page.who, page.path)
		c.check(page.path, axe(t))
	}
	c.as(ada, "/instructor/console")
	c.run(chromedp.Click(`//button[normalize-space()="Apply"]`, chromedp.NodeVisible))
	c.shows("No attendee is selected.")
	c.check("a refused action", axe(t))
}

// Open pages show an instructor's message without a click. The console shows what attendees do, also after a refused action.
func TestWorkshopUpdatesOpenPages(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ada.instructs(s)
	c := newChromium(t, s)
	c.as(ada, "/instructor/console")
	c.shows("Nobody has joined yet.")
	ann.join("Ann")
	c.shows("lab-01, seen")
	c.as(ann, "/okta/lab-01/login/login.htm")
	ada.post("/instructor/act", url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Look at the board."}})
	c.shows("Look at the board.")
	c.run(chromedp.Click(`//button[contains(., "Dismiss")]`, chromedp.NodeVisible), chromedp.WaitNotPresent("//*[contains(text(), 'Look at the board.')]"))

	c.as(ada, "/instructor/console")
	c.run(chromedp.Click(`//button[normalize-space()="Apply"]`, chromedp.NodeVisible))
	c.shows("No attendee is selected.")
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	c.shows("Hand up")
	c.as(ada, "/instructor/projector")
	newVisitor(t, s).join("Ben")
	c.shows("2 of 5 have joined.")
}

// A newly opened section appears on open pages.
func TestOpenedSectionAppears(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.post("/instructor/workshop", url.Values{"sections": {"1"}})
	ada.post("/instructor/act", url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"2.1"}})
	c := newChromium(t, s)
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.shows("has not opened the next section")
	ada.post("/instructor/workshop", url.Values{"sections": {"0"}})
	c.shows("Step 2.1")
}
