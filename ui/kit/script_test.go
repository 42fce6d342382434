package kit_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"understudy/seed/script/browsertest"
	"understudy/static"
	"understudy/ui/kit"
)

// scriptServer serves a page that uses every script, under the real Content-Security-Policy, and the pages that it opens. The page
// /live shows its new state after change was called.
func scriptServer(t *testing.T) (server *httptest.Server, change func()) {
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
	var changed atomic.Bool
	mux.HandleFunc("/live", func(w http.ResponseWriter, r *http.Request) {
		part := `<p id="state" data-live="/live">Pushing</p>`
		if changed.Load() {
			part = `<p id="state" data-live-done>Active</p>`
		}
		serve(in(adminFrame("Live", "/admin/users"), kit.PageHead{Title: "Live"}, markup(part)))(w, r)
	})
	mux.HandleFunc("/suggest", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode([]kit.Suggestion{{Label: "Sigma on AWS", Detail: r.FormValue("q"),
			Href: "/found"}})
	})
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, func() { changed.Store(true) }
}

// The scripts of the kit work in a browser. All other tests of the kit use the pages without JavaScript.
func TestScripts(t *testing.T) {
	t.Parallel()
	server, change := scriptServer(t)
	start := func(t *testing.T) *browsertest.Tab {
		t.Parallel()
		tab := browsertest.Open(t)
		tab.Visit(server.URL + "/start")
		return tab
	}
	t.Run("a notice can be dismissed", func(t *testing.T) {
		tab := start(t)
		tab.Run(chromedp.Click(".notice [data-dismiss]", chromedp.NodeVisible))
		tab.Until("have no notice", `!document.querySelector(".notice")`)
	})
	t.Run("a link opens a modal dialog", func(t *testing.T) {
		tab := start(t)
		tab.Run(chromedp.Click("a[data-dialog]"))
		tab.Until("show the dialog", `document.querySelector("dialog.overlay[open] h2")?.textContent === "Add person"`)
		if !browsertest.Read[bool](tab, `document.querySelector(".page").inert`) {
			t.Error("the page below the dialog is not inert")
		}
		if n := browsertest.Read[int](tab, `document.querySelectorAll("h1").length`); n != 1 {
			t.Errorf("the page has %d h1", n)
		}
		tab.Run(chromedp.Click("dialog.overlay a[data-dialog-close]"))
		tab.Until("close the dialog", `!document.querySelector("dialog.overlay[open]")`)
	})
	t.Run("a value can be copied", func(t *testing.T) {
		tab := start(t)
		tab.Run(chromedp.Click("[data-copy-button]"))
		tab.Until("say that the value was copied", `document.querySelector(".copy-status").textContent === "Copied"`)
	})
	t.Run("a box shows the part that depends on it", func(t *testing.T) {
		tab := start(t)
		if !browsertest.Read[bool](tab, `document.querySelector("#part").hidden`) {
			t.Error("the part is shown before the box is ticked")
		}
		tab.Run(chromedp.Click(`[name="set"]`))
		tab.Until("show the part", `document.querySelector("#part").checkVisibility()`)
	})
	t.Run("a suggestion opens its page", func(t *testing.T) {
		tab := start(t)
		tab.Run(chromedp.SendKeys("#s", "Si"))
		tab.Until("show the suggestion", `document.querySelector("[role=option]")?.checkVisibility() &&
			document.querySelector("#s").getAttribute("aria-expanded") === "true"`)
		tab.Leave(chromedp.SendKeys("#s", kb.ArrowDown+kb.Enter))
		if address := browsertest.Read[string](tab, `location.href`); address != server.URL+"/found" {
			t.Errorf("the suggestion opened %s", address)
		}
	})
	t.Run("a live part is fetched again without loading the page", func(t *testing.T) {
		t.Parallel()
		tab := browsertest.Open(t)
		tab.Visit(server.URL + "/live")
		tab.Run(chromedp.Evaluate(`window.before = true`, nil))
		if state := browsertest.Read[string](tab, `document.querySelector("#state").textContent`); state != "Pushing" {
			t.Errorf("the live part says %q before it changes", state)
		}
		change()
		tab.Until("show the new state", `document.querySelector("#state").textContent === "Active"`)
		if !browsertest.Read[bool](tab, `window.before`) {
			t.Error("the page was loaded again")
		}
	})
}
