package player_test

import (
	"strings"
	"testing"

	"understudy/seed/script/player"
)

// The browser player waits for the JavaScript of a page, and sees what a person sees.
func TestBrowserPlayerWaitsForJavaScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, html := range map[string]string{
		"/late": `<p id="p">Loading</p><script>
			setTimeout(() => p.innerHTML = '<button onclick="this.outerHTML=\'Pressed\'">Late</button>', 300)</script>`,
		"/menu":  `<button onclick="m.hidden = !m.hidden">Menu</button><ul id="m" hidden><li><a href="/other">Item</a></li></ul>`,
		"/style": `<style>.gone { display: none }</style><p class="gone">Ghost</p><p>Here</p>`,
		"/modal": `<a href="/other">Behind</a><dialog id="d"><p>Sure?</p><button onclick="d.close()">Keep</button></dialog>
			<script>d.showModal()</script>`,
		"/typing": `<label>Word <input oninput="o.value = this.value.toUpperCase()"></label>
			<output id="o" aria-label="Big"></output>`,
		"/number": `<label>Age <input type="number"></label>`,
		"/stuck":  `<label><input type="checkbox" onclick="return false"> Stuck</label>`,
		"/changed": `<label>Role <select onchange="location = '/echo?role=' + this.value"><option>A</option>
			<option>B</option></select></label>`,
		"/covered": `<div id="cover"></div><button onclick="this.outerHTML='Reached'">Under</button>
			<style>#cover { position: fixed; inset: 0 }</style>`,
	} {
		s.page(path, "Page", html)
	}
	on := func(id, path, yaml string) string {
		return "id: " + id + "\ndo:\n  - visit: \"{okta}" + path + "\"\n" + yaml
	}
	steps := []string{
		on("1", "/late", "  - click: Late\nsee: Pressed"),
		on("2", "/menu", "  - not-see: Item\n  - click: Menu\n  - click: Item\nsee: You went on."),
		on("3", "/style", "see: Here\nnot-see: Ghost"),
		on("4", "/modal", "  - see: Sure?\n  - not-see: {link: Behind}\n  - click: Keep\n  - click: Behind\nsee: You went on."),
		on("5", "/typing", "  - fill: {Word: abc}\n  - copy: Big as big\nsee: \"{big}\""),
		on("6", "/changed", "  - choose: {Role: B}\nsee: GET role=B"),
		on("7", "/covered", "  - click: Under\nsee: Reached"),
		on("8", "/number", "  - fill: {Age: seven}"),
		on("9", "/stuck", "  - tick: Stuck"),
	}
	refused := map[string]string{"8": `the field holds "" after typing "seven"`, "9": "the checkbox did not change"}
	o := player.Options{Player: player.PlayerBrowser, KeepGoing: true, FailureDir: t.TempDir()}
	report := s.play(t, o, steps...)
	for _, result := range report.Steps {
		want := refused[result.ID]
		switch {
		case want == "" && result.Failure != nil:
			t.Error(result.Failure)
		case want != "" && (result.Failure == nil || !strings.Contains(result.Failure.Error(), want)):
			t.Errorf("step %s: got %v, want %s", result.ID, result.Failure, want)
		}
	}
	if report.Copied["big"] != "ABC" {
		t.Errorf("copied %q", report.Copied)
	}
}
