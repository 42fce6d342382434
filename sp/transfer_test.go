package sp_test

import (
	"strings"
	"testing"

	"understudy/seed/base/store"
	"understudy/sp"
)

// where returns the folders above a document, as far as the actor can view them, and its owner.
func (w *world) where(t *testing.T, by sp.Actor, name string) (path, owner string) {
	t.Helper()
	b, err := w.Workbook(w.ctx, by, w.file(t, by, name).ID)
	must(t, err)
	var names []string
	for _, c := range b.Path {
		names = append(names, c.Name)
	}
	return strings.Join(names, " > "), b.OwnerName
}

// Sigma help, deactivate users: the content of My Documents moves to the new owner's Archived Users, with its folders. Files
// in shared places stay there. Every file gets the new owner, also files in the trash.
func TestFilesOfDeactivatedMemberAreTransferred(t *testing.T) {
	w := newWorld(t)
	folder, err := w.CreateFolder(w.ctx, w.carl, "", "Drafts")
	must(t, err)
	must(t, second(w.CreateWorkbook(w.ctx, w.carl, folder.ID, "Nested")))
	gone, err := w.CreateWorkbook(w.ctx, w.carl, "", "Thrown away")
	must(t, err)
	must(t, w.DeleteFile(w.ctx, w.carl, gone.ID))
	own, err := w.CreateWorkspace(w.ctx, w.carl, "Carl's corner", "")
	must(t, err)
	must(t, w.Share(w.ctx, w.carl, w.file(t, w.carl, "Diary").ID, "member", w.vic.MemberID, sp.CanView))
	by := w.directory(t)

	must(t, w.deactivateByDirectory(by, w.carl.MemberID))
	for name, want := range map[string]string{
		"Diary":  "My Documents > Archived Users > Carl Creator",
		"Nested": "My Documents > Archived Users > Carl Creator > Drafts",
		"Sales":  "All Members > Reports",
		"Budget": "FinanceViewers",
	} {
		if path, owner := w.where(t, w.ann, name); path != want || owner != "Ann Admin" {
			t.Errorf("%s is in %s and belongs to %s", name, path, owner)
		}
	}
	if f := w.file(t, w.ann, "Carl's corner"); f.ID != own.ID || f.OwnerName != "Ann Admin" {
		t.Errorf("the workspace belongs to %s", f.OwnerName)
	}
	if trash, err := w.Trash(w.ctx, w.ann); err != nil || len(trash) != 1 || trash[0].Name != "Thrown away" {
		t.Errorf("Ann's trash: %+v, %v", trash, err)
	}
	must(t, w.RecoverFile(w.ctx, w.ann, gone.ID))
	if path, _ := w.where(t, w.ann, "Thrown away"); path != "My Documents > Archived Users > Carl Creator" {
		t.Errorf("recovered into %s", path)
	}
	must(t, second(w.Workbook(w.ctx, w.vic, w.file(t, w.vic, "Diary").ID))) // what was shared stays shared

	// A reactivated member starts without documents. The next deactivation adds new documents to the same folder.
	in := sp.ProvisionedMember{UserName: "carl@example.com", FirstName: "Carl", LastName: "Creator", Active: true}
	must(t, second(w.changeProvisioned(by, w.carl.MemberID, in)))
	must(t, second(w.CreateWorkbook(w.ctx, w.carl, "", "Second diary")))
	must(t, w.deactivateByDirectory(by, w.carl.MemberID))
	if path, _ := w.where(t, w.ann, "Second diary"); path != "My Documents > Archived Users > Carl Creator" {
		t.Errorf("the second diary is in %s", path)
	}
	archive, err := w.MyDocuments(w.ctx, w.ann)
	must(t, err)
	if len(archive.Items) != 1 {
		t.Errorf("Ann's My Documents: %+v", archive.Items)
	}
}

// A reactivated member is still in the teams from the directory.
func TestReactivatedMemberKeepsTeams(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	m, err := w.ProvisionMember(w.ctx, by, bob("viewer"))
	must(t, err)
	team, err := w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: "OktaViewers", MemberIDs: []string{m.ID}})
	must(t, err)
	must(t, w.deactivateByDirectory(by, m.ID))
	must(t, second(w.changeProvisioned(by, m.ID, bob("viewer"))))
	d, err := w.Member(w.ctx, w.ann, m.ID)
	must(t, err)
	if d.Status != sp.MemberActive || len(d.Teams) != 1 || d.Teams[0].ID != team.ID {
		t.Errorf("came back as %+v", d)
	}
}

// A team that the directory deletes loses its access at once. The content of its workspace moves to the My Documents of the
// Admin to whom the token belongs.
func TestDeactivatedTeamTransfersItsWorkspace(t *testing.T) {
	w := newWorld(t)
	workspace := w.team(t, "FinanceViewers").WorkspaceID
	folder, err := w.CreateFolder(w.ctx, w.ann, workspace, "Quarter")
	must(t, err)
	must(t, second(w.CreateWorkbook(w.ctx, w.ann, folder.ID, "Forecast")))
	must(t, w.Share(w.ctx, w.carl, w.file(t, w.carl, "Diary").ID, "team", w.team(t, "FinanceViewers").ID, sp.CanView))
	w.file(t, w.vic, "Diary")
	by := w.directory(t)
	must(t, w.DeactivatePushedTeam(w.ctx, by, w.team(t, "FinanceViewers").ID))
	for name, want := range map[string]string{"Forecast": "My Documents > Quarter", "Budget": "My Documents"} {
		if path, _ := w.where(t, w.ann, name); path != want {
			t.Errorf("%s is in %s", name, path)
		}
	}
	left, err := w.Folder(w.ctx, w.ann, workspace)
	must(t, err)
	if len(left.Items) != 0 {
		t.Errorf("the workspace still holds %+v", left.Items)
	}
	for _, name := range []string{"Diary", "Forecast"} {
		if list, err := w.SearchFiles(w.ctx, w.vic, name, 10); err != nil || len(list) != 0 {
			t.Errorf("a member of the ended team still finds %+v, %v", list, err)
		}
	}
	d, err := w.Member(w.ctx, w.ann, w.vic.MemberID)
	must(t, err)
	if len(d.Teams) != 0 {
		t.Errorf("still in %+v", d.Teams)
	}
}

// Each change is one transaction. If its audit entry, which is written last, fails, nothing changes.
func TestTransferIsAtomic(t *testing.T) {
	for event, do := range map[string]func(*world, sp.Actor) error{
		"DEACTIVATE_MEMBER": func(w *world, by sp.Actor) error { return w.deactivateByDirectory(by, w.carl.MemberID) },
		"DEACTIVATE_TEAM": func(w *world, by sp.Actor) error {
			p, err := w.Teams(w.ctx, sp.System(), sp.TeamQuery{Search: "FinanceViewers"})
			if err != nil {
				return err
			}
			return w.DeactivatePushedTeam(w.ctx, by, p.Items[0].ID)
		},
	} {
		t.Run(event, func(t *testing.T) {
			w := newWorld(t)
			by := w.directory(t)
			must(t, w.db.Write(w.ctx, func(tx *store.Tx) error {
				return tx.Exec(`CREATE TRIGGER full BEFORE INSERT ON sigma_audit WHEN new.name = '` + event + `' BEGIN SELECT raise(ABORT, 'disk full'); END`)
			}))
			if err := do(w, by); err == nil {
				t.Fatal("succeeded without its audit entry")
			}
			if m := w.member(t, "carl@example.com"); m.Status != sp.MemberActive {
				t.Errorf("Carl is %s", m.Status)
			}
			for name, want := range map[string]string{"Diary": "My Documents", "Sales": "All Members > Reports", "Budget": "FinanceViewers"} {
				viewer := w.carl
				if name == "Budget" {
					viewer = w.ann // Carl is not in the team, so he cannot view its workspace
				}
				if path, owner := w.where(t, viewer, name); path != want || owner != "Carl Creator" {
					t.Errorf("%s is in %s and belongs to %s", name, path, owner)
				}
			}
			if d, err := w.Team(w.ctx, w.ann, w.team(t, "FinanceViewers").ID); err != nil || len(d.People) != 1 || !d.Active {
				t.Errorf("the team: %+v, %v", d, err)
			}
		})
	}
}
