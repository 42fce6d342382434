//go:build unix

package main

import (
	"fmt"
	"testing"

	"understudy/idp"
	"understudy/seed/lab"
	"understudy/sp"
)

// BenchmarkPushGroupOf1000 assigns the app to a group of 1,000 people and pushes it, in a lab in use: all of them are made in Sigma,
// and are members of the team.
func BenchmarkPushGroupOf1000(b *testing.B) {
	const people = 1000
	var work cpuWork
	b.StopTimer()
	for range b.N {
		s := start(b)
		labInUse(b, s, "used")
		setLogLength(b, s, "used", eventsOfALabInUse)
		withLab(b, s, "used", func(l *lab.Lab) error {
			app, found, err := l.ProvisionedApp(b.Context())
			if err != nil || !found {
				return fmt.Errorf("app found: %t, %w", found, err)
			}
			if err := l.Org.Populate(b.Context(), crowd(people)); err != nil {
				return err
			}
			groups, err := l.Org.Groups(b.Context(), idp.GroupQuery{Text: "Everybody here"})
			if err != nil {
				return err
			}
			system, id := idp.System(idp.Client{}), groups.Items[0].ID
			work.start(b)
			if _, err := l.Org.AssignGroup(b.Context(), system, app.ID, id, idp.Assignment{}); err != nil {
				return err
			}
			if _, err := l.Org.PushGroup(b.Context(), system, app.ID, idp.NewPush{GroupID: id, Memberships: true}); err != nil {
				return err
			}
			if err := l.Runner.Settled(b.Context()); err != nil {
				return err
			}
			work.stop(b)
			teams, err := l.Organization.Teams(b.Context(), sp.System(), sp.TeamQuery{Search: "Everybody here"})
			if err == nil && (len(teams.Items) != 1 || teams.Items[0].Members != people) {
				err = fmt.Errorf("teams %+v", teams.Items)
			}
			return err
		})
	}
	work.report(b)
	b.ReportMetric(float64(people*b.N)/work.total.Seconds(), "people/CPU-s")
}

// BenchmarkImport10000 reads 10,000 people from Sigma into Okta's list of imports, in a lab in use.
func BenchmarkImport10000(b *testing.B) {
	const people = membersOfALargeDirectory
	var work cpuWork
	b.StopTimer()
	for range b.N {
		s := start(b)
		labInUse(b, s, "used")
		directoryOf(b, s, "used")
		setLogLength(b, s, "used", eventsOfALabInUse)
		withLab(b, s, "used", func(l *lab.Lab) error {
			app, found, err := l.ProvisionedApp(b.Context())
			if err != nil || !found {
				return fmt.Errorf("app found: %t, %w", found, err)
			}
			work.start(b)
			if err := l.Org.StartImport(b.Context(), idp.System(idp.Client{}), app.ID); err != nil {
				return err
			}
			if err := l.Runner.Settled(b.Context()); err != nil {
				return err
			}
			work.stop(b)
			state, err := l.Org.Import(b.Context(), app.ID)
			if err == nil && (state.State != idp.ImportDone || state.Scanned < people) {
				err = fmt.Errorf("import %+v", state)
			}
			return err
		})
	}
	work.report(b)
	b.ReportMetric(float64(people*b.N)/work.total.Seconds(), "people/CPU-s")
}

// crowd is an org with staged users who are in one group.
func crowd(people int) (org idp.Seed) {
	org.Name, org.Subdomain = "Brightwater", "brightwater"
	group := idp.SeedGroup{Name: "Everybody here"}
	for n := range people {
		login := fmt.Sprintf("person%04d@brightwater.example", n)
		org.Users = append(org.Users, idp.SeedUser{FirstName: "Person", LastName: fmt.Sprint(n), Login: login, Email: login, Status: idp.Staged})
		group.Members = append(group.Members, login)
	}
	org.Groups = []idp.SeedGroup{group}
	return org
}
