package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/sp"
	"understudy/sp/site"
)

// action is an action of a member on a page, with the permissions that it needs. Everybody has the access to the document:
// All Members is shared with everyone as Can contribute.
type action struct {
	name  string
	needs []sp.Permission
	do    func(b *browser, file sp.File) // file is a fresh workbook of Carl's in All Members > Reports
}

func opens(path string) func(*browser, sp.File) {
	return func(b *browser, f sp.File) { b.visit(strings.ReplaceAll(path, "{file}", f.ID)) }
}

func posts(path string, form url.Values) func(*browser, sp.File) {
	return func(b *browser, f sp.File) {
		sent := url.Values{}
		for name, values := range form {
			for _, v := range values {
				sent.Add(name, strings.NewReplacer("{file}", f.ID, "{folder}", f.ParentID, "{new}", "New "+f.ID).Replace(v))
			}
		}
		b.take(b.client.PostForm(b.lab.base+strings.ReplaceAll(path, "{file}", f.ID), sent))
	}
}

func actions() []action {
	list := []action{
		{"open a workbook", []sp.Permission{sp.ViewWorkbooks}, opens("/workbook/{file}")},
		{"open edit mode", []sp.Permission{sp.CreateWorkbooks}, opens("/workbook/{file}/edit")},
		{"publish", []sp.Permission{sp.CreateWorkbooks}, posts("/workbook/{file}/edit", url.Values{"name": {"Better"}, "data": {"a,b\nx,1\n"}})},
		{"rename a workbook", []sp.Permission{sp.CreateWorkbooks}, posts("/file/{file}/rename", url.Values{"name": {"Renamed"}})},
		{"open the rename form", []sp.Permission{sp.CreateWorkbooks}, opens("/file/{file}/rename")},
		{"move a workbook", []sp.Permission{sp.CreateWorkbooks}, posts("/file/{file}/move", url.Values{"parent": {""}})},
		{"move a workbook into a shared folder", []sp.Permission{sp.CreateWorkbooks, sp.ContributeToFolders},
			posts("/file/{file}/move", url.Values{"parent": {"{folder}"}})},
		{"open the move form", []sp.Permission{sp.CreateWorkbooks}, opens("/file/{file}/move")},
		{"delete a workbook", []sp.Permission{sp.CreateWorkbooks}, posts("/file/{file}/delete", nil)},
		{"open the deletion dialog", []sp.Permission{sp.CreateWorkbooks}, opens("/file/{file}/delete")},
		{"share a workbook", []sp.Permission{sp.ShareDocuments, sp.CreateWorkbooks}, posts("/file/{file}/share",
			url.Values{"grantee": {"everyone"}, "access": {"1"}})},
		{"open the share dialog", []sp.Permission{sp.ShareDocuments, sp.CreateWorkbooks}, opens("/file/{file}/share")},
		{"open the form for a new workbook", []sp.Permission{sp.CreateWorkbooks}, opens("/new/workbook")},
		{"create a private workbook", []sp.Permission{sp.CreateWorkbooks}, posts("/new/workbook", url.Values{"name": {"{new}"}})},
		{"create a workbook in a shared folder", []sp.Permission{sp.CreateWorkbooks, sp.ContributeToFolders},
			posts("/new/workbook", url.Values{"name": {"{new}"}, "parent": {"{folder}"}})},
		{"open the form for a new folder", []sp.Permission{sp.CreateFolders}, opens("/new/folder")},
		{"create a private folder", []sp.Permission{sp.CreateFolders}, posts("/new/folder", url.Values{"name": {"{new}"}})},
		{"create a folder in a shared folder", []sp.Permission{sp.CreateFolders, sp.ContributeToFolders},
			posts("/new/folder", url.Values{"name": {"{new}"}, "parent": {"{folder}"}})},
		{"open the form for a new workspace", []sp.Permission{sp.CreateWorkspace}, opens("/new/workspace")},
		{"create a workspace", []sp.Permission{sp.CreateWorkspace}, posts("/new/workspace", url.Values{"name": {"{new}"}})},
	}
	for _, f := range sp.Formats() {
		for _, element := range []string{"", "&element=table-1", "&element=chart-1"} {
			list = append(list, action{"export " + string(f) + element, []sp.Permission{sp.ViewWorkbooks, sp.Download},
				opens("/workbook/{file}/export?format=" + string(f) + element)})
		}
	}
	return list
}

// variants returns the sets of permissions for which an action is tried: those of the standard types, exactly the needed ones,
// and those of Creator without each of the needed ones.
func variants(needs []sp.Permission) map[string]sp.Permissions {
	sets := map[string]sp.Permissions{"exactly what is needed": sp.PermissionsOf(needs...), "nothing": {}}
	var all, creator, viewer []sp.Permission
	for _, info := range sp.AllPermissions() {
		all = append(all, info.Permission)
		if info.Creator {
			creator = append(creator, info.Permission)
		}
		if info.Viewer {
			viewer = append(viewer, info.Permission)
		}
	}
	sets["all"], sets["Creator"], sets["Viewer"] = sp.PermissionsOf(all...), sp.PermissionsOf(creator...), sp.PermissionsOf(viewer...)
	for _, p := range needs {
		rest := slices.DeleteFunc(slices.Clone(creator), func(q sp.Permission) bool { return sp.PermissionsOf(q).Has(p) })
		sets["Creator without "+p.Name()] = sp.PermissionsOf(rest...)
	}
	return sets
}

func TestEveryActionNeedsItsPermissions(t *testing.T) {
	l := newLab(t)
	carl := actorOf(t, l, "carl@example.com")
	probe, err := l.org.CreateAccountType(l.ctx, sp.System(), sp.AccountTypeInput{Name: "Probe"})
	must(t, err)
	must(t, l.org.AssignAccountType(l.ctx, sp.System(), testBase, probe.ID, actorOf(t, l, "vic@example.com").MemberID))
	vic := l.as("Vic")
	sales, err := l.org.SearchFiles(l.ctx, carl, "Sales", 1)
	must(t, err)
	for _, d := range actions() {
		for name, set := range variants(d.needs) {
			must(t, l.org.UpdateAccountType(l.ctx, sp.System(), probe.ID, sp.AccountTypeInput{Name: "Probe", Permissions: set.List()}))
			book, err := l.org.CreateWorkbook(l.ctx, carl, sales[0].ParentID, "Fresh")
			must(t, err)
			book.File.ParentID = sales[0].ParentID
			d.do(vic, book.File)
			missing := slices.DeleteFunc(slices.Clone(d.needs), set.Has)
			if !set.Has(sp.ViewWorkbooks) {
				missing = append(missing, sp.ViewWorkbooks) // the document itself cannot be opened then
			}
			if len(slices.DeleteFunc(slices.Clone(d.needs), set.Has)) == 0 {
				if vic.resp.StatusCode >= 400 {
					t.Errorf("%s, with %s: %d %s", d.name, name, vic.resp.StatusCode, vic.text())
				}
				continue
			}
			if vic.resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s, with %s: %d, want 403", d.name, name, vic.resp.StatusCode)
			}
			if !slices.ContainsFunc(missing, func(p sp.Permission) bool { return strings.Contains(vic.text(), p.Name()) }) {
				t.Errorf("%s, with %s: names none of %v: %s", d.name, name, missing, vic.text())
			}
		}
	}
}

// Every page and change of Administration needs the account type Admin, whatever the permissions of the account type.
func TestAdministrationIsOnlyForAdmins(t *testing.T) {
	l := newLab(t)
	var all []sp.Permission
	for _, info := range sp.AllPermissions() {
		all = append(all, info.Permission)
	}
	probe, err := l.org.CreateAccountType(l.ctx, sp.System(), sp.AccountTypeInput{Name: "Everything", Permissions: all})
	must(t, err)
	vicID := actorOf(t, l, "vic@example.com").MemberID
	must(t, l.org.AssignAccountType(l.ctx, sp.System(), testBase, probe.ID, vicID))
	vic, carl, nobody := l.as("Vic"), l.as("Carl"), l.browser()
	nobody.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	e := echo.New()
	site.Register(e)
	tried := 0
	for _, route := range e.Routes() {
		if !strings.HasPrefix(route.Path, "/admin") {
			continue
		}
		tried++
		path := l.base + strings.NewReplacer(":id", vicID, ":member", vicID, ":section", "usage").Replace(route.Path)
		for _, b := range []*browser{vic, carl, nobody} {
			req, err := http.NewRequestWithContext(l.ctx, route.Method, path, nil)
			must(t, err)
			b.take(b.client.Do(req))
			want := http.StatusForbidden
			if b == nobody {
				want = http.StatusFound
			}
			if b.resp.StatusCode != want {
				t.Errorf("%s %s: %d, want %d", route.Method, route.Path, b.resp.StatusCode, want)
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d pages of Administration were tried", tried)
	}
}

// actorOf returns a member as the actor of a change without a browser.
func actorOf(t testing.TB, l *lab, email string) sp.Actor {
	t.Helper()
	p, err := l.org.Members(l.ctx, sp.System(), sp.MemberQuery{Search: email})
	must(t, err)
	if len(p.Items) != 1 {
		t.Fatalf("%d members are %s", len(p.Items), email)
	}
	m := p.Items[0]
	return sp.Actor{Kind: sp.ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email}
}
