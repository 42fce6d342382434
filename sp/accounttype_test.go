package sp_test

import (
	"strings"
	"testing"

	"understudy/seed/base/problem"
	"understudy/sp"
)

func TestPermissionsEnableOthers(t *testing.T) {
	for _, c := range []struct {
		of   sp.Permission
		want []sp.Permission
	}{
		{sp.CreateWorkbooks, []sp.Permission{sp.FullExplore, sp.BasicExplore, sp.ViewWorkbooks}},
		{sp.ScheduleExport, []sp.Permission{sp.Download, sp.ExportToEmail}},
		{sp.CreateWorkspace, []sp.Permission{sp.ContributeToFolders, sp.ShareDocuments}},
	} {
		set := sp.PermissionsOf(c.of, "no-such-permission")
		for _, p := range c.want {
			if !set.Has(p) {
				t.Errorf("%s does not enable %s", c.of, p)
			}
		}
		if len(set) != len(c.want)+1 {
			t.Errorf("%s gives %v", c.of, set.List())
		}
	}
}

func TestAccountTypeNamesAreUniqueAndStandardTypesStay(t *testing.T) {
	w := newWorld(t)
	_, err := w.CreateAccountType(w.ctx, w.ann, sp.AccountTypeInput{Name: " Sharer "})
	field(t, err, "name")
	lower, err := w.CreateAccountType(w.ctx, w.ann, sp.AccountTypeInput{Name: "sharer", Permissions: []sp.Permission{sp.ShareDocuments}})
	must(t, err) // names are case-sensitive
	_, err = w.CreateAccountType(w.ctx, w.carl, sp.AccountTypeInput{Name: "Mine"})
	refused(t, err, problem.Forbidden, "ADMIN_ONLY")
	refused(t, w.UpdateAccountType(w.ctx, w.ann, w.typeID(t, "Admin"), sp.AccountTypeInput{Name: "Admin"}), problem.Conflict, "")
	_, err = w.DeleteAccountType(w.ctx, w.ann, w.typeID(t, "Viewer"), "")
	refused(t, err, problem.Conflict, "")
	must(t, w.AssignAccountType(w.ctx, w.ann, testBase, lower.ID, w.vic.MemberID, w.carl.MemberID))
	n, err := w.DeleteAccountType(w.ctx, w.ann, lower.ID, "")
	must(t, err)
	if m := w.member(t, "carl@example.com"); n != 2 || m.AccountType != "Viewer" {
		t.Errorf("moved %d, Carl is %s", n, m.AccountType)
	}
	d, err := w.DuplicateAccountType(w.ctx, w.ann, w.typeID(t, "Creator"))
	must(t, err)
	again, err := w.DuplicateAccountType(w.ctx, w.ann, w.typeID(t, "Creator"))
	must(t, err)
	if d.Name != "Copy of Creator" || again.Name == d.Name || !d.Permissions.Has(sp.Download) || !d.Deletable() {
		t.Errorf("duplicates %+v, %+v", d, again)
	}
	refused(t, w.AssignAccountType(w.ctx, w.ann, testBase, d.ID, w.ann.MemberID), problem.Conflict, "")
}

func TestPermissionsApplyToEveryChange(t *testing.T) {
	w := newWorld(t)
	sales := w.file(t, w.vic, "Sales")
	if r := sales.Rights; !r.View || r.Edit || r.Export || r.Share || r.Access != sp.CanView || r.Granted != sp.CanEdit || len(r.Missing) == 0 {
		t.Errorf("a Viewer with Can edit has %+v", r)
	}
	if r := w.file(t, w.carl, "Sales").Rights; !r.Edit || !r.Export || !r.Share || !r.Owner {
		t.Errorf("the Creator who owns it has %+v", r)
	}
	for name, err := range map[string]error{
		"edit":     w.UpdateWorkbook(w.ctx, w.vic, sales.ID, sp.WorkbookInput{Name: "x"}),
		"rename":   w.RenameFile(w.ctx, w.vic, sales.ID, "x"),
		"share":    w.Share(w.ctx, w.vic, sales.ID, "member", w.eve.MemberID, sp.CanView),
		"folder":   second(w.CreateFolder(w.ctx, w.vic, "", "x")),
		"workbook": second(w.CreateWorkbook(w.ctx, w.vic, "", "x")),
		"place":    second(w.CreateWorkspace(w.ctx, w.vic, "x", "")),
		"export":   second(w.Export(w.ctx, w.vic, sales.ID, "", sp.CSV)),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, problem.Forbidden, "PERMISSION_MISSING") })
	}
	if e := w.logged(t, "EXPORT"); e.Status != "Failure" || e.Type != sp.Exports ||
		e.Detail["permission"] != "Download" || e.Actor.MemberID != w.vic.MemberID {
		t.Errorf("refused export is logged as %+v", e)
	}
}

func second[T any](_ T, err error) error { return err }

func TestExportNeedsOnlyDownload(t *testing.T) {
	w := newWorld(t)
	must(t, w.AssignAccountType(w.ctx, w.ann, testBase, w.typeID(t, "CreatorNoDownload"), w.carl.MemberID))
	sales := w.file(t, w.carl, "Sales")
	if !sales.Rights.Edit || sales.Rights.Export {
		t.Errorf("rights %+v", sales.Rights)
	}
	must(t, w.UpdateWorkbook(w.ctx, w.carl, sales.ID, sp.WorkbookInput{Name: "Sales", Data: "Region,Total\nNorth,5\nSouth,\"1,250\"\nNorth,2\n"}))
	for _, f := range sp.Formats() {
		p := refused(t, second(w.Export(w.ctx, w.carl, sales.ID, "", f)), problem.Forbidden, "PERMISSION_MISSING")
		if !strings.Contains(p.Message, "Download") {
			t.Errorf("the sentence %q does not name the permission", p.Message)
		}
	}
	b, err := w.Workbook(w.ctx, w.ann, sales.URLID)
	must(t, err)
	if chart := b.Content.Element("chart-1"); chart == nil || len(chart.Rows) != 2 || chart.Rows[0][1] != "7" || chart.Rows[1][1] != "1250" {
		t.Errorf("chart after the edit: %+v", chart)
	}
}

func TestMyDocumentsArePrivateUntilShared(t *testing.T) {
	w := newWorld(t)
	diary := w.file(t, w.carl, "Diary")
	refused(t, second(w.Workbook(w.ctx, w.ann, diary.ID)), problem.Forbidden, "NO_ACCESS")
	refused(t, second(w.Workbook(w.ctx, w.vic, diary.URLID)), problem.Forbidden, "NO_ACCESS")
	must(t, w.RequestAccess(w.ctx, w.vic, testBase, diary.ID))
	must(t, w.Share(w.ctx, w.carl, diary.ID, "team", w.team(t, "FinanceViewers").ID, sp.CanView))
	_, err := w.Workbook(w.ctx, w.vic, diary.ID)
	must(t, err)
	shared, err := w.SharedWithMe(w.ctx, w.vic)
	must(t, err)
	if len(shared) != 2 {
		t.Errorf("shared with Vic: %d", len(shared))
	}
	home, err := w.Home(w.ctx, w.vic)
	must(t, err)
	if len(home.Recent) == 0 || home.Recent[0].Name != "Diary" || len(home.Workspaces) != 2 {
		t.Errorf("home %+v", home)
	}
	must(t, w.Unshare(w.ctx, w.carl, diary.ID, "team", w.team(t, "FinanceViewers").ID))
	refused(t, second(w.Workbook(w.ctx, w.vic, diary.ID)), problem.Forbidden, "NO_ACCESS")
}

func (w *world) team(t testing.TB, name string) sp.Team {
	t.Helper()
	p, err := w.Teams(w.ctx, sp.System(), sp.TeamQuery{Search: name})
	must(t, err)
	if len(p.Items) != 1 {
		t.Fatalf("%d teams named %s", len(p.Items), name)
	}
	return p.Items[0]
}

func TestTrashAndRecover(t *testing.T) {
	w := newWorld(t)
	folder, err := w.CreateFolder(w.ctx, w.carl, "", "Plans")
	must(t, err)
	b, err := w.CreateWorkbook(w.ctx, w.carl, folder.ID, "Plan A")
	must(t, err)
	field(t, w.MoveFile(w.ctx, w.carl, folder.ID, folder.ID), "parentID")
	must(t, w.DeleteFile(w.ctx, w.carl, folder.ID))
	refused(t, second(w.Workbook(w.ctx, w.carl, b.ID)), problem.NotFound, "")
	must(t, w.RecoverFile(w.ctx, w.carl, folder.ID))
	got, err := w.Workbook(w.ctx, w.carl, b.ID)
	must(t, err)
	if len(got.Path) != 2 || got.Path[0].Name != "My Documents" {
		t.Errorf("path %+v", got.Path)
	}
	refused(t, w.UpdateWorkbook(w.ctx, w.carl, b.ID, sp.WorkbookInput{Name: "Plan A", Version: got.Version + 1}), problem.Conflict, "VERSION")
	places, err := w.Places(w.ctx, w.carl)
	must(t, err)
	if len(places) < 4 {
		t.Errorf("%d places", len(places))
	}
}
