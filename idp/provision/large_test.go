package provision_test

import (
	"fmt"
	"strings"
	"testing"

	"understudy/idp"
)

// Changes that come faster than they can be sent travel together, in messages of a bearable size.
func TestALargeGroupTravelsInParts(t *testing.T) {
	t.Parallel()
	const people = 701
	w := newWorld(t)
	crowd := w.crowd(people)
	_, err := w.AssignGroup(w.ctx(), actor, w.app.ID, crowd, idp.Assignment{})
	w.must(err)
	w.settled()
	_, err = w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: crowd, Memberships: true})
	w.must(err)
	w.settled()
	w.wantParts(people)

	_, release := w.far.hold("PATCH /Groups", served)
	w.must(w.UnassignGroup(w.ctx(), actor, w.app.ID, crowd))
	close(release)
	w.settled()
	w.wantParts(0)

	_, release = w.far.hold("PATCH /Groups", served)
	_, err = w.AssignGroup(w.ctx(), actor, w.app.ID, crowd, idp.Assignment{})
	w.must(err)
	w.far.awaitRequests(4 * people) // everybody was found, reactivated and updated
	close(release)
	w.settled()
	w.wantParts(people)
}

// crowd makes a group of that many people, and gives its id.
func (w *world) crowd(people int) string {
	w.t.Helper()
	g, err := w.CreateGroup(w.ctx(), actor, "Crowd", "")
	w.must(err)
	for i := range people {
		login := fmt.Sprintf("p%d@lab.example", i)
		u, err := w.CreateUser(w.ctx(), actor, idp.NewUser{Profile: idp.Profile{"firstName": "P", "lastName": fmt.Sprint(i), "login": login, "email": login}})
		w.must(err)
		w.must(w.AddMember(w.ctx(), actor, g.ID, u.ID))
	}
	return g.ID
}

// wantParts checks that the far side's group has that many members, and that no request carried more than 500 of them,
// nor one for each.
func (w *world) wantParts(members int) {
	w.t.Helper()
	if got := len(w.far.members("Crowd")); got != members {
		w.t.Fatalf("the far side has %d members, not %d", got, members)
	}
	requests := 0
	for _, r := range w.far.take() {
		if !strings.HasPrefix(r.Path, "/Groups") || r.Body == nil {
			continue
		}
		requests++
		carried := len(r.Body.Objects("members"))
		for _, o := range r.Body.Objects("Operations") {
			carried += max(1, len(o.Objects("value")))
		}
		if carried > 500 {
			w.t.Errorf("%s carries %d members", r.line(), carried)
		}
	}
	if requests > 4 {
		w.t.Errorf("%d requests about the group", requests)
	}
}
