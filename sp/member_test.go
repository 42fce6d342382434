package sp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/problem"
	"understudy/sp"
)

func TestPasswordSignIn(t *testing.T) {
	w := newWorld(t)
	wrong := refused(t, third(w.SignInWithPassword(w.ctx, sp.Client{}, "ann@example.com", "no")), problem.Unauthenticated, "INVALID_CREDENTIALS")
	unknown := refused(t, third(w.SignInWithPassword(w.ctx, sp.Client{}, "who@example.com", "no")), problem.Unauthenticated, "INVALID_CREDENTIALS")
	if wrong.Message != unknown.Message {
		t.Error("the messages reveal whether the member exists")
	}
	token, s, err := w.SignInWithPassword(w.ctx, sp.Client{IP: "10.0.0.1"}, " ANN@example.COM ", "Ann-lab-1")
	must(t, err)
	v, err := w.Resume(w.ctx, token)
	must(t, err)
	if !v.Admin() || v.Session.ID != s.ID || s.ExpiresAt.Sub(s.CreatedAt) != 720*time.Hour {
		t.Errorf("viewer %+v", v)
	}
	*w.wall = w.wall.Add(721 * time.Hour)
	refused(t, second(w.Resume(w.ctx, token)), problem.Unauthenticated, "")
	*w.wall = w.wall.Add(-721 * time.Hour)
	must(t, w.SignOut(w.ctx, v.Actor(sp.Client{}), token))
	refused(t, second(w.Resume(w.ctx, token)), problem.Unauthenticated, "")
	w.useSAML(t, sp.MethodSAML)
	refused(t, third(w.SignInWithPassword(w.ctx, sp.Client{}, "ann@example.com", "Ann-lab-1")), problem.Forbidden, "PASSWORD_OFF")
}

func third[A, B any](_ A, _ B, err error) error { return err }

func TestDeactivationTransfersDocuments(t *testing.T) {
	w := newWorld(t)
	token, _, err := w.SignInWithPassword(w.ctx, sp.Client{}, "carl@example.com", "Carl-lab-1")
	must(t, err)
	refused(t, w.DeactivateMember(w.ctx, w.vic, w.carl.MemberID, ""), problem.Forbidden, "ADMIN_ONLY")
	refused(t, w.DeactivateMember(w.ctx, w.ann, w.ann.MemberID, ""), problem.Conflict, "")
	field(t, w.DeactivateMember(w.ctx, w.ann, w.carl.MemberID, w.vic.MemberID), "newOwner")
	must(t, w.DeactivateMember(w.ctx, w.ann, w.carl.MemberID, ""))
	refused(t, second(w.Resume(w.ctx, token)), problem.Unauthenticated, "")
	refused(t, third(w.SignInWithPassword(w.ctx, sp.Client{}, "carl@example.com", "Carl-lab-1")), problem.Forbidden, "MEMBER_INACTIVE")
	w.archived(t, w.ann, "Carl Creator")
	if sales := w.file(t, w.ann, "Sales"); sales.OwnerName != "Ann Admin" {
		t.Errorf("Sales belongs to %s", sales.OwnerName)
	}
	must(t, w.ReactivateMember(w.ctx, w.ann, w.carl.MemberID))
	m := w.member(t, "carl@example.com")
	if m.ID != w.carl.MemberID || m.Status != sp.MemberActive {
		t.Errorf("after reactivation %+v", m)
	}
	mine, err := w.MyDocuments(w.ctx, w.carl)
	must(t, err)
	if len(mine.Items) != 0 {
		t.Error("the documents came back")
	}
}

// archived checks that the Diary of a person is in My Documents > Archived Users > {name}.
func (w *world) archived(t *testing.T, admin sp.Actor, name string) {
	t.Helper()
	b, err := w.Workbook(w.ctx, admin, w.file(t, admin, "Diary").ID)
	must(t, err)
	var path []string
	for _, c := range b.Path {
		path = append(path, c.Name)
	}
	if got := strings.Join(path, " > "); got != "My Documents > Archived Users > "+name || b.OwnerID != admin.MemberID {
		t.Errorf("Diary is in %s and belongs to %s", got, b.OwnerName)
	}
}

func TestInvitation(t *testing.T) {
	w := newWorld(t)
	field(t, second(w.InviteMember(w.ctx, w.ann, testBase, sp.MemberInput{Email: "VIC@example.com"})), "email")
	field(t, second(w.InviteMember(w.ctx, w.ann, testBase, sp.MemberInput{Email: "no address"})), "email")
	m, err := w.InviteMember(w.ctx, w.ann, testBase, sp.MemberInput{Email: "new@example.com", FirstName: "Nora"})
	must(t, err)
	if m.Status != sp.MemberPending || m.AccountType != "Viewer" {
		t.Errorf("invited %+v", m)
	}
	body := w.mail(t, "new@example.com")
	token := body[strings.LastIndex(body, "/invitation/")+len("/invitation/"):]
	token = strings.TrimSpace(token)
	field(t, w.AcceptInvitation(w.ctx, sp.Client{}, token, "Nora", "New", "short"), "password")
	must(t, w.AcceptInvitation(w.ctx, sp.Client{}, token, "Nora", "New", "long enough"))
	refused(t, w.AcceptInvitation(w.ctx, sp.Client{}, token, "Nora", "New", "long enough"), problem.NotFound, "")
	must(t, third(w.SignInWithPassword(w.ctx, sp.Client{}, "new@example.com", "long enough")))
}

func TestPeopleSearchSortPaging(t *testing.T) {
	w := newWorld(t)
	for i := range 12 {
		_, err := w.ProvisionMember(w.ctx, sp.System(), sp.ProvisionedMember{UserName: fmt.Sprintf("p%02d@example.com", i),
			FirstName: "Pat", LastName: fmt.Sprintf("P%02d_%%", i), Active: true})
		must(t, err)
	}
	p, err := w.Members(w.ctx, w.ann, sp.MemberQuery{Search: "pat p0", Page: 2, Size: 4, Sort: "-email"})
	must(t, err)
	if p.Total != 10 || len(p.Items) != 4 || p.Items[0].Email != "p05@example.com" || p.Pages() != 3 {
		t.Errorf("total %d, first %+v", p.Total, p.Items)
	}
	p, err = w.Members(w.ctx, w.ann, sp.MemberQuery{Search: "_%"})
	must(t, err)
	if p.Total != 12 {
		t.Errorf("LIKE wildcards are not escaped: %d", p.Total)
	}
	refused(t, second(w.Members(w.ctx, w.carl, sp.MemberQuery{})), problem.Forbidden, "ADMIN_ONLY")
	d, err := w.Profile(w.ctx, w.vic)
	must(t, err)
	if d.AccountType != "Viewer" || len(d.Teams) != 1 || d.Teams[0].Name != "FinanceViewers" {
		t.Errorf("profile %+v", d)
	}
}
