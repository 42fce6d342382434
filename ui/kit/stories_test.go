package kit_test

import (
	"context"
	"io"
	"maps"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"understudy/ui/kit"
	"understudy/ui/okta"
	"understudy/ui/sigma"
)

// longName tests that long names wrap or are cut.
const longName = "Maximiliana-Alexandra von und zu Hohenlohe-Waldenburg-Schillingsfürst"

// stories are pages that together use every control of the kit and every frame, by their path on the test server.
func stories() map[string]templ.Component {
	all := productStories()
	maps.Copy(all, labStories())
	return all
}

// productStories are pages in the frames of Okta and Sigma.
func productStories() map[string]templ.Component {
	withErrors := adminFrame("Add person", "/admin/users/new")
	withErrors.Page.Errors = formErrors()
	withStatus := adminFrame("People", "/admin/users")
	withStatus.Page.Status = []kit.Status{{Message: "Bob Smith was added.",
		Link: kit.Link{Label: "Add another", Href: "/x"}}, {Message: "The mailbox has one new email.", Tone: kit.Info}}
	return map[string]templ.Component{
		"list":   in(withStatus, listStory()...),
		"form":   in(withErrors, formStory(withErrors.Page.Errors)),
		"app":    in(adminFrame("Sigma on AWS", "/admin/apps"), appStory()...),
		"assign": in(adminFrame("Assign Sigma on AWS to People", "/admin/apps"), assignStory()),
		"confirm": in(adminFrame("Deactivate", "/admin/users"),
			kit.Confirm{Title: "Deactivate " + longName + "?",
				Effect: "Okta removes the app assignments. Reactivation does not restore them.", Close: "/x",
				Action: "/y",
				Label:  "Deactivate", Danger: true}),
		"my-apps": in(okta.EndUserFrame{Page: page("My Apps"), Base: "/okta/demo", Current: "/app/UserHome",
			User: okta.Person{Name: longName, Login: "m@example.com", Admin: true}}, tilesStory()...),
		"okta-signin": in(okta.SignInFrame{Page: page("Sign In"), Base: "/okta/demo", Org: "Example Org"},
			signInStory("Sign In", "Username")),
		"sigma-home": in(sigma.Frame{Page: page("Home"), Base: "/sigma/demo", Current: "/home", User: sigmaMember(),
			CreateNew: []kit.MenuItem{{Label: "Workbook", Href: "/x"}}}, tilesStory()...),
		"sigma-admin": in(sigma.AdminFrame{Page: page("Account"), Base: "/sigma/demo",
			Current: "/admin/authentication", User: sigmaMember()}, appStory()...),
		"sigma-sign": in(sigma.SignInFrame{Page: page("Sign in"), Base: "/sigma/demo",
			Organization: "Example Analytics"}, signInStory("Sign in to Sigma", "Email")),
		"forward": in(okta.SignInFrame{Page: page("Signing in"), Org: "Example Org"}, markup("<h1>Signing in</h1>"),
			kit.Forward{Action: "/acs", Hidden: []kit.Hidden{{Name: "SAMLResponse", Value: "PHg+"}}}),
	}
}

func listStory() []templ.Component {
	var rows []templ.Component
	for i, name := range []string{"Bob Smith", longName, "Li Na"} {
		rows = append(rows, in(kit.Row{Draggable: strconv.Itoa(i), Muted: i == 2},
			in(kit.RowHead{Label: "Person & username"},
				markup(`<a href="/x">`+name+`</a>`+
					`<span class="row-detail">averyveryverylongusername.withoutbreaks@subdomain.example.com</span>`)),
			in(kit.Cell{Label: "Primary email"}, text("bob.smith@example.com")),
			in(kit.Cell{Label: "Apps", Numeric: true}, text("12")),
			in(kit.Cell{Label: "Status"}, kit.Pill{Label: []string{"Active", "Locked out", "Deactivated"}[i],
				Tone: []kit.Tone{kit.Good, kit.Bad, kit.Neutral}[i]}),
			in(kit.Cell{Actions: true},
				kit.Button{Label: "Edit", Icon: "pencil", IconOnly: true, Small: true, Kind: kit.Quiet, Href: "/x"},
				kit.PostButton{Action: "/y", Button: kit.Button{Label: "To top", Small: true}}),
		))
	}
	columns := []kit.Column{{Label: "Person & username"}, {Label: "Primary email"}, {Label: "Apps", Numeric: true},
		{Label: "Status"}, {Label: "Actions", Hidden: true, Narrow: true}}
	return []templ.Component{
		in(kit.PageHead{Title: "People", Lead: "All people in the org."},
			kit.Button{Label: "Add person", Kind: kit.Primary, Icon: "plus", Href: "/x", Dialog: true},
			kit.Menu{Label: "More actions",
				Items: []kit.MenuItem{{Label: "Import users from CSV", Href: "/x"},
					{Label: "Deactivate", Post: "/y", Danger: true, Rule: true}}}),
		kit.Search{Action: "/x", Label: "Search", Placeholder: "Search by first name, primary email, username",
			Value: "b", SuggestURL: "/suggest"},
		in(kit.Table{Caption: "People", Columns: columns, Reorder: "/order"}, rows...),
		kit.Pager{First: 21, Last: 40, Total: 53, Noun: "people", Prev: "/x", Next: "/y"},
		kit.EmptyState{Icon: "users", Sentence: "Nobody matches your search. Search for other words, or show everyone.",
			Action: kit.Button{Label: "Show everyone", Href: "/x"}},
		kit.BarChart{Title: "Count of events over time", Unit: "Events", Axis: "Hour",
			Bars: []kit.Bar{{Label: "08:00", Value: 4}, {Label: "09:00", Value: 19}, {Label: "10:00", Value: 0},
				{Label: "11:00", Value: 7}}},
	}
}

func formStory(e kit.Errors) templ.Component {
	activation := []kit.Option{{Value: "now", Label: "Activate now", Hint: "The person can sign in at once."},
		{Value: "later", Label: "Activate later"}}
	return in(kit.Dialog{Title: "Add person", Lead: "A person of this org.", Close: "/x", Wide: true},
		in(kit.Form{Action: "/y", Hidden: []kit.Hidden{{Name: "v", Value: "1"}}},
			kit.Field{Name: "login", Label: "Username", Value: "bob@gmail.com",
				Hint:  "Must have the form of an email address.",
				Error: e.For("login"), Required: true, Autocomplete: "off"},
			kit.Field{Control: kit.Email, Name: "email", Label: "Primary email", Optional: true},
			kit.Field{Control: kit.Password, Name: "password", Label: "Password", Value: "must-not-show",
				Autocomplete: "new-password"},
			kit.Field{Control: kit.URL, Name: "url", Label: "Base URL", Placeholder: "https://example.com"},
			kit.Field{Control: kit.Select, Name: "type", Label: "User type", Value: "b",
				Options: []kit.Option{{Value: "a", Label: "User (default)"}, {Value: "b", Label: "Contractor"}}},
			kit.Field{Control: kit.Radios, Name: "activation", Label: "Activation", Value: "", Options: activation,
				Error: e.For("activation")},
			kit.Field{Control: kit.Checkboxes, Name: "groups", Label: "Groups",
				Options: kit.Options("Everyone", "FinanceViewers")},
			kit.Field{Control: kit.Checkbox, Name: "change", Label: "User must change password on first login",
				Checked: true, Hint: "Okta asks at the next sign-in."},
			kit.Field{Control: kit.Checkbox, Name: "guest", Label: "Allow Guest Access", Switch: true},
			kit.Field{Control: kit.Checkbox, Name: "guest2", Label: "2-Factor Authentication Required", Switch: true,
				Checked: true},
			kit.Field{Control: kit.TextArea, Name: "cert", Label: "Certificate",
				Value: "-----BEGIN CERTIFICATE-----\nMIIC", Mono: true},
			kit.Typeahead{Field: kit.Field{Name: "group", Label: "Enter a group to push…"}, SuggestURL: "/suggest",
				Picked: "groupId"},
			in(kit.Fieldset{Legend: "Application Visibility", Hint: "Who sees the tile."},
				kit.Field{Control: kit.Checkbox, Name: "hidden", Label: "Do not display application icon to users"}),
			in(kit.Actions{}, kit.Button{Label: "Save", Kind: kit.Primary},
				kit.Button{Label: "Save and Add Another", Name: "another", Value: "1"},
				kit.Button{Label: "Cancel", Href: "/x", Close: true},
				kit.Button{Label: "Delete", Kind: kit.Danger, Disabled: true}),
		))
}

func appStory() []templ.Component {
	return []templ.Component{
		in(kit.PageHead{Title: "Sigma on AWS", Lead: "SAML 2.0", Mark: "Sigma on AWS",
			Status: kit.Pill{Label: "Active", Tone: kit.Good}, Crumbs: kit.Crumbs{{Label: "Applications", Href: "/x"}}},
			kit.Button{Label: "View Logs", Kind: kit.Quiet, Icon: "activity", Href: "/x"}),
		kit.Tabs{Label: "Application",
			Tabs: []kit.Tab{{Label: "General", Href: "/g"}, {Label: "Sign On", Href: "/s", Current: true},
				{Label: "Mobile", Href: "/m"}, {Label: "Import", Href: "/i"},
				{Label: "Assignments", Href: "/a", Count: "3"},
				{Label: "Push Groups", Href: "/p"}, {Label: "Provisioning", Href: "/v"}}},
		in(kit.Note{Title: "Managed elsewhere"},
			markup("<p>People and teams come from your identity provider, so you cannot edit them here.</p>")),
		in(kit.Note{Tone: kit.Warning}, markup("<p>The certificate expires in 20 days.</p>")),
		in(kit.Card{Title: "Settings", Lead: "The settings that both products need.",
			Action: kit.Button{Label: "Edit", Small: true, Icon: "pencil", Href: "/e"}},
			kit.DefinitionList{{Label: "Default Relay State",
				Value: "https://app.example.com/" + strings.Repeat("averylongpath", 8)}, {Label: "Attributes"},
				{Label: "State", Content: kit.Pill{Label: "Waiting", Tone: kit.Warning}}},
			kit.CopyBox{Label: "Sign on URL", Name: "sso",
				Value: "http://127.0.0.1:8080/okta/demo/app/sigmaonaws/exk1/sso/saml"},
			kit.CopyBox{Label: "Signing Certificate", Name: "cert",
				Value: "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", Rows: 4, Hint: "PEM"}),
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
		markup(`<p class="divider"><span>or</span></p>`),
		in(kit.Actions{}, kit.Button{Label: "Sign in with SSO", Href: "/sso"}))
}

// in renders content as the children of a frame or another component.
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
