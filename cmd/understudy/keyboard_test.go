package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// controls lists the controls of a page by tag, name and purpose. From then on the page records which control gets the focus and
// whether the focus is visible. One radio button of a group is enough: arrow keys lead to the others.
const controls = `(() => {
	const name = (c) => c.getAttribute("aria-label") || c.labels?.[0]?.textContent || c.textContent || c.title || c.name;
	const key = (c) => c.type === "radio" ? "radio " + c.name : [c.tagName, name(c).trim().replace(/\s+/g, " ").slice(0, 60),
		c.getAttribute("href") || c.form?.getAttribute("action") + " " + c.name + " " + c.value].join(" ");
	window.keyboardSeen = {};
	document.addEventListener("focusin", (e) => {
		const s = getComputedStyle(e.target);
		window.keyboardSeen[key(e.target)] = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none";
	});
	document.activeElement.blur();
	return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
		.filter((c) => !c.disabled && c.type !== "hidden" && c.checkVisibility({visibilityProperty: true})).map(key);
})()`

// tabs presses Tab through a page. Each control must get the focus and show it.
func (c chromium) tabs(name string) {
	c.Helper()
	var list []string
	c.run(chromedp.Evaluate(controls, &list))
	if len(list) == 0 {
		c.Errorf("%s has no controls", name)
	}
	tab := input.DispatchKeyEvent(input.KeyRawDown).WithKey("Tab").WithCode("Tab").WithWindowsVirtualKeyCode(9)
	for range len(list) + len(list)/4 + 3 { // a date field has several tab stops
		c.run(tab)
	}
	var seen map[string]bool
	c.run(chromedp.Evaluate(`window.keyboardSeen`, &seen))
	for _, control := range list {
		if shown, reached := seen[control]; !reached {
			c.Errorf("%s: the Tab key does not lead to %s", name, control)
		} else if !shown {
			c.Errorf("%s: nothing shows that the focus is on %s", name, control)
		}
	}
}

// on waits for the control of a name and gives it the focus.
func (c chromium) on(name string) {
	c.Helper()
	find := chromedp.Poll(fmt.Sprintf(`(() => {
		const named = (e) => (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent).trim().replace(/\s+/g, " ") === %q;
		const found = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].find((e) => e.checkVisibility() && named(e));
		found?.focus();
		return Boolean(found);
	})()`, name), nil)
	for chromedp.Run(c.ctx, find) != nil { // fails if the page changes during the query
		if err := c.ctx.Err(); err != nil {
			c.Fatalf("nothing on the page is called %q: %v", name, err)
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
	ada.wants(200)(ada.post("/instructor/act", url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"2.9"}}))
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	ada.post("/instructor/workshop", url.Values{"banner": {"Break until ten"}, "minutes": {"10"}})
	ann.wants(200)(ann.post("/okta/lab-01/signin/forgot-password", url.Values{"username": {"ada.okafor@brightwater.example"}}))
	_, traffic := ann.get("/labs/lab-01/traffic?")
	message := regexp.MustCompile(`/labs/lab-01/traffic/[0-9]+`).FindString(traffic)
	_, mail := ann.get("/labs/lab-01/mail")
	email := regexp.MustCompile(`/labs/lab-01/mail/[0-9]+`).FindString(mail)
	if message == "" || email == "" {
		t.Fatal("the lab has no message or no email")
	}
	c := newChromium(t, s)
	c.run(emulation.SetDeviceMetricsOverride(1280, 800, 1, false))
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
	var before, after int
	width := chromedp.Evaluate(`Math.round(document.querySelector("#guide").getBoundingClientRect().width)`, &before)
	c.on("Width of the guide")
	c.run(width, chromedp.KeyEvent(kb.ArrowLeft), chromedp.Evaluate(`Math.round(document.querySelector("#guide").getBoundingClientRect().width)`, &after))
	if after != before+20 {
		t.Errorf("the panel was %d pixels wide and is now %d", before, after)
	}
	c.on("How this step is completed")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.shows("The System Log has been opened")
	c.on("Start again")
	c.run(chromedp.KeyEvent(" "))
	c.on("This section")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.shows("Step 2.2") // this page itself completes step 2.1
	c.on("Show me where")
	var marked string
	c.run(chromedp.KeyEvent(kb.Enter), chromedp.Evaluate(`document.querySelector("[data-guide-status]").textContent`, &marked))
	if !strings.Contains(marked, "no control for this step") && !strings.Contains(marked, "Highlighted on this page") {
		t.Errorf("Show me where says %q", marked)
	}
	c.on("Hide guide")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.on("Show guide")

	// Sign in.
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.on("Username")
	c.run(chromedp.KeyEvent("ada.okafor@brightwater.example"+kb.Tab), chromedp.KeyEvent("Prompt-Corner-24"+kb.Enter))
	c.shows("Add apps")

	// The console: select an attendee and send a message.
	c.as(ada, "/instructor/console")
	c.on("Select Ann")
	c.run(chromedp.KeyEvent(" "))
	c.on("Action")
	c.run(chromedp.KeyEvent("Send"))
	c.on("Message")
	c.run(chromedp.Evaluate(`window.before = true`, nil), chromedp.KeyEvent("Look at the board."+kb.Enter))
	for chromedp.Run(c.ctx, chromedp.Poll(`!window.before && document.readyState === "complete"`, nil)) != nil && c.ctx.Err() == nil {
		continue // the page changes during the query
	}
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.shows("Look at the board.")
}
