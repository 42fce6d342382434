package sp_test

import (
	"context"
	"crypto/rsa"
	"path/filepath"
	"testing"
	"time"

	"understudy/seed/base/keytest"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

// testBase is the URL of the organization.
const testBase sp.BaseURL = "http://lab.test/sigma/demo"

// world is an organization in a database file, with the members of a small scenario.
type world struct {
	*sp.Organization
	db                  *store.DB
	ctx                 context.Context
	wall                *time.Time
	ann, carl, vic, eve sp.Actor // Admin, Creator, Viewer, second Admin
}

func keys(ctx context.Context) (*rsa.PrivateKey, error) { return keytest.Source()(ctx) }

var scenario = sp.Seed{
	Name: "Plain Analytics",
	AccountTypes: []sp.SeedAccountType{
		{Name: "CreatorNoDownload", Like: "Creator", Without: []string{"Download"}},
		{Name: "Sharer", Like: "Viewer", With: []string{"Share documents"}},
	},
	Members: []sp.SeedMember{
		{FirstName: "Ann", LastName: "Admin", Email: "Ann@example.com", Password: "Ann-lab-1", AccountType: "Admin"},
		{FirstName: "Carl", LastName: "Creator", Email: "carl@example.com", Password: "Carl-lab-1", AccountType: "Creator"},
		{FirstName: "Vic", LastName: "Viewer", Email: "vic@example.com", Password: "Vic-lab-1"},
		{FirstName: "Eve", LastName: "Admin", Email: "eve@example.com", Password: "Eve-lab-1", AccountType: "admin"},
	},
	Teams:      []sp.SeedTeam{{Name: "FinanceViewers", Members: []string{"vic@example.com"}, Workspace: true}},
	Workspaces: []sp.SeedWorkspace{{Name: "All Members", Folders: []string{"Reports"}, Grants: []sp.SeedGrant{{To: "everyone", Access: "edit"}}}},
	Documents: []sp.SeedDocument{
		{Name: "Sales", Owner: "carl@example.com", In: "All Members/Reports", Text: "How sales went."},
		{Name: "Diary", Owner: "carl@example.com", In: "My Documents"},
		{Name: "Budget", Owner: "carl@example.com", In: "FinanceViewers", Grants: []sp.SeedGrant{{To: "vic@example.com", Access: "view"}}},
	},
}

func newWorld(t testing.TB) *world {
	t.Helper()
	wall := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo", Wall: func() time.Time { return wall }})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	ctx := t.Context()
	org, err := sp.Open(ctx, db, sp.Options{Keys: keys})
	must(t, err)
	must(t, org.Populate(ctx, scenario))
	w := &world{Organization: org, db: db, ctx: ctx, wall: &wall}
	for email, a := range map[string]*sp.Actor{"ann@example.com": &w.ann, "carl@example.com": &w.carl,
		"vic@example.com": &w.vic, "eve@example.com": &w.eve} {
		m := w.member(t, email)
		*a = sp.Actor{Kind: sp.ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email}
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks the kind and code of an error.
func refused(t testing.TB, err error, kind problem.Kind, code string) *problem.Error {
	t.Helper()
	p := problem.As(err)
	if p == nil || p.Kind != kind || p.Code != code {
		t.Fatalf("got error %v, want kind %d code %q", err, kind, code)
	}
	return p
}

// field checks that an error names a field.
func field(t testing.TB, err error, name string) {
	t.Helper()
	if p := problem.As(err); p != nil {
		for _, f := range p.Fields {
			if f.Name == name {
				return
			}
		}
	}
	t.Fatalf("got error %v, want one at field %s", err, name)
}

func (w *world) member(t testing.TB, email string) sp.Member {
	t.Helper()
	p, err := w.Members(w.ctx, sp.System(), sp.MemberQuery{Search: email, Statuses: []sp.MemberStatus{sp.MemberActive,
		sp.MemberPending, sp.MemberInactive}})
	must(t, err)
	if len(p.Items) != 1 {
		t.Fatalf("%d members found for %s", len(p.Items), email)
	}
	return p.Items[0]
}

func (w *world) file(t testing.TB, by sp.Actor, name string) sp.File {
	t.Helper()
	list, err := w.SearchFiles(w.ctx, by, name, 10)
	must(t, err)
	for _, f := range list {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("%s does not find %s", by.Name, name)
	return sp.File{}
}

func (w *world) typeID(t testing.TB, name string) string {
	t.Helper()
	list, err := w.AccountTypes(w.ctx, sp.System(), "")
	must(t, err)
	for _, a := range list {
		if a.Name == name {
			return a.ID
		}
	}
	t.Fatalf("no account type %s", name)
	return ""
}

// logged returns the latest audit entry with a name.
func (w *world) logged(t testing.TB, name string) sp.AuditEntry {
	t.Helper()
	p, err := w.AuditLog(w.ctx, sp.System(), sp.AuditQuery{Size: 200})
	must(t, err)
	for _, e := range p.Items {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("no %s in the audit log", name)
	return sp.AuditEntry{}
}

// mail returns the body of the latest email to an address.
func (w *world) mail(t testing.TB, to string) string {
	t.Helper()
	var body string
	must(t, w.db.Read(w.ctx, func(tx *store.Tx) error {
		list, err := tx.Mailbox(50)
		for _, m := range list {
			if m.ToAddr == to && body == "" {
				body = m.Body
			}
		}
		return err
	}))
	if body == "" {
		t.Fatalf("no mail to %s", to)
	}
	return body
}
