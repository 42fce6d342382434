package guide

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"understudy/seed/base/address"
	"understudy/seed/lab"
	"understudy/seed/script"
	page "understudy/ui/lab"
)

// Each person of the script works in a window of their own. A step with new-window begins another window, which has no sign-ins yet.

// mainWindow is the window of the first person of the script, whose addresses have no number.
const mainWindow = 0

// assignWindows gives each step the number of its person's window.
func assignWindows(steps []*script.Step) map[string]int {
	windows, byPerson, next := map[string]int{}, map[string]int{}, mainWindow
	for _, step := range steps {
		_, has := byPerson[step.As]
		if !has || step.NewWindow {
			byPerson[step.As] = next
			if next++; next == 1 { // there is no window 1
				next = 2
			}
		}
		windows[step.ID] = byPerson[step.As]
	}
	return windows
}

// nameParts lists the parts of the view that the learner's names, people and places depend on, sorted.
func (g *Guide) nameParts() []string {
	parts := g.script.NameParts()
	for _, step := range g.steps {
		parts = append(parts, step.At.Parts()...)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// viewer is the page for which the panel is rendered.
type viewer struct {
	Path    string // of the page
	Browser string // the front door's identifier of the browser
}

// panelPage matches the path of a page of a product: its name, the lab and the window.
var panelPage = regexp.MustCompile(`^/(okta|sigma)/[a-z0-9-]+(?:~(\d+))?/`)

// isIn reports whether the viewer's page belongs to a product in a window.
func (v viewer) isIn(product string, window int) bool {
	match := panelPage.FindStringSubmatch(v.Path)
	if match == nil {
		return false
	}
	number, _ := strconv.Atoi("0" + match[2])
	return match[1] == product && number == window
}

// tab returns the name of the browser tab that shows the viewer's window; "" for a page without a window.
func (v viewer) tab(l *lab.Lab) string {
	match := panelPage.FindStringSubmatch(v.Path)
	if match == nil {
		return ""
	}
	number, _ := strconv.Atoi("0" + match[2])
	return tabName(l, number)
}

// tabName is the name of the browser tab for a window of a lab: a link with this target opens the tab that is already there.
func tabName(l *lab.Lab, window int) string {
	return "understudy-" + l.Name + "-" + strconv.Itoa(max(window, 1))
}

// viewerOf returns the viewer of a page of a product.
func viewerOf(r *http.Request) viewer {
	at := address.From(r.Context())
	path := r.URL.Path
	if !panelPage.MatchString(path) {
		path = at.Path(path)
	}
	if r.Method != http.MethodGet {
		return viewer{Path: path, Browser: at.Browser}
	}
	return viewer{Path: (&url.URL{Path: path, RawQuery: r.URL.RawQuery}).String(), Browser: at.Browser}
}

// person is somebody who acts in the guide.
type person struct {
	Name    string
	Login   string
	Product string // in which the person signs in directly: okta or sigma
}

// personOf returns the person who acts under a name of the script.
func (g *Guide) personOf(ctx context.Context, l *lab.Lab, identity string, people map[string]map[string]string) (person, error) {
	identities, err := l.Identities(ctx)
	if err != nil {
		return person{}, err
	}
	for _, i := range identities {
		if i.ID == identity {
			return person{Name: i.Name, Login: i.Username, Product: i.Half}, nil
		}
	}
	if fields := people[identity]; fields != nil {
		return person{Name: fields["name"], Login: fields["username"], Product: string(lab.Okta)}, nil
	}
	return person{Name: g.displayName(identity), Product: string(lab.Okta)}, nil
}

// openButton returns the button that opens the page of a step in the window of its person. It leads to the sign-in page, with the
// user name filled in, if the person is not signed in there.
func (g *Guide) openButton(ctx context.Context, l *lab.Lab, p Progress, step *script.Step, from viewer) (b page.GuideOpen, err error) {
	product := step.At.Product()
	if product == "" {
		return b, nil
	}
	if product == "lab" { // nobody signs in there
		path := p.Places[step.ID]
		b.Href, b.Label = "/labs/"+l.Name+path, "Open the page of this step"
		b.Here = from.Path == b.Href
		return b, nil
	}
	who, err := g.personOf(ctx, l, step.As, p.People)
	if err != nil {
		return b, err
	}
	sessions, err := l.Sessions(ctx)
	if err != nil {
		return b, err
	}
	label := map[string]string{"okta": "Okta", "sigma": "Sigma"}[product]
	window, signedIn := chooseWindow(sessions, g.windows[step.ID], label, who.Login, from.Browser)
	b.Here = from.isIn(product, window)
	b.Target = tabName(l, window)
	b.Window = "window " + strconv.Itoa(max(window, 1))
	b.Label = "Open " + label + " in " + b.Window + " as " + who.Name
	if b.Here {
		b.Label = "Open the page of this step"
	}
	root := "/" + product + "/" + l.Name
	if window != mainWindow {
		root += "~" + strconv.Itoa(window)
	}
	path, known := p.Places[step.ID]
	if !known {
		path = map[string]string{"okta": "/admin/dashboard", "sigma": "/"}[product]
	}
	b.Href = root + path
	if !signedIn {
		b.Href = signInPage(root, product, path, who)
	}
	return b, nil
}

// chooseWindow returns the window of a person: the one that the guide gave them, unless somebody else is signed in to the product
// there; then a window in which they are signed in, or else one that nobody uses.
func chooseWindow(sessions map[int][]lab.Session, own int, product, login, browser string) (window int, signedIn bool) {
	in := func(window int) (same, other bool) {
		for _, s := range sessions[window] {
			if s.Half == product && s.Browser == browser {
				same, other = same || s.Login == login, other || s.Login != login
			}
		}
		return same, other
	}
	same, other := in(own)
	if same || !other {
		return own, same
	}
	for n := range lab.MaxWindow {
		if same, _ := in(n); same && n != 1 {
			return n, true
		}
	}
	for n := own + 1; n < lab.MaxWindow; n++ {
		if len(sessions[n]) == 0 && n != 1 {
			return n, false
		}
	}
	return own, false
}

// signInPage returns the path of the sign-in page that leads to a path of a product.
func signInPage(root, product, path string, who person) string {
	if product == "sigma" {
		query := url.Values{"next": {path}, "login_hint": {who.Login}}
		if path == "/login" {
			query.Del("next")
		}
		return root + "/login?" + query.Encode()
	}
	return root + "/login/login.htm?" + url.Values{"fromURI": {path}, "login_hint": {who.Login}}.Encode()
}
