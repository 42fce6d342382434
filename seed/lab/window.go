package lab

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// windowsOffered is the highest window that the pages name; any number up to 99 works.
const windowsOffered = 4

// windowsMost is the highest number that an address takes.
const windowsMost = 99

// windowList lists the lab's windows with who is signed in there: those that are offered, and others that are in use.
func (v visit) windowList() ([]page.Window, error) {
	ctx := v.Request().Context()
	sessions, err := v.lab.signedIn(ctx)
	if err != nil {
		return nil, err
	}
	names, err := v.lab.windowNames(ctx)
	if err != nil {
		return nil, err
	}
	numbers := []int{0}
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
		w := page.Window{Number: n, Okta: "/okta/" + v.lab.Name + suffix + "/", Sigma: "/sigma/" + v.lab.Name + suffix + "/",
			Name: names[n], NamePath: v.path() + "/windows/name"}
		for _, s := range sessions[n] {
			where := ""
			if s.browser != v.browser() {
				where = ", in another browser"
			}
			w.SignedIn = append(w.SignedIn, fmt.Sprintf("%s in %s %s, since %s%s", s.Who, s.Half, s.How, s.Since, where))
		}
		if len(w.SignedIn) > 0 {
			w.EndPath = v.path() + "/windows/end"
		}
		list = append(list, w)
	}
	return list, nil
}

// windowState says of a window of a browser what the bar on top of its pages shows. back is where an end of its sessions leads.
func (l *Lab) windowState(window int, browser, back string) func(context.Context) *kit.WindowState {
	return func(ctx context.Context) *kit.WindowState {
		state := &kit.WindowState{EndPath: "/labs/" + l.Name + "/windows/end", Hidden: []kit.Hidden{{Name: "window", Value: strconv.Itoa(window)}, {Name: "mine", Value: "yes"}, {Name: "back", Value: back}}}
		names, err := l.windowNames(ctx)
		if err != nil {
			return nil // the page itself matters more than its bar
		}
		state.Name = names[window]
		sessions, err := l.signedIn(ctx)
		if err != nil {
			return nil
		}
		for _, s := range sessions[window] {
			if s.browser == browser {
				state.Signed = append(state.Signed, s.Signed)
			}
		}
		return state
	}
}

// signed is somebody who is signed in to a half, with the browser where.
type signed struct {
	kit.Signed
	browser string
}

// signedIn gives who is signed in where, by window.
func (l *Lab) signedIn(ctx context.Context) (map[int][]signed, error) {
	inOkta, err := l.Org.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	inSigma, err := l.Organization.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	who := map[int][]signed{}
	for _, s := range inOkta {
		who[s.Window] = append(who[s.Window], signed{kit.Signed{Half: "Okta", Who: s.Name, Since: s.Since.Format(sinceTime), How: "with a password"}, s.Browser})
	}
	for _, s := range inSigma {
		how := "with a password"
		if s.Via == "saml" {
			how = "through SSO"
		}
		who[s.Window] = append(who[s.Window], signed{kit.Signed{Half: "Sigma", Who: s.Name, Since: s.Since.Format(sinceTime), How: how}, s.Browser})
	}
	return who, nil
}

const sinceTime = "15:04 UTC"

// windowNames gives what people call the windows.
func (l *Lab) windowNames(ctx context.Context) (map[int]string, error) {
	names := map[int]string{}
	err := l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT number, name FROM lab_window`, nil, func(r store.Row) error {
			var number int
			var name string
			err := r.Scan(&number, &name)
			names[number] = name
			return err
		})
	})
	return names, err
}

// windowNameLimit keeps the bar slim.
const windowNameLimit = 24 // letters

// NameWindow calls a window something; an empty name takes the old one away. Field of the problem: name.
func (l *Lab) NameWindow(ctx context.Context, window int, name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if len([]rune(name)) > windowNameLimit {
		return problem.InvalidField("name", fmt.Sprintf("Use at most %d letters.", windowNameLimit))
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		if name == "" {
			return tx.Exec(`DELETE FROM lab_window WHERE number = $1`, window)
		}
		return tx.Exec(`INSERT INTO lab_window (number, name) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET name = excluded.name`, window, name)
	})
}

// nameWindow keeps what somebody calls a window.
func (d *Door) nameWindow(v visit) error {
	n, err := strconv.Atoi(v.FormValue("window"))
	if err != nil || n < 0 || n > windowsMost {
		return errNoWindow
	}
	err = v.lab.NameWindow(v.Request().Context(), n, v.FormValue("name"))
	if problem.Is(err, problem.Invalid) {
		return d.showWindows(v, http.StatusUnprocessableEntity, refusedName{window: n, typed: v.FormValue("name"), said: problem.As(err).Fields[0].Message})
	}
	if err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.path()+"/windows")
}

var errNoWindow = problem.New(problem.Invalid, "There is no such window.")

// refusedName is a name of a window that could not be taken.
type refusedName struct {
	window int
	typed  string
	said   string
}

// windows is the page behind "Open another window".
func (d *Door) windows(v visit) error {
	return d.showWindows(v, http.StatusOK, refusedName{window: -1})
}

func (d *Door) showWindows(v visit, status int, refused refusedName) error {
	list, err := v.windowList()
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Number == refused.window {
			list[i].Name, list[i].NameError = refused.typed, refused.said
		}
	}
	return render(v, status, page.Windows{Page: v.page(), Name: v.lab.Name, Home: v.path(), Windows: list})
}

// endWindow ends the sessions of one window in both halves: of all browsers, or of the one that asks.
func (d *Door) endWindow(v visit) error {
	n, err := strconv.Atoi(v.FormValue("window"))
	if err != nil {
		return errNoWindow
	}
	browser := ""
	if v.FormValue("mine") != "" {
		browser = v.browser()
	}
	if err := v.lab.Org.EndWindow(v.Request().Context(), n, browser); err != nil {
		return err
	}
	if err := v.lab.Organization.EndWindow(v.Request().Context(), sp.System(), n, browser); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, LocalPath(v.FormValue("back"), v.path()+"/windows"))
}

// LocalPath gives a path that a form of ours names, to go back to; otherwise the other one, also where it would lead away from
// here.
func LocalPath(path, otherwise string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return otherwise
	}
	return path
}
