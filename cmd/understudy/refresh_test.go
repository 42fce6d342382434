package main

import (
	"net/http/cookiejar"
	"net/url"
	"testing"

	cookies "github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"understudy/seed/script/browsertest"
)

// tab opens a tab that has the cookies of the learner.
func (l *learner) tab() *browsertest.Tab {
	l.Helper()
	tab := browsertest.Open(l.T)
	u, err := url.Parse(l.server.url)
	if err != nil {
		l.Fatal(err)
	}
	if jar, is := l.client.Jar.(*cookiejar.Jar); is {
		for _, k := range jar.Cookies(u) {
			tab.Run(cookies.SetCookie(k.Name, k.Value).WithDomain(u.Hostname()).WithPath("/"))
		}
	}
	return tab
}

// The panel refreshes while a person uses it. The control that has the focus keeps it, and what the person has opened stays open.
// Otherwise a key press would reach another control, or the control would be gone.
func TestRefreshOfThePanelKeepsFocusAndOpenParts(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	tab := l.tab()
	tab.Visit(l.server.url + "/okta/demo/login/login.htm")
	for _, part := range []string{"How this step is completed", "Undo or start again"} {
		tab.Focus(part)
		tab.Run(chromedp.KeyEvent(kb.Enter))
	}
	tab.Focus("Start this section again")
	l.copies("Sign on URL", "http://lab.example/sso")
	tab.Shows("Clipboard: 1 copied")
	tab.Focused("Start this section again")
	tab.Shows("A user has signed in to Okta and opened the dashboard")

	tab.Focus("Clipboard: 1 copied")
	tab.Run(chromedp.KeyEvent(kb.Enter))
	tab.Focus("Copied: Sign on URL")
	l.copies("Issuer", "http://lab.example/issuer")
	tab.Shows("Clipboard: 2 copied")
	tab.Focused("Copied: Sign on URL")

	// The next step has other hints. The open ones of this step must not reveal them.
	newLearner(t, l.server).post(signInForm, adaSignsIn())
	tab.Until("show that the step is done", `document.querySelector(".guide .guide-who .pill")`)
	tab.Focus("Next")
	tab.Run(chromedp.KeyEvent(kb.Enter))
	tab.Shows("Step 0.2")
	if open := browsertest.Read[int](tab, `document.querySelectorAll(".guide-hint[open]").length`); open != 0 {
		t.Errorf("%d hints of the next step are open", open)
	}
}

// The page of the whole guide refreshes without losing the focus, and scrolls to the new current step.
func TestRefreshOfTheWholeGuideKeepsTheFocus(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	tab := l.tab()
	tab.Visit(l.server.url + "/labs/demo/guide")
	const onButton = `document.activeElement === document.querySelector("#step-0\\.2 button")`
	tab.Until("have the focus on the button of step 0.2", `(document.querySelector("#step-0\\.2 button").focus(), `+onButton+`)`)
	l.post(signInForm, adaSignsIn())
	tab.Shows("Go to step 0.2")
	tab.Until("have the focus on the button of step 0.2 still", onButton)
	tab.Until("show the current step in the window",
		`((r) => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(".guide-line-current").getBoundingClientRect())`)
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	tab.Shows("Go to step 9.8")
	tab.Until("show step 9.8 in the window", `((r) => r.top < innerHeight && r.bottom > 0)(document.querySelector("#step-9\\.8").getBoundingClientRect())`)
}

// The timeline keeps the focus on the line of the same message.
func TestRefreshOfTheTimelineKeepsTheFocus(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"2.9"}})
	tab := l.tab()
	tab.Visit(l.server.url + "/labs/demo/traffic")
	const lines = `document.querySelectorAll("#timeline tbody tr").length`
	tab.Until("have a line of a message", `document.querySelector("#timeline a[href*='/traffic/']")?.focus() ?? document.activeElement.matches("#timeline a")`)
	line := browsertest.Read[string](tab, `document.activeElement.textContent`)
	l.post(signInForm, adaSignsIn())
	tab.Shows("POST /login/login.htm")
	tab.Focused(line)
	if browsertest.Read[int](tab, lines) == 0 {
		t.Error("the timeline is empty")
	}
}

// Pages of a workshop keep the focus and what a person has ticked while others work.
func TestRefreshOfWorkshopPagesKeepsTheFocus(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(c chromium, s *running, ann, ada *visitor){
		"the instructor's console": usesConsoleDuringRefresh, "the notice of an attendee": usesNoticeDuringRefresh,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openWorkshop(t, t.TempDir(), 5)
			ann, ada := newVisitor(t, s), newVisitor(t, s)
			ann.join("Ann")
			ada.instructs(s)
			use(newChromium(t, s), s, ann, ada)
		})
	}
}

func usesConsoleDuringRefresh(c chromium, s *running, ann, ada *visitor) {
	c.as(ada, "/instructor/console")
	c.Focus("Select Ann")
	// In one go: a refresh between the press and the release of a key would take the box away under it.
	c.Run(chromedp.Evaluate(`document.activeElement.click()`, nil))
	newVisitor(ann.T, s).join("Ben")
	c.Until("list Ben", `document.querySelector("[aria-label='Select Ben']")`)
	c.Focused("Select Ann")
	if !browsertest.Read[bool](c.Tab, `document.querySelector("[aria-label='Select Ann']").checked`) {
		c.Error("the box of Ann is no longer ticked")
	}
	if browsertest.Read[bool](c.Tab, `document.querySelector("[aria-label='Select Ben']").checked`) {
		c.Error("the box of Ben is ticked")
	}
}

// usesNoticeDuringRefresh keeps the focus on a button of the notice while the instructor's messages arrive.
func usesNoticeDuringRefresh(c chromium, _ *running, ann, ada *visitor) {
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.Focus("Raise my hand")
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Look at the board."}})
	c.Shows("Look at the board.")
	c.Focused("Raise my hand")
	c.Focus("Dismiss")
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Break until ten."}})
	c.Shows("Break until ten.")
	c.Focused("Dismiss")
}
