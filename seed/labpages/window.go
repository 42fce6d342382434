package labpages

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/sp"
	page "understudy/ui/lab"
)

// windowsOffered is the highest number of an unused window that pages list. Any number up to lab.MaxWindow works.
const windowsOffered = 4

// windowList returns the windows of the lab that are offered or in use, with the people who are signed in there.
func windowList(r door.LabRequest) ([]page.Window, error) {
	ctx := r.Ctx()
	sessions, err := r.Lab.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	names, err := r.Lab.WindowNames(ctx)
	if err != nil {
		return nil, err
	}
	numbers := []int{0} // the window without a number in its URL; there is no window 1
	for n := 2; n <= windowsOffered; n++ {
		numbers = append(numbers, n)
	}
	for n := range names {
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	for n := range sessions {
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	var list []page.Window
	for _, n := range numbers {
		suffix := ""
		if n > 0 {
			suffix = "~" + strconv.Itoa(n)
		}
		w := page.Window{Number: n, Okta: "/okta/" + r.Lab.Name + suffix + "/", Sigma: "/sigma/" + r.Lab.Name + suffix + "/",
			Name: names[n], NamePath: r.Home() + "/windows/name"}
		for _, s := range sessions[n] {
			where := ""
			if s.Browser != r.Browser {
				where = ", in another browser"
			}
			w.SignedIn = append(w.SignedIn, fmt.Sprintf("%s in %s %s, since %s%s", s.Name, s.Half, s.How, s.Since.Format("15:04 UTC"), where))
		}
		if len(w.SignedIn) > 0 {
			w.EndPath = r.Home() + "/windows/end"
		}
		list = append(list, w)
	}
	return list, nil
}

// nameWindow names a window.
func (p *Pages) nameWindow(r door.LabRequest) error {
	n, err := strconv.Atoi(r.FormValue("window"))
	if err != nil || n < 0 || n > lab.MaxWindow {
		return errNoWindow
	}
	err = r.Lab.NameWindow(r.Ctx(), n, r.FormValue("name"))
	if problem.Is(err, problem.Invalid) {
		return p.showWindows(r, http.StatusUnprocessableEntity, refusedName{window: n, typed: r.FormValue("name"), error: problem.As(err).Fields[0].Message})
	}
	if err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.Home()+"/windows")
}

var errNoWindow = problem.New(problem.Invalid, "There is no such window.")

// refusedName is a name of a window that is not valid, as it was typed.
type refusedName struct {
	window int
	typed  string
	error  string
}

// windows is the page behind "Open another window".
func (p *Pages) windows(r door.LabRequest) error {
	return p.showWindows(r, http.StatusOK, refusedName{window: -1})
}

func (p *Pages) showWindows(r door.LabRequest, status int, refused refusedName) error {
	list, err := windowList(r)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Number == refused.window {
			list[i].Name, list[i].NameError = refused.typed, refused.error
		}
	}
	return r.Render(status, page.Windows{Page: r.Page(), Name: r.Lab.Name, Home: r.Home(), Windows: list})
}

// endWindow ends the sessions of one window in both halves: those of all browsers, or only those of the requesting browser.
func (p *Pages) endWindow(r door.LabRequest) error {
	n, err := strconv.Atoi(r.FormValue("window"))
	if err != nil {
		return errNoWindow
	}
	browser := ""
	if r.FormValue("mine") != "" {
		browser = r.Browser
	}
	if err := r.Lab.Org.EndWindow(r.Ctx(), n, browser); err != nil {
		return err
	}
	if err := r.Lab.Organization.EndWindow(r.Ctx(), sp.System(), n, browser); err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, door.LocalPath(r.FormValue("back"), r.Home()+"/windows"))
}
