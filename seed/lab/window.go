package lab

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"understudy/seed/problem"
	page "understudy/ui/lab"
)

// windowsOffered is the highest window that the pages name; any number up to 99 works.
const windowsOffered = 4

// windowList lists the lab's windows with who is signed in there: those that are offered, and others that are in use.
func (v visit) windowList() ([]page.Window, error) {
	ctx := v.Request().Context()
	inOkta, err := v.lab.Org.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	inSigma, err := v.lab.Organization.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	who := map[int][]string{}
	for _, s := range inOkta {
		who[s.Window] = append(who[s.Window], fmt.Sprintf("%s in Okta, since %s", s.Name, s.Since.Format("15:04")))
	}
	for _, s := range inSigma {
		how := "with a password"
		if s.Via == "saml" {
			how = "through SSO"
		}
		who[s.Window] = append(who[s.Window], fmt.Sprintf("%s in Sigma %s, since %s", s.Name, how, s.Since.Format("15:04")))
	}
	numbers := []int{0}
	for n := 2; n <= windowsOffered; n++ {
		numbers = append(numbers, n)
	}
	for n := range who {
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
		w := page.Window{Number: n, Okta: "/okta/" + v.lab.Name + suffix + "/", Sigma: "/sigma/" + v.lab.Name + suffix + "/", SignedIn: who[n]}
		if len(w.SignedIn) > 0 {
			w.EndPath = v.path() + "/windows/end"
		}
		list = append(list, w)
	}
	return list, nil
}

// windows is the page behind "Open another window".
func (d *Door) windows(v visit) error {
	list, err := v.windowList()
	if err != nil {
		return err
	}
	return render(v, http.StatusOK, page.Windows{Page: v.page(), Name: v.lab.Name, Home: v.path(), Windows: list})
}

// endWindow ends the sessions of one window in both halves.
func (d *Door) endWindow(v visit) error {
	n, err := strconv.Atoi(v.FormValue("window"))
	if err != nil {
		return problem.New(problem.Invalid, "There is no such window.")
	}
	if err := v.lab.Org.EndWindow(v.Request().Context(), n); err != nil {
		return err
	}
	if err := v.lab.Organization.EndWindow(v.Request().Context(), n); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.path()+"/windows")
}
