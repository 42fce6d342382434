package kit_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"understudy/seed/script/player"
	"understudy/static"
	"understudy/ui/kit"
)

// scriptServer serves a page that uses every script, under the real Content-Security-Policy, and the pages that it opens.
func scriptServer(t *testing.T) *httptest.Server {
	t.Helper()
	serve := func(c templ.Component) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := c.Render(r.Context(), w); err != nil {
				t.Error(err)
			}
		}
	}
	f := adminFrame("People", "/admin/users")
	f.Page.Status = []kit.Status{{Message: "Saved."}}
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())
	mux.Handle("/start", serve(in(f, kit.PageHead{Title: "People"},
		kit.Button{Label: "Add person", Href: "/dialog", Dialog: true},
		kit.CopyBox{Label: "Sign on URL", Name: "sso", Value: "http://copied"},
		kit.Search{Action: "/found", Label: "Search", ID: "s", SuggestURL: "/suggest"},
		in(kit.Form{Action: "/y"}, kit.Field{Control: kit.Checkbox, Name: "set", Label: "I will set password"},
			markup(`<div id="part" data-show-if="set">part</div>`)),
		in(kit.Table{Caption: "Groups", Columns: kit.Columns("Group"), Reorder: "/order"},
			in(kit.Row{Draggable: "a", ID: "row-a"}, in(kit.RowHead{}, text("A"))),
			in(kit.Row{Draggable: "b", ID: "row-b"}, in(kit.RowHead{}, text("B")))))))
	mux.Handle("/dialog", serve(in(adminFrame("Add person", "/admin/users"), formStory(nil))))
	mux.Handle("/found", serve(in(adminFrame("Found", "/admin/users"), kit.PageHead{Title: "Found"})))
	var requests atomic.Int32 // the second response of /live has the new state
	mux.HandleFunc("/live", func(w http.ResponseWriter, r *http.Request) {
		part := `<p id="state" data-live="/live">Pushing</p>`
		if requests.Add(1) > 1 {
			part = `<p id="state" data-live-done>Active</p>`
		}
		serve(in(adminFrame("Live", "/admin/users"), kit.PageHead{Title: "Live"}, markup(part)))(w, r)
	})
	mux.HandleFunc("/suggest", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode([]kit.Suggestion{{Label: "Sigma on AWS", Detail: r.FormValue("q"),
			Href: "/found"}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// TestScripts checks the scripts in a browser: dialog, copy button, conditions, suggestions, live updates. All other tests
// of the kit use the pages without JavaScript.
func TestScripts(t *testing.T) {
	browser, err := player.FindBrowser("")
	if err != nil || testing.Short() {
		t.Skip("needs a browser")
	}
	server := scriptServer(t)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), player.BrowserOptions(browser)...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 60*time.Second)
	defer cancel()

	var heading, copied, place, state string
	var hidden, expanded, modal bool
	var count int
	err = chromedp.Run(ctx,
		chromedp.Navigate(server.URL+"/start"),
		chromedp.Click(".notice [data-dismiss]", chromedp.NodeVisible),
		chromedp.WaitNotPresent(".notice"),

		chromedp.Click("a[data-dialog]"),
		chromedp.WaitVisible("dialog.overlay[open] h2"),
		chromedp.Text("dialog.overlay h2", &heading),
		chromedp.Evaluate(`document.querySelector("dialog.overlay").matches(":modal")`, &modal),
		chromedp.Evaluate(`document.querySelectorAll("h1").length`, &count),
		chromedp.Click("dialog.overlay a[data-dialog-close]"),
		chromedp.WaitNotPresent("dialog.overlay[open]"),

		chromedp.Click("[data-copy-button]"),
		chromedp.Poll(`document.querySelector(".copy-status").textContent !== ""`, nil),
		chromedp.Text(".copy-status", &copied),

		chromedp.Evaluate(`document.querySelector("#part").hidden`, &hidden),
		chromedp.Click(`[name="set"]`),
		chromedp.WaitVisible("#part"),

		chromedp.SendKeys("#s", "Si"),
		chromedp.WaitVisible("[role=option]"),
		chromedp.Evaluate(`document.querySelector("#s").getAttribute("aria-expanded") === "true"`, &expanded),
		chromedp.SendKeys("#s", kb.ArrowDown+kb.Enter),
		chromedp.WaitVisible(`//h1[text()="Found"]`),
		chromedp.Location(&place),

		chromedp.Navigate(server.URL+"/live"),
		chromedp.Evaluate(`document.querySelector("#state").textContent`, &state),
		chromedp.Evaluate(`window.before = true`, nil),
		chromedp.Poll(`window.before && document.querySelector("#state").textContent === "Active"`, nil),
	)
	if err != nil {
		t.Fatal(err)
	}
	if heading != "Add person" || !modal || count != 1 {
		t.Errorf("dialog: heading %q, modal %v, %d h1", heading, modal, count)
	}
	if copied != "Copied" {
		t.Errorf("the copy status is %q", copied)
	}
	if !hidden || !expanded {
		t.Errorf("condition hidden %v, suggestions expanded %v", hidden, expanded)
	}
	if state != "Pushing" {
		t.Errorf("the live part says %q before it is fetched again", state)
	}
	if place != server.URL+"/found" {
		t.Errorf("the suggestion opened %s", place)
	}
}
