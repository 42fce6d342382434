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

// controls gives what a person can use on a page, by tag, name and purpose; from then on the page notes what gets the focus,
// and whether one sees that. Of radio buttons of one name one is enough: the arrow keys lead to the others.
const controls = `(() => {
	const key = (c) => c.type === "radio" ? "radio " + c.name : [c.tagName, (c.getAttribute("aria-label") || c.labels?.[0]?.textContent || c.textContent || c.title || c.name).trim().replace(/\s+/g, " ").slice(0, 60),
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

// tabs goes through a page with the Tab key: it leads to everything that can be used, and one sees where one is.
func (c chromium) tabs(name string) {
	c.Helper()
	var list []string
	c.run(chromedp.Evaluate(controls, &list))
	if len(list) == 0 {
		c.Errorf("%s has nothing to use", name)
	}
	tab := input.DispatchKeyEvent(input.KeyRawDown).WithKey("Tab").WithCode("Tab").WithWindowsVirtualKeyCode(9)
	for range len(list) + len(list)/4 + 3 { // fields for dates have several stops
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

// on gives the focus to the control of a name, which Tab leads to, as soon as it is there.
func (c chromium) on(name string) {
	c.Helper()
	find := chromedp.Poll(fmt.Sprintf(`(() => {
		const named = (e) => (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent).trim().replace(/\s+/g, " ") === %q;
		const found = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].find((e) => e.checkVisibility() && named(e));
		found?.focus();
		return Boolean(found);
	})()`, name), nil)
	for chromedp.Run(c.ctx, find) != nil { // a page that goes while it is asked takes the question with it
		if err := c.ctx.Err(); err != nil {
			c.Fatalf("nothing on the page is called %q: %v", name, err)
		}
	}
}

// Whoever has no mouse reaches everything of the teaching layer with the Tab key, sees where they are, and can use it.
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
	letter := regexp.MustCompile(`/labs/lab-01/mail/[0-9]+`).FindString(mail)
	if message == "" || letter == "" {
		t.Fatal("the lab has no message, or no letter, to look at")
	}
	c := newChromium(t, s)
	c.run(emulation.SetDeviceMetricsOverride(1280, 800, 1, false))
	for _, page := range []struct {
		who  *visitor
		path string
	}{
		{nil, "/"}, {nil, "/instructor"}, {ann, "/card"}, {ann, "/labs/lab-01"}, {ann, "/okta/lab-01/login/login.htm"}, {ann, "/sigma/lab-01/login"},
		{ann, "/labs/lab-01/guide"}, {ann, "/labs/lab-01/windows"}, {ann, "/labs/lab-01/mail"}, {ann, letter}, {ann, "/labs/lab-01/faults"}, {ann, "/labs/lab-01/reset"},
		{ann, "/labs/lab-01/traffic"}, {ann, message}, {ann, message + "/sequence"}, {ann, "/labs/lab-01/traffic/decode"}, {ann, "/labs/lab-01/traffic/preview"},
		{ada, "/instructor/console"}, {ada, "/instructor/cards"}, {ada, "/instructor/projector"},
	} {
		c.as(page.who, page.path)
		c.tabs(page.path)
	}

	// The panel: wider by an arrow key, the marked control has the focus, and a step is ticked.
	c.as(ann, "/sigma/lab-01/login")
	var before, after int
	width := chromedp.Evaluate(`Math.round(document.querySelector("#guide").getBoundingClientRect().width)`, &before)
	c.on("Width of the guide")
	c.run(width, chromedp.KeyEvent(kb.ArrowLeft), chromedp.Evaluate(`Math.round(document.querySelector("#guide").getBoundingClientRect().width)`, &after))
	if after != before+20 {
		t.Errorf("the panel was %d wide, and is %d", before, after)
	}
	c.on("What ticks this step")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.shows("The System Log was opened")
	c.on("Start again")
	c.run(chromedp.KeyEvent(" "))
	c.on("This section")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.shows("Step 2.2") // the page itself is step 2.1
	c.on("Show me where")
	var marked string
	c.run(chromedp.KeyEvent(kb.Enter), chromedp.Evaluate(`document.querySelector("[data-guide-status]").textContent`, &marked))
	if !strings.Contains(marked, "belongs to the step") && !strings.Contains(marked, "It is here") {
		t.Errorf("Show me where says %q", marked)
	}
	c.on("Hide guide")
	c.run(chromedp.KeyEvent(kb.Enter))
	c.on("Show guide")

	// Signing in, without a mouse.
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.on("Username")
	c.run(chromedp.KeyEvent("ada.okafor@brightwater.example"+kb.Tab), chromedp.KeyEvent("Prompt-Corner-24"+kb.Enter))
	c.shows("Add apps")

	// The console: somebody is selected, and told something.
	c.as(ada, "/instructor/console")
	c.on("Select Ann")
	c.run(chromedp.KeyEvent(" "))
	c.on("Do")
	c.run(chromedp.KeyEvent("Send"))
	c.on("Message")
	c.run(chromedp.Evaluate(`window.before = true`, nil), chromedp.KeyEvent("Look at the board."+kb.Enter))
	for chromedp.Run(c.ctx, chromedp.Poll(`!window.before && document.readyState === "complete"`, nil)) != nil && c.ctx.Err() == nil {
		continue // the page goes while it is asked
	}
	c.as(ann, "/okta/lab-01/login/login.htm")
	c.shows("Look at the board.")
}
