package sp_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"understudy/sp"
)

// checkpoint copies the organization into a file and returns its path.
func (w *world) checkpoint(t *testing.T) string {
	t.Helper()
	content, err := w.db.Serialize(w.ctx)
	must(t, err)
	path := filepath.Join(t.TempDir(), "checkpoint.db")
	must(t, os.WriteFile(path, content, 0o600))
	return path
}

// signOn signs a member in through the identity provider.
func (w *world) signOn(m sp.Member) error {
	_, _, _, err := w.FinishSignOn(w.ctx, sp.Client{}, sp.SignOn{AssertionID: "_1", Expires: w.wall.Add(time.Hour), Email: m.Email},
		func(sp.SAMLState) bool { return true })
	return err
}

// A person from the directory gets My Documents when the folder is needed: at the first sign-on, when the guide acts as them, when
// they receive the documents of others, and when a session outlives a reset to a checkpoint from before the first sign-on.
func TestMyDocumentsOfAProvisionedMember(t *testing.T) {
	for name, need := range map[string]func(*testing.T, *world, sp.Actor, sp.Member){
		"sign-on": func(t *testing.T, w *world, _ sp.Actor, m sp.Member) { must(t, w.signOn(m)) },
		"carried session": func(t *testing.T, w *world, _ sp.Actor, m sp.Member) {
			checkpoint := w.checkpoint(t)
			must(t, w.signOn(m))
			restore, err := w.CarrySessions(w.ctx)
			must(t, err)
			must(t, w.db.Restore(w.ctx, checkpoint))
			must(t, restore(w.ctx))
		},
		"session of the guide": func(t *testing.T, w *world, _ sp.Actor, m sp.Member) {
			must(t, second(w.OpenSession(w.ctx, m.Email, sp.Client{Browser: "guide"})))
		},
		"documents of others": func(t *testing.T, w *world, by sp.Actor, m sp.Member) {
			must(t, w.SetDirectoryOn(w.ctx, w.ann, false))
			must(t, w.DeactivateMember(w.ctx, w.ann, w.carl.MemberID, m.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			by := w.directory(t)
			m, err := w.ProvisionMember(w.ctx, by, bob("creator"))
			must(t, err)
			need(t, w, by, m)
			bob := sp.Actor{Kind: sp.ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email}
			home, err := w.MyDocuments(w.ctx, bob)
			must(t, err)
			if home.OwnerID != m.ID || home.Name != "My Documents" {
				t.Errorf("My Documents: %+v", home.File)
			}
			must(t, second(w.CreateWorkbook(w.ctx, bob, "", "Plan")))
			if path, _ := w.where(t, bob, "Plan"); path != "My Documents" {
				t.Errorf("the workbook is in %q", path)
			}
			if name == "documents of others" {
				if path, _ := w.where(t, bob, "Diary"); path != "My Documents > Archived Users > Carl Creator" {
					t.Errorf("Carl's diary is in %q", path)
				}
			}
		})
	}
}
