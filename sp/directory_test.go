package sp_test

import (
	"errors"
	"testing"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

func (w *world) useSAML(t testing.TB, m sp.Method) {
	t.Helper()
	must(t, w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: m, IdPLoginURL: "https://lab.test/okta/demo/app/x/y/sso/saml",
		IdPCertificate: testCertificate(t), SessionHours: 720}))
}

// directory turns SCIM on and returns the directory as the actor.
func (w *world) directory(t testing.TB) sp.Actor {
	t.Helper()
	w.useSAML(t, sp.MethodSAML)
	token, _, err := w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Understood: true, Name: "Okta"})
	must(t, err)
	by, err := w.AuthenticateDirectory(w.ctx, token, sp.Client{})
	must(t, err)
	return by
}

func bob(userType string) sp.ProvisionedMember {
	return sp.ProvisionedMember{UserName: "bob@example.com", ExternalID: "00u1", FirstName: "Bob", LastName: "Builder", UserType: userType, Active: true}
}

func TestSetupNeedsMethodWithoutPasswords(t *testing.T) {
	w := newWorld(t)
	w.useSAML(t, sp.MethodSAMLOrPassword)
	d, err := w.Directory(w.ctx, w.ann)
	must(t, err)
	if d.Offered || d.Reason == "" {
		t.Errorf("offered: %+v", d)
	}
	refused(t, third(w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Understood: true, Name: "x"})), problem.Forbidden, "NOT_OFFERED")
	w.useSAML(t, sp.MethodSAML)
	field(t, third(w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Name: "x"})), "understood")
	field(t, third(w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Understood: true})), "name")
	refused(t, third(w.SetUpDirectory(w.ctx, w.carl, sp.DirectorySetup{Understood: true, Name: "x"})), problem.Forbidden, "ADMIN_ONLY")
}

func TestTokenFailsWhenItsAdminLosesAccess(t *testing.T) {
	for name, stop := range map[string]func(*testing.T, *world, string){
		"demoted": func(t *testing.T, w *world, _ string) {
			_, err := w.changeProvisioned(sp.System(), w.ann.MemberID, sp.ProvisionedMember{UserName: "ann@example.com",
				FirstName: "Ann", LastName: "Admin", UserType: "Viewer", Active: true})
			must(t, err)
		},
		"deactivated": func(t *testing.T, w *world, _ string) {
			must(t, w.deactivateByDirectory(sp.System(), w.ann.MemberID))
		},
		"revoked":  func(t *testing.T, w *world, id string) { must(t, w.RevokeDirectoryToken(w.ctx, w.ann, id)) },
		"off":      func(t *testing.T, w *world, _ string) { must(t, w.SetDirectoryOn(w.ctx, w.ann, false)) },
		"password": func(t *testing.T, w *world, _ string) { w.useSAML(t, sp.MethodSAMLOrPassword) },
		"expired":  func(t *testing.T, w *world, _ string) { *w.wall = w.wall.AddDate(0, 0, 8) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.useSAML(t, sp.MethodSAML)
			token, k, err := w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Understood: true, Name: "Okta", Days: 7})
			must(t, err)
			must(t, second(w.AuthenticateDirectory(w.ctx, token, sp.Client{})))
			stop(t, w, k.ID)
			p := refused(t, second(w.AuthenticateDirectory(w.ctx, token, sp.Client{})), problem.Unauthenticated, "DIRECTORY_TOKEN")
			if e := w.logged(t, "DIRECTORY_REQUEST"); e.Reason != p.Message || e.Status != "Failure" {
				t.Errorf("logged %+v", e)
			}
		})
	}
	w := newWorld(t)
	refused(t, second(w.AuthenticateDirectory(w.ctx, "made up", sp.Client{})), problem.Unauthenticated, "DIRECTORY_TOKEN")
}

// A directory that only reads changes nothing in the lab, so that the checks of the guide do not run again for each request.
func TestReadingDirectoryChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.useSAML(t, sp.MethodSAML)
	token, _, err := w.SetUpDirectory(w.ctx, w.ann, sp.DirectorySetup{Understood: true, Name: "Okta"})
	must(t, err)
	must(t, second(w.AuthenticateDirectory(w.ctx, token, sp.Client{}))) // stores when the token was used
	version, mark := w.db.Version(), w.db.Mark()
	by, err := w.AuthenticateDirectory(w.ctx, token, sp.Client{})
	must(t, err)
	must(t, second(w.directoryMember(by, w.vic.MemberID)))
	if w.db.Version() != version || w.db.Mark() != mark {
		t.Errorf("version %d, transactions %d; before the requests %d and %d", w.db.Version(), w.db.Mark(), version, mark)
	}
	*w.wall = w.wall.Add(time.Minute)
	must(t, second(w.AuthenticateDirectory(w.ctx, token, sp.Client{})))
	d, err := w.Directory(w.ctx, w.ann)
	must(t, err)
	if used := d.Tokens[0].LastUsedAt; used.IsZero() || used.Before(d.Tokens[0].CreatedAt.Add(time.Minute)) {
		t.Errorf("last used %v, want a minute after %v", used, d.Tokens[0].CreatedAt)
	}
}

func TestPeopleAndTeamsAreReadOnlyUnderSCIM(t *testing.T) {
	w := newWorld(t)
	w.directory(t)
	team := w.team(t, "FinanceViewers")
	for name, err := range map[string]error{
		"invite":     second(w.InviteMember(w.ctx, w.ann, testBase, sp.MemberInput{Email: "n@example.com"})),
		"names":      w.UpdateMember(w.ctx, w.ann, w.vic.MemberID, "V", "V"),
		"own names":  w.UpdateMember(w.ctx, w.vic, w.vic.MemberID, "V", "V"),
		"type":       w.AssignAccountType(w.ctx, w.ann, testBase, w.typeID(t, "Creator"), w.vic.MemberID),
		"deactivate": w.DeactivateMember(w.ctx, w.ann, w.vic.MemberID, ""),
		"reactivate": w.ReactivateMember(w.ctx, w.ann, w.vic.MemberID),
		"create":     second(w.CreateTeam(w.ctx, w.ann, sp.TeamInput{Name: "x", Visibility: "public"})),
		"update":     w.UpdateTeam(w.ctx, w.ann, team.ID, sp.TeamInput{Name: "x", Visibility: "public"}),
		"delete":     w.DeleteTeam(w.ctx, w.ann, team.ID),
		"add":        w.AddToTeam(w.ctx, w.ann, team.ID, w.carl.MemberID),
		"remove":     w.RemoveFromTeam(w.ctx, w.ann, team.ID, w.vic.MemberID),
		"team admin": w.SetTeamAdmin(w.ctx, w.ann, team.ID, w.vic.MemberID, true),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, problem.Forbidden, "DIRECTORY_LOCK") })
	}
	must(t, w.SetDirectoryOn(w.ctx, w.ann, false))
	must(t, w.UpdateTeam(w.ctx, w.ann, team.ID, sp.TeamInput{Name: "Finance", Visibility: "private"}))
}

func TestUnknownUserTypeAppliesOnceTheTypeExists(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	m, err := w.ProvisionMember(w.ctx, by, bob("CreatorNoExport"))
	must(t, err)
	if m.AccountType != "Viewer" || m.RequestedType != "CreatorNoExport" {
		t.Fatalf("provisioned as %s, wanted %s", m.AccountType, m.RequestedType)
	}
	must(t, second(w.CreateAccountType(w.ctx, w.ann, sp.AccountTypeInput{Name: "creatornoexport"})))
	if m = w.member(t, "bob@example.com"); m.AccountType != "Viewer" {
		t.Error("the name was compared without regard to case")
	}
	must(t, second(w.CreateAccountType(w.ctx, w.ann, sp.AccountTypeInput{Name: "CreatorNoExport", Permissions: []sp.Permission{sp.CreateWorkbooks}})))
	if m = w.member(t, "bob@example.com"); m.AccountType != "CreatorNoExport" || m.RequestedType != "" {
		t.Errorf("after creation %+v", m)
	}
	for given, want := range map[string]string{"author": "Creator", "Author": "Creator", "viewer": "Viewer",
		"admin": "Admin", "Sharer": "Sharer", "": "Sharer", "sharer": "Viewer"} {
		if given == "" {
			continue
		}
		if m, err = w.changeProvisioned(by, m.ID, bob(given)); err != nil || m.AccountType != want {
			t.Errorf("%q gives %s (%v), want %s", given, m.AccountType, err, want)
		}
	}
	must(t, second(w.changeProvisioned(by, m.ID, bob("author"))))
	if m, err = w.changeProvisioned(by, m.ID, bob("")); err != nil || m.AccountType != "Creator" {
		t.Errorf("no user type changed the account type to %s (%v)", m.AccountType, err)
	}
	must(t, w.SetStrictTypes(w.ctx, sp.System(), true))
	p := refused(t, second(w.changeProvisioned(by, m.ID, bob("Nope"))), problem.Invalid, "ACCOUNT_TYPE_UNKNOWN")
	if p.Message != "Member type name is not found" {
		t.Errorf("strict sentence %q", p.Message)
	}
}

func TestDirectoryLifeCycle(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	refused(t, second(w.ProvisionMember(w.ctx, by, sp.ProvisionedMember{UserName: "CARL@example.com", FirstName: "C",
		LastName: "C"})), problem.Conflict, "UNIQUENESS")
	refused(t, second(w.ProvisionMember(w.ctx, w.ann, bob(""))), problem.Forbidden, "")
	list, n, err := w.DirectoryMembers(w.ctx, by, sp.DirectoryQuery{UserName: "CARL@example.com", Count: -1})
	must(t, err)
	if n != 1 || list[0].ID != w.carl.MemberID {
		t.Fatalf("found %d", n)
	}
	in := sp.ProvisionedMember{UserName: "carl@example.com", ExternalID: "00u9", FirstName: "Carlo", LastName: "Creator", Active: true}
	m, err := w.changeProvisioned(by, w.carl.MemberID, in)
	must(t, err)
	if !m.Provisioned || m.ExternalID != "00u9" || m.Name() != "Carlo Creator" || m.AccountType != "Creator" {
		t.Errorf("linked %+v", m)
	}
	failed := errors.New("failed")
	_, err = w.ChangeProvisioned(w.ctx, by, m.ID, func(now sp.Member, _ []sp.Reference) (sp.ProvisionedMember, error) {
		if now.FirstName != "Carlo" || now.Version != m.Version {
			t.Errorf("to be changed: %+v", now)
		}
		return sp.ProvisionedMember{UserName: now.Email, FirstName: "Nobody", LastName: "Else"}, failed
	})
	if now, loaded := w.directoryMember(by, m.ID); !errors.Is(err, failed) || loaded != nil || now != m {
		t.Errorf("after a change that failed with %v: %+v, want %+v (%v)", err, now, m, loaded)
	}
	in.Active = false
	if m, err = w.changeProvisioned(by, m.ID, in); err != nil || m.Status != sp.MemberInactive {
		t.Fatalf("deactivated %+v (%v)", m, err)
	}
	w.archived(t, w.ann, "Carlo Creator")
	in.Active = true
	if m, err = w.changeProvisioned(by, m.ID, in); err != nil || m.Status != sp.MemberActive || m.ID != w.carl.MemberID {
		t.Fatalf("reactivated %+v (%v)", m, err)
	}
}

func TestPushedTeams(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	refused(t, second(w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: "FinanceViewers"})), problem.Conflict, "UNIQUENESS")
	field(t, second(w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: "OktaViewers", MemberIDs: []string{w.vic.MemberID, "nobody"}})), "members")
	team, err := w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: "OktaViewers", ExternalID: "00g1", MemberIDs: []string{w.vic.MemberID}})
	must(t, err)
	if team.Members != 1 || !team.Provisioned {
		t.Errorf("pushed %+v", team)
	}
	name := "OktaReaders"
	team, err = w.UpdatePushedTeam(w.ctx, by, team.ID, sp.TeamChange{DisplayName: &name, Add: []string{w.carl.MemberID},
		Remove: []string{w.vic.MemberID}})
	must(t, err)
	people, err := w.DirectoryTeamMembers(w.ctx, by, team.ID)
	must(t, err)
	if team.Name != name || len(people) != 1 || people[0].ID != w.carl.MemberID {
		t.Errorf("changed %+v with %d", team, len(people))
	}
	all := []string{w.vic.MemberID, w.carl.MemberID}
	team, err = w.UpdatePushedTeam(w.ctx, by, team.ID, sp.TeamChange{Members: &all})
	must(t, err)
	if team.Members != 2 {
		t.Errorf("replaced members: %d", team.Members)
	}
	finance := w.team(t, "FinanceViewers")
	must(t, w.DeactivatePushedTeam(w.ctx, by, finance.ID))
	mine, err := w.MyDocuments(w.ctx, w.ann)
	must(t, err)
	if len(mine.Items) != 1 || mine.Items[0].Name != "Budget" {
		t.Errorf("My Documents of the acting Admin: %+v", mine.Items)
	}
	refused(t, second(w.DirectoryTeam(w.ctx, by, finance.ID)), problem.NotFound, "")
	must(t, second(w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: "FinanceViewers"}))) // the name is free again
}

// directoryMember returns a member as the directory sees them.
func (w *world) directoryMember(by sp.Actor, id string) (sp.Member, error) {
	m, _, err := w.DirectoryMember(w.ctx, by, id)
	return m, err
}

// changeProvisioned makes a member what the directory sends.
func (w *world) changeProvisioned(by sp.Actor, id string, in sp.ProvisionedMember) (sp.Member, error) {
	return w.ChangeProvisioned(w.ctx, by, id, func(sp.Member, []sp.Reference) (sp.ProvisionedMember, error) { return in, nil })
}

// deactivateByDirectory sends what Okta sends when an assignment ends: the User as it is, with active = false.
func (w *world) deactivateByDirectory(by sp.Actor, id string) error {
	m, err := w.directoryMember(by, id)
	if err != nil {
		return err
	}
	_, err = w.changeProvisioned(by, id, sp.ProvisionedMember{UserName: m.Email, ExternalID: m.ExternalID, FirstName: m.FirstName,
		LastName: m.LastName})
	return err
}

// The total of the list of all members follows each change, although it is not counted again for each page.
func TestTotalOfDirectoryFollowsEachChange(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	total := func() int {
		t.Helper()
		_, n, err := w.DirectoryMembers(w.ctx, by, sp.DirectoryQuery{Count: 1})
		must(t, err)
		return n
	}
	before := total()
	m, err := w.ProvisionMember(w.ctx, by, bob("Viewer"))
	must(t, err)
	if n := total(); n != before+1 {
		t.Errorf("total %d after a new member, want %d", n, before+1)
	}
	must(t, w.DeleteProvisioned(w.ctx, by, m.ID))
	if n := total(); n != before {
		t.Errorf("total %d after the deletion, want %d", n, before)
	}
}

// A member gets an account type that was made, renamed or deleted a moment ago as it is then.
func TestUserTypeIsResolvedAfterAccountTypesChange(t *testing.T) {
	w := newWorld(t)
	by := w.directory(t)
	typeOf := func(userName string) string {
		t.Helper()
		in := bob("Sharer")
		in.UserName = userName
		m, err := w.ProvisionMember(w.ctx, by, in)
		must(t, err)
		return m.AccountType
	}
	if got := typeOf("a@example.com"); got != "Sharer" {
		t.Errorf("the member is a %s, want a Sharer", got)
	}
	must(t, w.db.Write(w.ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE sigma_account_types SET name = 'Renamed' WHERE name = 'Sharer'`)
	}))
	if got := typeOf("b@example.com"); got != "Viewer" {
		t.Errorf("the member is a %s, want a Viewer: there is no Sharer any more", got)
	}
}
