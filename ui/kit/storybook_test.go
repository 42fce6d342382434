package kit_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"understudy/seed/script/player"
	"understudy/static"
	"understudy/ui/kit"
	"understudy/ui/lab"
	"understudy/ui/okta"
	"understudy/ui/sigma"
)

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const longName = "Maximiliana-Alexandra von und zu Hohenlohe-Waldenburg-Schillingsfürst"

// in sets content into a frame, or into any component that takes children.
func in(frame templ.Component, content ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return frame.Render(templ.WithChildren(ctx, templ.Join(content...)), w)
	})
}

func text(s string) templ.Component { return templ.Raw(html.EscapeString(s)) }

func markup(s string) templ.Component { return templ.Raw(s) }

func page(title string) kit.Page {
	p := kit.Page{Title: title, Lab: kit.NewLabBar("demo", 2)}
	p.Lab.User = "Ada Admin in Okta"
	return p
}

func formErrors() kit.Errors {
	return kit.Errors{{Field: "login", Message: "Enter a user name of a reserved domain, such as example.com."},
		{Field: "activation", Message: "Choose when the person is activated."}}
}

func adminFrame(title, current string) okta.AdminFrame {
	return okta.AdminFrame{Page: page(title), Base: "/okta/demo~2", Current: current,
		User: okta.Person{Name: "Ada Admin", Login: "ada.admin@example.com", Admin: true}}
}

func sigmaMember() sigma.Member {
	return sigma.Member{Name: "Sam Sigma", Email: "sam@example.com", Admin: true}
}

// stories are pages that together use every part of the kit and every frame.
func stories() map[string]templ.Component {
	withErrors := adminFrame("Add person", "/admin/users/new")
	withErrors.Page.Errors = formErrors()
	withStatus := adminFrame("People", "/admin/users")
	withStatus.Page.Status = []kit.Status{{Message: "Bob Smith was added.",
		Link: kit.Link{Label: "Add another", Href: "/x"}}, {Message: "One mail is waiting.", Tone: kit.Info}}
	return map[string]templ.Component{
		"list":   in(withStatus, listStory()...),
		"form":   in(withErrors, formStory(withErrors.Page.Errors)),
		"app":    in(adminFrame("Sigma on AWS", "/admin/apps"), appStory()...),
		"assign": in(adminFrame("Assign Sigma on AWS to People", "/admin/apps"), assignStory()),
		"confirm": in(adminFrame("Deactivate", "/admin/users"),
			kit.Confirm{Title: "Deactivate " + longName + "?",
				Effect: "App assignments are removed, and not restored on reactivation.", Close: "/x", Action: "/y",
				Label: "Deactivate", Danger: true}),
		"my-apps": in(okta.EndUserFrame{Page: page("My Apps"), Base: "/okta/demo", Current: "/app/UserHome",
			User: okta.Person{Name: longName, Login: "m@example.com", Admin: true}}, tilesStory()...),
		"okta-signin": in(okta.SignInFrame{Page: page("Sign In"), Base: "/okta/demo", Org: "Example Org"}, signInStory("Sign In", "Username")),
		"sigma-home": in(sigma.Frame{Page: page("Home"), Base: "/sigma/demo", Current: "/home", User: sigmaMember(),
			CreateNew: []kit.MenuItem{{Label: "Workbook", Href: "/x"}}}, tilesStory()...),
		"sigma-admin": in(sigma.AdminFrame{Page: page("Account"), Base: "/sigma/demo", Current: "/admin/authentication", User: sigmaMember()}, appStory()...),
		"sigma-sign":  in(sigma.SignInFrame{Page: page("Sign in"), Base: "/sigma/demo", Organization: "Example Analytics"}, signInStory("Sign in to Sigma", "Email")),
		"forward": in(okta.SignInFrame{Page: page("Signing in"), Org: "Example Org"}, markup("<h1>Signing in</h1>"),
			kit.Forward{Action: "/acs", Hidden: []kit.Hidden{{Name: "SAMLResponse", Value: "PHg+"}}}),
		"lab-landing": lab.Landing{Labs: []lab.LandingLab{{Name: "demo", Scenario: "starter", Home: "/labs/demo", Okta: "/okta/demo/", Sigma: "/sigma/demo/"}}},
		"lab-home":    labHome(),
		"lab-reset":   lab.Reset{Name: "demo", Action: "/labs/demo/reset", Cancel: "/labs/demo"},
		"lab-windows": lab.Windows{Name: "demo", Home: "/labs/demo", Windows: labWindows()},
		"lab-mail": lab.Mailbox{Page: page(""), Name: "demo", Home: "/labs/demo",
			Emails: []lab.Email{{Time: "24 Nov 2026, 10:04", From: "Okta", To: longName, Subject: "Activate your account",
				Href: "/labs/demo/mail/1"}}},
		"lab-message": lab.EmailPage{Page: page(""), Mailbox: "/labs/demo/mail",
			Email: lab.Email{Subject: "Activate your account", To: "bob@example.com", From: "Okta", Time: "10:04"},
			Body:  "Hello Bob,\n\nfollow the link.", Links: []kit.Link{{Label: "Activate", Href: "/x"}}},
		"lab-traffic": lab.Traffic{Page: page(""), Name: "demo", Home: "/labs/demo", Base: "/labs/demo/traffic",
			Kinds: []string{"Page", "SCIM call"}, Steps: []string{"0.1", "1.1"}, Live: true,
			Pager: kit.Pager{First: 1, Last: 2, Total: 2, Noun: "lines"}, Lines: []lab.TrafficLine{
				{Time: "2023-05-01 10:04:05", Step: "5.4", Kind: "SCIM call", From: "Okta", To: "Sigma",
					Text: "Okta creates Maya Rivers in Sigma as Creator", Result: "201 Created", Href: "/labs/demo/traffic/1"},
				{Time: "2023-05-01 10:05:05", Step: "5.4", Kind: "Administrator action", From: "Ada Okafor", To: "Okta",
					Text: "Assign user to application: " + strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3), Result: "FAILURE",
					Failed: true}}},
		"lab-saml": lab.SAMLCard{MessageHead: lab.MessageHead{Page: page(""), List: "/labs/demo/traffic",
			Title: "Okta signs maya@brightwater.example on to Sigma", Lead: "Okta → Sigma",
			Result: kit.Pill{Label: "403 Forbidden", Tone: kit.Bad}, Sequence: "/labs/demo/traffic/1/sequence", Previous: "/x",
			Next: "/y"},
			Sentences: []string{"The person is maya."}, ChecksLead: "It is refused, because of the check Signature.",
			Attributes: []lab.Fact{{Name: "firstName", Value: "Maya"}}, RelayState: "https://x.example/finish-login",
			XML: "<a>\n  <b/>\n</a>",
			Checks: []lab.Check{{Name: "Status", Expected: "Success", Received: "Success",
				Verdict: kit.Pill{Label: "passed", Tone: kit.Good}},
				{Name: "Signature", Expected: "signed", Received: "foreign", Verdict: kit.Pill{Label: "failed", Tone: kit.Bad},
					Cause: "A foreign certificate.", Fix: kit.Link{Label: "Sigma: Authentication", Href: "/x"}},
				{Name: "Member", Verdict: kit.Pill{Label: "not checked", Tone: kit.Neutral}}}},
		"lab-scim": lab.SCIMCard{MessageHead: lab.MessageHead{Page: page(""), List: "/labs/demo/traffic",
			Title: "Okta deactivates Maya Rivers.", Lead: "Okta → Sigma", Result: kit.Pill{Label: "200 OK", Tone: kit.Good}},
			Facts: []lab.Fact{{Name: "Method", Value: "PATCH"}},
			Mapped: []lab.MappedAttribute{{Okta: "User Type", Mapping: "user.userType", SCIM: "userType", Value: "author",
				Sigma: "Account Type"}}, Record: "member Maya Rivers",
			Differences: []lab.Difference{{Attribute: "active", Before: "true", After: "false"}},
			Request:     "PATCH /scim/v2/Users/1\n\n{}", Response: "{}", Curl: "curl -X PATCH 'http://x'",
			Resend: "/again", ResendHint: "Uses the token that Okta has."},
		"lab-sequence": lab.Sequence{Page: page(""), List: "/labs/demo/traffic", Title: "One sign-in, message by message",
			Lanes: []string{"Sigma", "Browser", "Okta"}, Mermaid: "sequenceDiagram",
			Arrows: []lab.Arrow{{From: 1, To: 0, Label: "GET /login", Text: "GET /login", Time: "10:00:00.000"},
				{From: 0, To: 1, Label: "403 Forbidden", Text: "403 Forbidden", Response: true, Failed: true, Href: "/x"}}},
		"lab-decode": lab.Decode{Page: page(""), List: "/labs/demo/traffic", Action: "/labs/demo/traffic/decode",
			Text: "<a/>", Encoding: "Decoded in this order: base64.",
			Message: &lab.SAMLCard{MessageHead: lab.MessageHead{Title: "Response"}, Problem: "The message is not XML."}},
		"lab-preview": lab.Preview{Page: page(""), List: "/labs/demo/traffic", Action: "/labs/demo/traffic/preview",
			People: kit.Options("Maya Rivers"), Apps: kit.Options("Sigma on AWS"),
			Outcome: &lab.PreviewOutcome{Name: "Maya Rivers", SignOn: kit.Note{Tone: kit.Good, Title: "They would be signed in"},
				SignOnText: "Sigma knows her.", Attributes: []lab.Fact{{Name: "firstName", Value: "Maya"}},
				Push: kit.Note{Tone: kit.Info, Title: "This would be sent"}, PushText: "First she is looked for.",
				Request: "POST /Users"}},
		"lab-empty":    lab.Traffic{Name: "demo", Home: "/labs/demo", Base: "/labs/demo/traffic"},
		"lab-notbuilt": lab.NotBuilt{What: "Directory > Devices", Back: kit.Link{Label: "Back to the lab", Href: "/labs/demo"}},
		"lab-error": lab.ErrorPage{Status: 500, Sentence: "The page could not be made. Nothing was changed.", ID: "9f3c2a",
			Back: kit.Link{Label: "Back to the lab", Href: "/labs/demo"}},
	}
}

func listStory() []templ.Component {
	var rows []templ.Component
	for i, name := range []string{"Bob Smith", longName, "Li Na"} {
		rows = append(rows, in(kit.Row{Draggable: strconv.Itoa(i), Muted: i == 2},
			in(kit.RowHead{Label: "Person & username"},
				markup(`<a href="/x">`+name+`</a><span class="row-detail">averyveryverylongusername.withoutbreaks@subdomain.example.com</span>`)),
			in(kit.Cell{Label: "Primary email"}, text("bob.smith@example.com")),
			in(kit.Cell{Label: "Apps", Numeric: true}, text("12")),
			in(kit.Cell{Label: "Status"}, kit.Pill{Label: []string{"Active", "Locked out", "Deactivated"}[i], Tone: []kit.Tone{kit.Good, kit.Bad, kit.Neutral}[i]}),
			in(kit.Cell{Actions: true},
				kit.Button{Label: "Edit", Icon: "pencil", IconOnly: true, Small: true, Kind: kit.Quiet, Href: "/x"},
				kit.PostButton{Action: "/y", Button: kit.Button{Label: "To top", Small: true}}),
		))
	}
	columns := []kit.Column{{Label: "Person & username"}, {Label: "Primary email"}, {Label: "Apps", Numeric: true},
		{Label: "Status"}, {Label: "Actions", Hidden: true, Narrow: true}}
	return []templ.Component{
		in(kit.PageHead{Title: "People", Lead: "Everybody in the org."}, kit.Button{Label: "Add person", Kind: kit.Primary, Icon: "plus", Href: "/x", Dialog: true},
			kit.Menu{Label: "More actions",
				Items: []kit.MenuItem{{Label: "Import users from CSV", Href: "/x"},
					{Label: "Deactivate", Post: "/y", Danger: true, Rule: true}}}),
		kit.Search{Action: "/x", Label: "Search", Placeholder: "Search by first name, primary email, username", Value: "b", SuggestURL: "/suggest"},
		in(kit.Table{Caption: "People", Columns: columns, Reorder: "/order"}, rows...),
		kit.Pager{First: 21, Last: 40, Total: 53, Noun: "people", Prev: "/x", Next: "/y"},
		kit.EmptyState{Icon: "users", Sentence: "Nobody matches. Search for other words, or show everyone.", Action: kit.Button{Label: "Show everyone", Href: "/x"}},
		kit.BarChart{Title: "Count of events over time", Unit: "Events", Axis: "Hour",
			Bars: []kit.Bar{{Label: "08:00", Value: 4}, {Label: "09:00", Value: 19}, {Label: "10:00", Value: 0},
				{Label: "11:00", Value: 7}}},
	}
}

func formStory(e kit.Errors) templ.Component {
	activation := []kit.Option{{Value: "now", Label: "Activate now", Hint: "The person can sign in at once."}, {Value: "later", Label: "Activate later"}}
	return in(kit.Dialog{Title: "Add person", Lead: "A person of this org.", Close: "/x", Wide: true},
		in(kit.Form{Action: "/y", Hidden: []kit.Hidden{{Name: "v", Value: "1"}}},
			kit.Field{Name: "login", Label: "Username", Value: "bob@gmail.com", Hint: "Must have the form of an email address.",
				Error: e.For("login"), Required: true, Autocomplete: "off"},
			kit.Field{Control: kit.Email, Name: "email", Label: "Primary email", Optional: true},
			kit.Field{Control: kit.Password, Name: "password", Label: "Password", Value: "must-not-show", Autocomplete: "new-password"},
			kit.Field{Control: kit.URL, Name: "url", Label: "Base URL", Placeholder: "https://example.com"},
			kit.Field{Control: kit.Select, Name: "type", Label: "User type", Value: "b",
				Options: []kit.Option{{Value: "a", Label: "User (default)"}, {Value: "b", Label: "Contractor"}}},
			kit.Field{Control: kit.Radios, Name: "activation", Label: "Activation", Value: "", Options: activation, Error: e.For("activation")},
			kit.Field{Control: kit.Checkboxes, Name: "groups", Label: "Groups", Options: kit.Options("Everyone", "FinanceViewers")},
			kit.Field{Control: kit.Checkbox, Name: "change", Label: "User must change password on first login", Checked: true, Hint: "Asked at the next sign-in."},
			kit.Field{Control: kit.Checkbox, Name: "guest", Label: "Allow Guest Access", Switch: true},
			kit.Field{Control: kit.Checkbox, Name: "guest2", Label: "2-Factor Authentication Required", Switch: true, Checked: true},
			kit.Field{Control: kit.TextArea, Name: "cert", Label: "Certificate", Value: "-----BEGIN CERTIFICATE-----\nMIIC", Mono: true},
			kit.Typeahead{Field: kit.Field{Name: "group", Label: "Enter a group to push…"}, SuggestURL: "/suggest", Picked: "groupId"},
			in(kit.Fieldset{Legend: "Application Visibility", Hint: "Who sees the tile."},
				kit.Field{Control: kit.Checkbox, Name: "hidden", Label: "Do not display application icon to users"}),
			in(kit.Actions{}, kit.Button{Label: "Save", Kind: kit.Primary},
				kit.Button{Label: "Save and Add Another", Name: "another", Value: "1"},
				kit.Button{Label: "Cancel", Href: "/x", Close: true}, kit.Button{Label: "Delete", Kind: kit.Danger, Disabled: true}),
		))
}

func appStory() []templ.Component {
	return []templ.Component{
		in(kit.PageHead{Title: "Sigma on AWS", Lead: "SAML 2.0", Mark: "Sigma on AWS",
			Status: kit.Pill{Label: "Active", Tone: kit.Good}, Crumbs: kit.Crumbs{{Label: "Applications", Href: "/x"}}},
			kit.Button{Label: "View Logs", Kind: kit.Quiet, Icon: "activity", Href: "/x"}),
		kit.Tabs{Label: "Application",
			Tabs: []kit.Tab{{Label: "General", Href: "/g"}, {Label: "Sign On", Href: "/s", Current: true},
				{Label: "Mobile", Href: "/m"}, {Label: "Import", Href: "/i"}, {Label: "Assignments", Href: "/a", Count: "3"},
				{Label: "Push Groups", Href: "/p"}, {Label: "Provisioning", Href: "/v"}}},
		in(kit.Note{Title: "Managed elsewhere"}, markup("<p>People and teams come from your identity provider, so nothing here can be edited.</p>")),
		in(kit.Note{Tone: kit.Warning}, markup("<p>The certificate expires in 20 days.</p>")),
		in(kit.Card{Title: "Settings", Lead: "What both sides must know.", Action: kit.Button{Label: "Edit", Small: true, Icon: "pencil", Href: "/e"}},
			kit.DefinitionList{{Label: "Default Relay State",
				Value: "https://app.example.com/" + strings.Repeat("averylongpath", 8)}, {Label: "Attributes"},
				{Label: "State", Content: kit.Pill{Label: "Waiting", Tone: kit.Warning}}},
			kit.CopyBox{Label: "Sign on URL", Name: "sso", Value: "http://127.0.0.1:8080/okta/demo/app/sigmaonaws/exk1/sso/saml"},
			kit.CopyBox{Label: "Signing Certificate", Name: "cert", Value: "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", Rows: 4, Hint: "PEM"}),
	}
}

func assignStory() templ.Component {
	return in(kit.Dialog{Title: "Assign Sigma on AWS to People", Close: "/x", Wide: true},
		kit.Search{Action: "/x", Label: "Search"},
		in(kit.TwoPane{},
			kit.PickList{Label: "People",
				Items: []kit.Pick{{Name: "Bob Smith", Detail: "bob@example.com", Mark: true, Round: true, Post: "/y",
					Button: kit.Button{Label: "Assign", Small: true}},
					{Name: longName, Detail: "m@example.com", Mark: true, Round: true, Done: "Assigned"}}},
			kit.PickList{Label: "Chosen", Empty: "Nobody yet."}),
		in(kit.Actions{}, kit.Button{Label: "Done", Kind: kit.Primary, Href: "/x", Close: true}))
}

func tilesStory() []templ.Component {
	return []templ.Component{kit.PageHead{Title: "Home"},
		markup(`<ul class="tiles"><li class="tile"><span class="lettermark lettermark-large hue-5" aria-hidden="true">SA</span>` +
			`<a class="tile-link" href="/x">Sigma on AWS</a></li>` +
			`<li class="tile"><span class="lettermark lettermark-large hue-1" aria-hidden="true">QR</span>` +
			`<a class="tile-link" href="/y">Quarterly revenue report of the whole organization</a></li></ul>`),
		kit.EmptyState{Icon: "folder", Sentence: "Documents that you may open appear here."}}
}

func signInStory(title, user string) templ.Component {
	return templ.Join(markup("<h1>"+title+"</h1>"), in(kit.Form{Action: "/y"},
		kit.Field{Name: "username", Label: user, Autocomplete: "username"},
		kit.Field{Control: kit.Password, Name: "password", Label: "Password", Autocomplete: "current-password"},
		kit.Field{Control: kit.Checkbox, Name: "keep", Label: "Keep me signed in"},
		in(kit.Actions{}, kit.Button{Label: "Sign in", Kind: kit.Primary})),
		markup(`<p class="divider"><span>or</span></p>`), in(kit.Actions{}, kit.Button{Label: "Sign in with SSO", Href: "/sso"}))
}

func labWindows() []lab.Window {
	return []lab.Window{{Number: 0, Okta: "/okta/demo/", Sigma: "/sigma/demo/", Current: true},
		{Number: 1, Okta: "/okta/demo~1/", Sigma: "/sigma/demo~1/"},
		{Number: 2, Okta: "/okta/demo~2/", Sigma: "/sigma/demo~2/"}}
}

func labHome() lab.Home {
	return lab.Home{Page: page(""), Name: "demo", Scenario: "Scenario starter", Windows: labWindows(), ResetPath: "/labs/demo/reset",
		Mailbox: kit.Link{Label: "Mailbox", Href: "/labs/demo/mail"}, Traffic: kit.Link{Label: "Traffic", Href: "/labs/demo/traffic"},
		Identities: []lab.Identity{{Name: "Ada Admin", Role: "Okta administrator", Login: "ada.admin@example.com",
			Password: "Training-2023", Where: kit.Link{Label: "Okta Admin Console", Href: "/okta/demo/admin"}},
			{Name: longName, Role: "Sigma Admin", Login: "averyveryverylongusername.withoutbreaks@subdomain.example.com",
				Where: kit.Link{Label: "Sigma", Href: "/sigma/demo/"}}},
		Places: []lab.Place{{Label: "Okta sign-in", URL: "http://127.0.0.1:8080/okta/demo/"}, {Label: "Sigma", URL: "http://127.0.0.1:8080/sigma/demo/"}}}
}

func storybook(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())
	for name, story := range stories() {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := story.Render(r.Context(), w); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func fetch(t *testing.T, url string) *goquery.Document {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", url, res.Status)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestPagesKeepTheRules checks what the conventions promise of every page, on pages that use every part.
func TestPagesKeepTheRules(t *testing.T) {
	server := storybook(t)
	for name := range stories() {
		t.Run(name, func(t *testing.T) {
			doc := fetch(t, server.URL+"/"+name)
			checkPolicy(t, doc)
			checkStructure(t, doc)
			checkReferences(t, doc)
			if strings.Contains(doc.Text(), "must-not-show") || doc.Find(`[value="must-not-show"]`).Length() > 0 {
				t.Error("a password came back to the page")
			}
		})
	}
}

func checkPolicy(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s, which the policy forbids", s.Nodes[0].Data, a.Key)
			}
		}
	})
	if n := doc.Find("style, script:not([src])").Length(); n > 0 {
		t.Errorf("%d inline styles or scripts", n)
	}
}

func checkStructure(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if title := doc.Find("head > title").Text(); !strings.HasPrefix(title, "[Training] ") || len(title) < 12 {
		t.Errorf("title %q does not begin with [Training]", title)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	if n := doc.Find("main#main").Length(); n != 1 {
		t.Errorf("%d main, want 1", n)
	}
	if !strings.Contains(doc.Find(".training-mark").Text(), "Training stand-in") {
		t.Error("no stand-in mark")
	}
	doc.Find(`input[type="password"]`).Each(func(_ int, s *goquery.Selection) {
		if hint := doc.Find("#" + s.AttrOr("aria-describedby", "none")).Text(); !strings.Contains(hint, kit.PasswordHint) &&
			!strings.Contains(hint, kit.NewPasswordHint) && !strings.Contains(hint, kit.SecretHint) {
			t.Errorf("password field without the hint: %q", hint)
		}
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		if doc.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() != 1 {
			t.Errorf("field %q has not exactly one label", s.AttrOr("name", s.AttrOr("id", "?")))
		}
	})
	doc.Find("a, button, summary").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			t.Errorf("a <%s> without a name", s.Nodes[0].Data)
		}
	})
}

// checkReferences: ids are unique, and what points at an id finds it.
func checkReferences(t *testing.T, doc *goquery.Document) {
	t.Helper()
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("id %q twice", id)
		}
		seen[id] = true
	})
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		doc.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(name, "")) {
				if !seen[id] {
					t.Errorf("%s points at %q, which is not there", name, id)
				}
			}
		})
	}
	doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[id] {
			t.Errorf("link to #%s, which is not there", id)
		}
	})
	doc.Find(`svg.icon`).Each(func(_ int, s *goquery.Selection) {
		if s.Children().Length() == 0 {
			t.Error("an icon that is not in static/icons")
		}
	})
}

// TestErrorsOnAForm checks the title, the summary's link and that the value is kept.
func TestErrorsOnAForm(t *testing.T) {
	doc := fetch(t, storybook(t).URL+"/form")
	if got, want := doc.Find("title").Text(), "[Training] Error: Add person - Okta"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	target := doc.Find(".notice-error a").First().AttrOr("href", "")
	field := doc.Find(target)
	if field.AttrOr("name", "") != "login" || field.AttrOr("value", "") != "bob@gmail.com" || field.AttrOr("aria-invalid", "") != "true" {
		t.Errorf("the summary leads to %q, not to the kept value of login", target)
	}
}

// TestScreenshots leaves pictures of all stories in /tmp/storybook, to be looked at. It runs when STORYBOOK is set.
func TestScreenshots(t *testing.T) {
	chromium, err := player.FindBrowser("")
	if err != nil || os.Getenv("STORYBOOK") == "" {
		t.Skip("needs a browser and STORYBOOK=1")
	}
	server, dir := storybook(t), "/tmp/storybook"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name := range stories() {
		if only := os.Getenv("STORYBOOK"); only != "1" && !strings.Contains(only, name) {
			continue
		}
		for _, width := range []int{1280, 320} {
			picture(t, chromium, server.URL+"/"+name, filepath.Join(dir, name+"-"+strconv.Itoa(width)+".png"), width)
		}
	}
}

func picture(t *testing.T, chromium, url, file string, width int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	height := "1100"
	if width < 500 {
		height = "2400"
	}
	out, err := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--hide-scrollbars", "--user-data-dir="+t.TempDir(), "--window-size="+strconv.Itoa(width)+","+height, "--screenshot="+file, url).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", url, err, out)
	}
}
