package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// dialogsJS follows the links from the pages of a half, one page for each route, and lists the dialogs that they open, one for each route.
const dialogsJS = `(async (starts, prefix) => {
	const route = (path) => path.split("?")[0].replace(/\/(0oa|00u|00g|grl)[^/]+/g, "/*").replace(/\/[0-9a-f-]{32,}/g, "/*").replace(/\/[A-Za-z0-9]{20,}/g, "/*");
	const seen = new Set(), dialogs = new Map(), queue = [...starts];
	while (queue.length) {
		const path = queue.shift();
		if (seen.has(route(path)) || seen.size > 150) continue;
		seen.add(route(path));
		const response = await fetch(path, {headers: {Accept: "text/html"}});
		if (!response.ok || !response.headers.get("content-type").startsWith("text/html")) continue;
		const page = new DOMParser().parseFromString(await response.text(), "text/html");
		for (const link of page.querySelectorAll("a[href]")) {
			const target = link.getAttribute("href").split("#")[0];
			if (!target.startsWith(prefix) || link.hasAttribute("download") || /export|metadata|certificate|csv/.test(target)) continue;
			if (link.hasAttribute("data-dialog")) dialogs.set(route(target), target);
			queue.push(target);
		}
	}
	return [...dialogs.values()];
})`

// Each dialog of the two products is a dialog also when it is opened by its address, which is what its further steps and its errors do.
// A form without its required values comes back as a dialog with the error in it.
func TestDialogsStayDialogsThroughStepsAndErrors(t *testing.T) {
	t.Parallel()
	t.Run("okta", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		play(t, player.Options{URL: s.url, To: "9.8"})
		tab := browsertest.Open(t)
		tab.Visit(s.url + signInForm)
		tab.Focus("Username")
		tab.Run(chromedp.KeyEvent("ada.okafor@brightwater.example" + kb.Tab))
		tab.Leave(chromedp.KeyEvent("Prompt-Corner-24" + kb.Enter))
		tryDialogs(t, tab, s.url, list(tab, `["/okta/demo/admin/users", "/okta/demo/admin/apps"]`, "/okta/demo/admin/"))
	})
	t.Run("sigma", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		tab := browsertest.Open(t)
		tab.Visit(s.url + "/sigma/demo/login")
		tab.Focus("Email")
		tab.Run(chromedp.KeyEvent("maya.rivers@brightwater.example" + kb.Tab))
		tab.Leave(chromedp.KeyEvent("Stage-Door-17" + kb.Enter))
		tryDialogs(t, tab, s.url, list(tab, `["/sigma/demo/admin/people", "/sigma/demo/home"]`, "/sigma/demo/"))
	})
}

// tryDialogs opens dialogs by their addresses and sends their forms without values.
func tryDialogs(t *testing.T, tab *browsertest.Tab, url string, dialogs []string) {
	t.Helper()
	if len(dialogs) < 10 {
		t.Errorf("found only %d dialogs: %v", len(dialogs), dialogs)
	}
	refused := 0
	for _, path := range dialogs {
		tab.Visit(url + path)
		tab.Until("show "+path+" as a dialog", `document.querySelector("dialog.overlay[open]") && document.querySelector(".page").inert`)
		const send = `(() => {
			const form = [...document.querySelectorAll("dialog.overlay form[method=post]")].find((f) => f.querySelector("input.input[required]"));
			if (!form) return false;
			for (const field of form.querySelectorAll("input.input:not([readonly])")) field.value = "";
			setTimeout(() => form.requestSubmit());
			return true;
		})()`
		tab.Run(chromedp.Evaluate(`window.left = true`, nil))
		if !browsertest.Read[bool](tab, send) {
			continue
		}
		tab.Until("have sent the form of "+path, `!window.left && document.readyState === "complete" && !document.documentElement.ariaBusy`)
		if !browsertest.Read[bool](tab, `document.querySelector("#error-summary") !== null`) { // the values are not required after all
			continue
		}
		refused++
		if !browsertest.Read[bool](tab, `document.querySelector("dialog.overlay[open] #error-summary") !== null`) {
			t.Errorf("%s: the page with the error is not a dialog with the error in it", path)
			continue
		}
		if !browsertest.Read[bool](tab, `[...document.querySelectorAll("dialog.overlay .form-actions")].pop().getBoundingClientRect().bottom <= innerHeight`) {
			t.Errorf("%s: the buttons are out of view", path)
		}
	}
	if refused < 2 {
		t.Errorf("only %d of %d dialogs refuse a form without values: %s", refused, len(dialogs), strings.Join(dialogs, " "))
	}
}

func list(tab *browsertest.Tab, starts, prefix string) (dialogs []string) {
	tab.Helper()
	tab.Run(chromedp.Evaluate(fmt.Sprintf("%s(%s, %q)", dialogsJS, starts, prefix), &dialogs,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return dialogs
}
