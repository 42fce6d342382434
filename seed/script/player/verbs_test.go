package player_test

import (
	"fmt"
	"testing"

	"understudy/seed/script/player"
)

// verbCase is a page and what a script does on it.
type verbCase struct {
	html string // content of main
	do   string // items of do; all but the first are indented by two
	see  string // text that the page shows at the end
}

const bigForm = `<form method="post" action="/echo">
	<input type="hidden" name="token" value="t&1">
	<p><label for="n">Full name</label> <input id="n" name="name" value="old"></p>
	<p><label>Note <textarea name="note">old</textarea></label></p>
	<p><label>Role <select name="role"><option value="1">Viewer</option><option value="2">Admin</option>
	<option>Explorer</option></select></label></p>
	<fieldset><legend>How often</legend><label><input type="radio" name="often" value="d" checked> Daily</label>
	<label><input type="radio" name="often" value="w"> Weekly</label></fieldset>
	<label><input type="checkbox" name="mail" value="yes"> Send mail</label>
	<label><input type="checkbox" name="log" checked> Keep a log</label>
	<label>Locked <input name="locked" value="x" disabled></label> <input aria-label="No name" value="unsent">
	<button name="go" value="save">Save</button> <button name="go" value="stop">Cancel</button></form>`

const table = `<table><tr><th scope="row">Bob Stone</th><td>Viewer</td><td><a href="/echo?who=bob">Edit</a></td></tr>
	<tr><th scope="row">Bob Stonewall</th><td>Admin</td><td><a href="/echo?who=wall">Edit</a></td></tr></table>
	<section><h2>Site</h2><p>Address</p><a href="/echo?what=site">Edit</a></section>
	<section aria-label="Plan"><p>Site plan</p><a href="/echo?what=plan">Edit</a></section>`

const navigation = `<nav aria-label="Main"><ul>
	<li><button type="button">Applications</button>
		<ul><li><a href="/echo?at=apps">Applications</a></li><li><a href="/echo?at=self">Self Service</a></li></ul></li>
	<li><span>Directory</span><ul><li><a href="/echo?at=people">People</a></li></ul></li>
	<li><details><summary>Security</summary><a href="/echo?at=rules">Rules</a></details></li>
	<li><a href="/other">Reports</a></li></ul></nav><p><a href="/echo?at=wrong">People</a> <a href="/echo?at=text">Help</a></p>`

// verbCases are played by both players. The keys are the names of the cases.
var verbCases = map[string]verbCase{
	"link": {`<a href="/other">Go  <b>on</b></a>`, "- click: Go on", "You went on."},
	"link by alternative text": {
		`<a href="/other"><img src="data:," alt="Next"></a>`,
		"- click: Next",
		"You went on.",
	},
	"link by label": {`<a href="/other" aria-label="Go on">›</a>`, "- click: Go on", "You went on."},
	"form by GET": {
		`<form action="/echo?old=1"><label>Search <input name="q"></label><button>Find</button></form>`,
		"- fill: {Search: a b&c}\n  - click: Find",
		"GET q=a+b%26c ",
	},
	"form by POST": {
		bigForm,
		"- fill: {Full name: Kim Lee, Note: \"one\\ntwo\"}\n  - choose: {Role: Admin}\n" +
			"  - choose: {How often: Weekly}\n  - tick: Send mail\n  - untick: Keep a log\n  - click: Save",
		"POST token=t%261&name=Kim+Lee&note=one%0D%0Atwo&role=2&often=w&mail=yes&go=save ",
	},
	"form with defaults": {
		bigForm,
		"- choose: {Role: Explorer}\n  - choose: Weekly\n  - tick: Keep a log\n  - untick: Send mail\n" +
			"  - click: Cancel",
		"POST token=t%261&name=old&note=old&role=Explorer&often=w&log=on&go=stop ",
	},
	"form owner by attribute": {
		`<form id="f" action="/echo"></form><label>Word <input name="w" form="f"></label>
			<button form="f" formmethod="post" formaction="/echo?x">Send</button>`,
		"- fill: {Word: hi}\n  - click: Send",
		"POST w=hi ",
	},
	"multipart form": {
		`<form method="post" action="/echo" enctype="multipart/form-data"><label>Word <input name="w">
			</label><input type="submit" value="Send it"></form>`,
		"- fill: {Word: hi}\n  - click: Send it",
		"POST multipart w=hi ",
	},
	"form then redirect 303": {
		`<form method="post" action="/to-echo"><input type="hidden" name="a" value="1">
			<button>Send</button></form>`,
		"- click: Send",
		"GET from=303 ",
	},
	"form then redirect 307": {
		`<form method="post" action="/repeat"><input type="hidden" name="a" value="1"><button>Send</button>
			</form>`,
		"- click: Send",
		"POST a=1 ",
	},
	"row":                     {table, "- click: {name: Edit, in: Bob Stone}", "GET who=bob "},
	"row by part of its text": {table, "- click: {name: Edit, in: Stonewall}", "GET who=wall "},
	"region by heading":       {table, "- click: {name: Edit, in: Site}", "GET what=site "},
	"region by label":         {table, "- click: {name: Edit, in: Plan}", "GET what=plan "},
	"see in a row": {
		table,
		"- see: {text: Viewer, in: Bob Stone}\n  - not-see: {text: Admin, in: Bob Stone}\n" +
			"  - see: {link: Edit, in: Bob Stone}\n  - not-see: {button: Edit, in: Bob Stone}",
		"Case",
	},
	"main before navigation": {
		`</main><nav><a href="/echo?at=nav">Edit</a></nav><main><a href="/echo?at=main">Edit</a>`,
		"- click: Edit",
		"GET at=main ",
	},
	"dialog before page": {
		`<a href="/echo?at=page">Done</a><dialog open><a href="/echo?at=dialog">Done</a></dialog><dialog>
			<a href="/echo?at=shut">Done</a></dialog>`,
		"- click: Done",
		"GET at=dialog ",
	},
	"other than current": {
		`<a href="/echo?at=here" aria-current="page">Members</a> <a href="/echo?at=there">Members</a>`,
		"- click: Members",
		"GET at=there ",
	},
	"same link twice": {
		`<a href="/echo?at=one">More</a> <a href="/echo?at=one">More</a>`,
		"- click: More",
		"GET at=one ",
	},
	"details": {
		`<details><summary>Advanced</summary><form action="/echo"><label>Port <input name="p"></label>
			<button>Set</button></form></details>`,
		"- not-see: Port\n  - click: Advanced\n  - see: Port\n  - fill: {Port: 9}\n  - click: Set",
		"GET p=9 ",
	},
	"link in closed details": {
		`<details><summary>More</summary><a href="/echo?at=inside">Log</a></details>`,
		"- click: Log",
		"GET at=inside ",
	},
	"hidden": {
		`<p hidden>Ghost</p><template>Ghost</template><button aria-hidden="true">Save</button>
			<script>"Ghost"</script>`,
		"- not-see: [Ghost, {button: Save}]",
		"Case",
	},
	"values are text": {
		`<input aria-label="Name" value="Kim Lee"><select aria-label="Role">
			<option>Viewer<option selected>Admin</select><input type="password" aria-label="P" value="Geheim">`,
		"- see: [Kim Lee, Admin]\n  - not-see: [Viewer, Geheim]",
		"Case",
	},
	"names by reference": {
		`<h2 id="a">Groups</h2><p id="b">of Bob</p><form action="/echo">
			<input name="g" aria-labelledby="a b"><input type="submit"></form>`,
		"- fill: {Groups of Bob: x}\n  - click: Submit",
		"GET g=x ",
	},
	"kinds": {
		bigForm,
		"- see: [{field: Full name}, {box: Send mail}, {choice: Role}, {button: Save}]\n" +
			"  - not-see: [{link: Save}, {field: Role}, {button: Full name}]",
		"Case",
	},
	"open in a group":                 {navigation, "- open: Applications > Applications", "GET at=apps "},
	"open in a group named by a span": {navigation, "- open: Directory > People", "GET at=people "},
	"open in details":                 {navigation, "- open: Security > Rules", "GET at=rules "},
	"open over two pages":             {navigation, "- open: Reports > Deeper", "All the way down."},
	"open from the text":              {navigation, "- open: Help", "GET at=text "},
	"copy": {
		`<label>Address <input readonly value=" https://a.example/x "></label>
			<output aria-label="Token">abc</output>`,
		"- copy: Address as address\n  - copy: Token as token\n" +
			"  - visit: \"{okta}/echo?a={address}&t={token}\"",
		"GET a=https://a.example/x&t=abc ",
	},
	"copy in a region": {
		`<section><h2>A</h2><input aria-label="Key" value="1"></section><section><h2>B</h2>
			<input aria-label="Key" value="2"></section>`,
		"- copy: {name: Key as key, in: B}\n  - visit: \"{okta}/echo?{key}\"",
		"GET 2 ",
	},
	"wait": {`<a href="/soon">Job</a>`, "- click: Job\n  - see: Running\n  - wait: Finished", "Finished"},
	"drag": {
		`<a href="/list">List</a>`,
		"- click: List\n  - drag: {item: Cherry, to: 1}\n  - see: \"Order: Cherry, Apple, Berry\"\n" +
			"  - drag: {item: Cherry, to: 2}",
		"Order: Apple, Cherry, Berry",
	},
	"page variable": {`<a href="/other">On</a>`, "- click: On\n  - visit: \"{page}/deeper\"", "All the way down."},
	"plain text":    {`<a href="/plain">On</a>`, "- click: On", "only <b>text</b>"},
	"download":      {`<p>Still here</p><a href="/file">Export</a>`, "- click: Export", "Still here"},
	"sign in": {
		`<a href="/who">On</a>`,
		"- click: On\n  - fill: {Username: \"{kim.username}\", Password: \"{kim.password}\"}\n" +
			"  - click: Sign in",
		"Signed in as kim@example.com",
	},
	"SAML form": {
		`<form id="appForm" method="post" action="/echo">
			<input type="hidden" name="SAMLResponse" value="PHg+"><input type="hidden" name="RelayState" value="r">
			<button>Continue</button></form>
		<script>document.getElementById("appForm").submit()</script>`,
		"- see: Echo",
		"POST SAMLResponse=PHg%2B&RelayState=r ",
	},
	"SAML form with noscript": {
		`<form method="post" action="/echo"><input type="hidden" name="SAMLRequest" value="a"><noscript>
			<button>Continue</button></noscript></form>
		<script>document.forms[0].submit()</script>`,
		"- see: Echo",
		"POST SAMLRequest=a ",
	},
}

// verbSite serves the pages of all cases, and returns a step for each case in the order of names.
func verbSite(t testing.TB) (*site, []string) {
	s := newSite(t)
	s.page("/other/deeper", "Deeper", "<p>All the way down.</p>")
	var steps []string
	for i, name := range names(verbCases) {
		c := verbCases[name]
		path := fmt.Sprintf("/case/%d", i)
		s.page(path, "Case", c.html)
		steps = append(steps, fmt.Sprintf("id: %d\ndo:\n  - visit: \"{okta}%s\"\n  %s\nsee: %q", i, path, c.do, c.see))
	}
	return s, steps
}

func TestHTTPPlayerPlaysEveryVerb(t *testing.T) {
	for i, name := range names(verbCases) {
		t.Run(name, func(t *testing.T) {
			s, steps := verbSite(t)
			s.passes(t, player.Options{}, steps[i])
		})
	}
}
