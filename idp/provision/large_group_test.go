package provision_test

import (
	"fmt"
	"strings"
	"testing"

	"understudy/idp"
)

// Changes of members that wait in the queue are sent together, with at most 500 members in each request.
func TestLargeGroupIsSentInBatches(t *testing.T) {
	t.Parallel()
	const people = 520 // more than the 500 of one request
	w := newWorld(t)
	crowd := w.largeGroup(people)
	_, err := w.AssignGroup(w.ctx(), actor, w.app.ID, crowd, idp.Assignment{})
	w.must(err)
	w.settled()
	_, err = w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: crowd, Memberships: true})
	w.must(err)
	w.settled()
	w.wantBatches(people)

	_, release := w.service.hold("PATCH /Groups", serveNormally)
	w.must(w.UnassignGroup(w.ctx(), actor, w.app.ID, crowd))
	close(release)
	w.settled()
	w.wantBatches(0)

	_, release = w.service.hold("PATCH /Groups", serveNormally)
	_, err = w.AssignGroup(w.ctx(), actor, w.app.ID, crowd, idp.Assignment{})
	w.must(err)
	w.service.awaitRequests(4 * people) // each user was found, reactivated and updated
	close(release)
	w.settled()
	w.wantBatches(people)
}

// largeGroup creates a group with this number of people, and returns its ID.
func (w *world) largeGroup(people int) string {
	w.t.Helper()
	g, err := w.CreateGroup(w.ctx(), actor, "Crowd", "")
	w.must(err)
	for i := range people {
		login := fmt.Sprintf("p%d@lab.example", i)
		u, err := w.CreateUser(w.ctx(), actor, idp.NewUser{Profile: idp.Profile{"firstName": "P", "lastName": fmt.Sprint(i),
			"login": login, "email": login}})
		w.must(err)
		w.must(w.AddMember(w.ctx(), actor, g.ID, u.ID))
	}
	return g.ID
}

// wantBatches checks the number of members in the app's group. It also checks that no request had more than 500 members,
// and that at most 4 requests were sent.
func (w *world) wantBatches(members int) {
	w.t.Helper()
	if got := len(w.service.members("Crowd")); got != members {
		w.t.Fatalf("the app has %d members, want %d", got, members)
	}
	requests := 0
	for _, r := range w.service.takeRequests() {
		if !strings.HasPrefix(r.Path, "/Groups") || r.Body == nil {
			continue
		}
		requests++
		carried := len(r.Body.Objects("members"))
		for _, o := range r.Body.Objects("Operations") {
			carried += max(1, len(o.Objects("value")))
		}
		if carried > 500 {
			w.t.Errorf("%s has %d members", r.line(), carried)
		}
	}
	if requests > 4 {
		w.t.Errorf("%d requests about the group", requests)
	}
}
