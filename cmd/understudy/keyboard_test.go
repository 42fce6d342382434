package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"understudy/seed/script/browsertest"
)

// controls lists the controls of a page by tag, name and purpose. One radio button of a group is enough: arrow keys lead to the others.
const controls = `(() => {
	const name = (c) => c.getAttribute("aria-label") || c.labels?.[0]?.textContent || c.textContent || c.title || c.name;
	window.keyboardKey = (c) => c.type === "radio" ? "radio " + c.name : [c.tagName, name(c).trim().replace(/\s+/g, " ").slice(0, 60),
		c.getAttribute("href") || c.form?.getAttribute("action") + " " + c.name + " " + c.value].join(" ");
	return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
		.filter((c) => !c.disabled && c.type !== "hidden" && !c.closest("[inert]") && c.checkVisibility({visibilityProperty: true})).map(window.keyboardKey);
})()`

// recordFocus makes the page record which control gets the focus and whether the focus is visible.
const recordFocus = `(() => {
	window.keyboardSeen = {};
	document.addEventListener("focusin", (e) => {
		const s = getComputedStyle(e.target);
		window.keyboardSeen[window.keyboardKey(e.target)] =
			s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none";
	});
	document.activeElement.blur();
	return true;
})()`

// tabs presses Tab through a page. Each control must get the focus and show it. A control that a refresh of the page adds or removes
// meanwhile does not count.
func (c chromium) tabs(name string) {
	c.Helper()
	c.Until("have loaded", `document.readyState === "complete" && !document.documentElement.ariaBusy`)
	before := browsertest.Read[[]string](c.Tab, controls)
	browsertest.Read[bool](c.Tab, recordFocus)
	if len(before) == 0 {
		c.Errorf("%s has no controls", name)
	}
	tab := input.DispatchKeyEvent(input.KeyRawDown).WithKey("Tab").WithCode("Tab").WithWindowsVirtualKeyCode(9)
	for range len(before) + len(before)/4 + 3 { // a date field has several tab stops
		c.Run(tab)
	}
	seen := browsertest.Read[map[string]bool](c.Tab, `window.keyboardSeen`)
	after := browsertest.Read[[]string](c.Tab, controls)
	for _, control := range before {
		if shown, reached := seen[control]; !slices.Contains(after, control) {
			continue
		} else if !reached {
			c.Errorf("%s: the Tab key does not lead to %s", name, control)
		} else if !shown {
			c.Errorf("%s: nothing shows that the focus is on %s", name, control)
		}
	}
}

// Each control of the teaching pages can be reached and used by keyboard, with a visible focus.
func TestEverythingWorksByKeyboard(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.wants(200)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"2.9"}}))
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	ada.sets(url.Values{"banner": {"Break until ten"}, "minutes": {"10"}})
	ann.wants(200)(ann.post("/okta/lab-01/signin/forgot-password", url.Values{"username": {"ada.okafor@brightwater.example"}}))
	_, traffic := ann.get("/labs/lab-01/traffic?")
	message := regexp.MustCompile(`/labs/lab-01/traffic/[0-9]+`).FindString(traffic)
	_, mail := ann.get("/labs/lab-01/mail")
	email := regexp.MustCompile(`/labs/lab-01/mail/[0-9]+`).FindString(mail)
	if message == "" || email == "" {
		t.Fatal("the lab has no message or no email")
	}
	c := newChromium(t, s)
	for _, page := range []struct {
		who  *visitor
		path string
	}{
		{nil, "/"}, {nil, "/instructor"}, {ann, "/card"}, {ann, "/labs/lab-01"}, {ann, "/okta/lab-01/login/login.htm"}, {ann, "/sigma/lab-01/login"},
		{ann, "/labs/lab-01/guide"}, {ann, "/labs/lab-01/windows"}, {ann, "/labs/lab-01/mail"}, {ann, email},
		{ann, "/labs/lab-01/faults"}, {ann, "/labs/lab-01/reset"},
		{ann, "/labs/lab-01/traffic"}, {ann, message}, {ann, message + "/sequence"}, {ann, "/labs/lab-01/traffic/decode"}, {ann, "/labs/lab-01/traffic/preview"},
		{ada, "/instructor/console"}, {ada, "/instructor/cards"}, {ada, "/instructor/projector"},
	} {
		c.as(page.who, page.path)
		c.tabs(page.path)
	}

	// The panel: an arrow key makes it wider, and "Show me where" marks a control.
	c.as(ann, "/sigma/lab-01/login")
	const width = `Math.round(document.querySelector("#guide").getBoundingClientRect().width)`
	c.Focus("Width of the guide")
	before := browsertest.Read[int](c.Tab, width)
	c.Run(chromedp.KeyEvent(kb.ArrowLeft))
	c.Until("have a panel that is 20 pixels wider", fmt.Sprintf("%s === %d", width, before+20))
	c.Focus("How this step is completed")
	c.Run(chromedp.KeyEvent(kb.Enter))
	c.Shows("You opened the System Log after a single sign-on")
	c.Focus("Undo or start again")
	c.Run(chromedp.KeyEvent(" "))
	c.Focus("Start this section again")
	c.Leave(chromedp.KeyEvent(kb.Enter))
	c.Shows("Step 2.1") // this page itself completes the step
	c.Focus("Next")
	c.Run(chromedp.KeyEvent(kb.Enter))
	c.Shows("Step 2.2")
	c.Focus("Show me where")
	c.Run(chromedp.KeyEvent(kb.Enter))
	c.Until("say where the control is", `/no control for this step|Highlighted on this page/.test(document.querySelector("[data-guide-status]").textContent)`)
	c.Focus("Hide guide")
	c.Run(chromedp.KeyEvent(kb.Enter))
	c.Focus("Show guide")

	// Sign in.
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.Focus("Username")
	c.Run(chromedp.KeyEvent("ada.okafor@brightwater.example"+kb.Tab), chromedp.KeyEvent("Prompt-Corner-24"+kb.Enter))
	c.Shows("Add apps")

	// The console: select an attendee and send a message.
	c.as(ada, "/instructor/console")
	c.Focus("Select Ann")
	c.Run(chromedp.KeyEvent(" "))
	c.Focus("Action")
	c.Run(chromedp.KeyEvent("Send"))
	c.Focus("Message")
	c.Leave(chromedp.KeyEvent("Look at the board." + kb.Enter))
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.Shows("Look at the board.")
}
