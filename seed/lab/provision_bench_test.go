package lab_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"understudy/idp"
	"understudy/seed/door/doortest"
	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/sp"
)

// counting counts the requests that provisioning sends.
type counting struct {
	http.RoundTripper
	requests atomic.Int64
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return c.RoundTripper.RoundTrip(r)
}

// provisioned makes a lab in which provisioning works, with a scenario that the function may change first.
func provisioned(r *doortest.Server, name string, change func(*scenario.Scenario)) (*lab.Lab, idp.App) {
	r.T.Helper()
	ctx := r.T.Context()
	must := func(err error) {
		r.T.Helper()
		if err != nil {
			r.T.Fatal(err)
		}
	}
	s := doortest.Starter(r.T)
	change(&s)
	must(r.Registry.Create(ctx, name, s))
	app := r.ConnectSAML(name)
	l, release, err := r.Registry.Acquire(ctx, name)
	must(err)
	r.T.Cleanup(release)
	members, err := l.Organization.Members(ctx, sp.System(), sp.MemberQuery{Search: "maya.rivers"})
	must(err)
	maya := members.Items[0]
	token, _, err := l.Organization.SetUpDirectory(ctx, sp.Actor{Kind: sp.ByMember, MemberID: maya.ID, Name: maya.Name(), Email: maya.Email},
		sp.DirectorySetup{Understood: true, Name: "bench"})
	must(err)
	okta := l.OktaContext(ctx, r.HTTP.URL)
	_, err = l.Org.SaveCredentials(okta, idp.System(idp.Client{}), app.ID,
		idp.Credentials{Enabled: true, BaseURL: r.HTTP.URL + "/sigma/" + name + "/scim/v2", Token: token})
	must(err)
	_, err = l.Org.SaveToApp(okta, idp.System(idp.Client{}), app.ID, idp.ToApp{CreateUsers: true, UpdateUsers: true, DeactivateUsers: true})
	must(err)
	return l, app
}

// BenchmarkPushGroupOf1000 assigns the app to a group of 1,000 people and pushes it: all of them are made in Sigma, and
// are members of the team.
func BenchmarkPushGroupOf1000(b *testing.B) {
	sent := int64(0)
	for range b.N {
		b.StopTimer()
		carrier := &counting{}
		r := doortest.NewWith(b, b.TempDir(), func(transport http.RoundTripper) http.RoundTripper {
			carrier.RoundTripper = transport
			return carrier
		})
		l, app := provisioned(r, "demo", func(s *scenario.Scenario) {
			group := idp.SeedGroup{Name: "Everybody here"}
			for n := range 1000 {
				login := fmt.Sprintf("person%04d@brightwater.example", n)
				s.Okta.Users = append(s.Okta.Users, idp.SeedUser{FirstName: "Person", LastName: fmt.Sprint(n), Login: login, Email: login, Status: idp.Staged})
				group.Members = append(group.Members, login)
			}
			s.Okta.Groups = append(s.Okta.Groups, group)
		})
		groups, err := l.Org.Groups(b.Context(), idp.GroupQuery{Text: "Everybody here"})
		if err != nil || len(groups.Items) != 1 {
			b.Fatal(err, groups)
		}
		b.StartTimer()
		system := idp.System(idp.Client{})
		if _, err := l.Org.AssignGroup(b.Context(), system, app.ID, groups.Items[0].ID, idp.Assignment{}); err != nil {
			b.Fatal(err)
		}
		if _, err := l.Org.PushGroup(b.Context(), system, app.ID, idp.NewPush{GroupID: groups.Items[0].ID, Memberships: true}); err != nil {
			b.Fatal(err)
		}
		if err := l.Runner.Settled(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		teams, err := l.Organization.Teams(b.Context(), sp.System(), sp.TeamQuery{Search: "Everybody here"})
		if err != nil || len(teams.Items) != 1 || teams.Items[0].Members != 1000 {
			b.Fatalf("%+v %v", teams.Items, err)
		}
		sent += carrier.requests.Load()
	}
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "SCIM-requests/s")
	b.ReportMetric(float64(sent)/float64(b.N), "SCIM-requests")
}

// BenchmarkImport10000 reads 10,000 people from Sigma into Okta's list of imports.
func BenchmarkImport10000(b *testing.B) {
	people := 0
	for range b.N {
		b.StopTimer()
		r := doortest.New(b, b.TempDir())
		l, app := provisioned(r, "demo", func(s *scenario.Scenario) {
			for n := range 10000 {
				email := fmt.Sprintf("person%05d@brightwater.example", n)
				s.Sigma.Members = append(s.Sigma.Members, sp.SeedMember{FirstName: "Person", LastName: fmt.Sprint(n), Email: email})
			}
		})
		b.StartTimer()
		if err := l.Org.StartImport(b.Context(), idp.System(idp.Client{}), app.ID); err != nil {
			b.Fatal(err)
		}
		if err := l.Runner.Settled(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		state, err := l.Org.Import(b.Context(), app.ID)
		if err != nil || state.State != idp.ImportDone || state.Scanned < 10000 {
			b.Fatalf("%+v %v", state, err)
		}
		people += state.Scanned
	}
	b.ReportMetric(float64(people)/b.Elapsed().Seconds(), "people/s")
}
