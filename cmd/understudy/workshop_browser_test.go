package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	cookies "github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/browsertest"
)

// chromium is a tab of Chromium that uses the cookies of visitors.
type chromium struct {
	*browsertest.Tab
	url string
}

func newChromium(t *testing.T, s *running) chromium {
	t.Helper()
	return chromium{browsertest.Open(t), s.url}
}

// as opens a page with a visitor's cookies; nil means without cookies.
func (c chromium) as(v *visitor, path string) {
	c.Helper()
	u, err := url.Parse(c.url)
	if err != nil {
		c.Fatal(err)
	}
	c.Run(cookies.ClearBrowserCookies())
	if v != nil {
		for _, k := range v.client.Jar.Cookies(u) {
			c.Run(cookies.SetCookie(k.Name, k.Value).WithDomain(u.Hostname()).WithPath("/"))
		}
	}
	c.Visit(c.url + path)
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
	ada.acts(url.Values{"all": {"true"}, "action": {"lock"}})
	ada.acts(url.Values{"all": {"true"}, "action": {"message"}, "message": {strings.Repeat("Wide", 40)}})
	ada.sets(url.Values{"banner": {"Break until ten"}, "minutes": {"10"}, "frozen": {"true"}, "sections": {"1"}})
	c := newChromium(t, s)
	for _, page := range []struct {
		who  *visitor
		path string
	}{
		{nil, "/?code=blue-lantern"}, {nil, "/instructor"}, {nil, "/labs/lab-01"}, {ann, "/card"},
		{ann, "/okta/lab-01/login/login.htm"}, {ann, "/labs/lab-01"}, {ann, "/labs/lab-01/traffic"}, {ann, "/labs/lab-01/mail"},
		{ada, "/instructor/console"}, {ada, "/instructor/projector"}, {ada, "/instructor/cards"}, {ada, "/instructor/settings"},
		{ada, "/instructor/results"}, {ada, "/instructor/log"}, {ada, "/instructor/content"}} {
		c.as(page.who, page.path)
		c.Accessible(page.path)
	}
	c.as(ada, "/instructor/console")
	c.Click("Apply")
	c.Shows("No attendee is selected.")
	c.Accessible("a refused action")
	c.Run(chromedp.Click(`input[name="all"]`), chromedp.SetValue(`input[name="message"]`, "Look at the board."))
	c.Click("Apply")
	c.Shows("for 7 attendees?")
	c.Accessible("the preview of an action")
	c.as(ada, "/instructor/projector")
	for _, part := range []string{".projector-word", ".projector-timer"} {
		if share := c.capitals(part); share < 0.05 {
			t.Errorf("the capitals of %s have %.1f %% of the height of the window, less than 5 %%", part, 100*share)
		}
	}
}

// capitals is the height of the capital letters of an element, as a share of the height of the window.
func (c chromium) capitals(selector string) (share float64) {
	c.Helper()
	c.Run(chromedp.EmulateViewport(1280, 720), chromedp.Evaluate(fmt.Sprintf(`(() => {
		const style = getComputedStyle(document.querySelector(%q));
		const pen = document.createElement("canvas").getContext("2d");
		pen.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
		return pen.measureText("H").actualBoundingBoxAscent / innerHeight;
	})()`, selector), &share))
	return share
}

// Open pages show an instructor's message without a click. The console shows what attendees do, also after a refused action.
func TestWorkshopUpdatesOpenPages(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ada.instructs(s)
	c := newChromium(t, s)
	c.as(ada, "/instructor/console")
	c.Shows("Nobody has joined yet.")
	ann.join("Ann")
	c.Shows("lab-01, seen")
	c.as(ann, "/okta/lab-01/login/login.htm")
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Look at the board."}})
	c.Shows("Look at the board.")
	c.Click("Dismiss")
	c.ShowsNoMore("Look at the board.")

	c.as(ada, "/instructor/console")
	c.Click("Apply")
	c.Shows("No attendee is selected.")
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	c.Shows("Hand up")
	c.as(ada, "/instructor/projector")
	newVisitor(t, s).join("Ben")
	c.Shows("2 of 5 have joined.")
}

// A newly opened section appears on open pages.
func TestOpenedSectionAppears(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.sets(url.Values{"sections": {"1"}})
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"2.1"}})
	c := newChromium(t, s)
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.Shows("has not opened the next section")
	ada.sets(url.Values{"sections": {"0"}})
	c.Shows("Step 2.1")
}
