package control_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/waittest"
	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/server"
)

// idle is how long an unused lab stays open; longer than a test.
const idle = time.Hour

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// must returns a value, or ends the test.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refused ends the test unless the server has refused a request with a status and a sentence.
func refused(t *testing.T, err error, status int, sentence string) {
	t.Helper()
	p, ok := errors.AsType[*api.Problem](err)
	if !ok || p.Status != status || !strings.Contains(p.Detail, sentence) {
		t.Errorf("got %#v %v, want %d %q", p, err, status, sentence)
	}
}

// controlLabs does with labs what the API offers.
func controlLabs(t *testing.T, c *client.Client) {
	t.Helper()
	ctx := t.Context()
	var document map[string]any
	if err := c.Do(ctx, http.MethodGet, "/openapi.json", nil, &document); err != nil || document["openapi"] != "3.1.0" {
		t.Error(err, document["openapi"])
	}
	if s := must[api.Server](t)(c.Server(ctx)); len(s.Steps) < 60 || len(s.Faults) < 10 || s.Workshop || !slices.Contains(s.Scenarios, api.Content{Name: "starter", Title: "The quickstart's first step"}) {
		t.Errorf("%+v", s)
	}
	created := must[api.Lab](t)(c.Create(ctx, api.NewLab{Name: "ann", Seed: "twins", Ahead: "3d", Step: "5.3"}))
	if created.Progress.Current != "5.3" || created.Clock.Ahead != "72h0m0s" || created.Seed != "twins" || len(created.Identities) != 2 {
		t.Errorf("%+v", created)
	}
	if chosen := must[api.Lab](t)(c.ChooseGuide(ctx, "ann", "quickstart")); chosen.Guide != "quickstart" || !slices.Contains(chosen.Guides, "quickstart") {
		t.Errorf("%+v", chosen)
	}
	list := must[[]api.LabName](t)(c.List(ctx))
	if !slices.ContainsFunc(list, func(l api.LabName) bool { return l.Name == "ann" }) {
		t.Errorf("%+v", list)
	}
	var view struct{ Okta struct{ Users []any } }
	if err := json.Unmarshal(must[json.RawMessage](t)(c.View(ctx, "ann", "okta.users")), &view); err != nil || len(view.Okta.Users) < 3 {
		t.Error(err, view)
	}
	if clipboard := must[[]api.Copied](t)(c.Clipboard(ctx, "ann")); len(clipboard) == 0 {
		t.Error("the clipboard is empty")
	}
	controlTime(t, c)
	controlMessages(t, c)
	if k := must[api.SCIMToken](t)(c.SCIMToken(ctx, "ann", api.NewSCIMToken{Days: 3})); !scimWorks(t, k) {
		t.Errorf("the token of %s does not work at %s", k.Owner, k.BaseURL)
	}
	_, err := c.SCIMToken(ctx, "demo", api.NewSCIMToken{})
	refused(t, err, 409, "understudy lab bring demo 5.3")
	var file bytes.Buffer
	if err := c.Export(ctx, "ann", &file); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := c.Scenario(ctx, "ann", "Of Ann", &text); err != nil || !strings.HasPrefix(text.String(), "title: Of Ann\n") {
		t.Errorf("the scenario: %v, %.80s", err, text.String())
	}
	if copied := must[api.Lab](t)(c.Import(ctx, "copy", &file)); copied.Progress.Current != "5.4" {
		t.Errorf("%+v", copied.Progress)
	}
	if err := c.Delete(ctx, "copy"); err != nil {
		t.Error(err)
	}
	_, err = c.Show(ctx, "copy")
	refused(t, err, 404, "There is no lab with that name.")
}

// controlTime goes back and forth in the lab ann, which is at step 5.3 with a clock that is ahead.
func controlTime(t *testing.T, c *client.Client) {
	t.Helper()
	ctx := t.Context()
	if clock := must[api.Clock](t)(c.Clock(ctx, "ann")); time.Until(clock.Now) < 71*time.Hour {
		t.Errorf("%+v", clock)
	}
	if clock := must[api.Clock](t)(c.MoveClock(ctx, "ann", "0s")); time.Until(clock.Now) > time.Hour {
		t.Errorf("%+v", clock)
	}
	saved := must[api.Checkpoint](t)(c.SaveCheckpoint(ctx, "ann", "Before the exercise"))
	if f := must[*api.ActiveFault](t)(c.ApplyFault(ctx, "ann", "wrong-acs")); f == nil || f.ID != "wrong-acs" || f.Fixed {
		t.Errorf("%+v", f)
	}
	if f := must[*api.ActiveFault](t)(c.Fault(ctx, "ann")); f == nil {
		t.Error("no fault is active")
	}
	if err := c.TakeBackFault(ctx, "ann"); err != nil {
		t.Error(err)
	}
	if l := must[api.Lab](t)(c.Reset(ctx, "ann")); l.Progress.Current != "0.1" || l.Seed != "twins" {
		t.Errorf("%+v", l)
	}
	if l := must[api.Lab](t)(c.Restore(ctx, "ann", saved.ID)); l.Progress.Current != "5.3" {
		t.Errorf("%+v", l.Progress)
	}
	if l := must[api.Lab](t)(c.Bring(ctx, "ann", "5.4")); l.Progress.Current != "5.4" {
		t.Errorf("%+v", l.Progress)
	}
	must[api.Lab](t)(c.Undo(ctx, "ann")) // the bringing
	if list := must[[]api.Checkpoint](t)(c.Checkpoints(ctx, "ann")); !slices.ContainsFunc(list, func(k api.Checkpoint) bool { return k.ID == saved.ID }) {
		t.Errorf("%+v", list)
	}
	if l := must[api.Lab](t)(c.Show(ctx, "ann")); l.Progress.Current != "5.3" {
		t.Errorf("%+v", l.Progress)
	}
}

// controlMessages reads what was sent in the lab ann.
func controlMessages(t *testing.T, c *client.Client) {
	t.Helper()
	ctx := t.Context()
	messages := must[[]api.Message](t)(c.Traffic(ctx, "ann", 0))
	if len(messages) == 0 {
		t.Fatal("no message is recorded")
	}
	if m := must[api.MessageContent](t)(c.Message(ctx, "ann", messages[0].ID)); m.Request == "" {
		t.Errorf("%+v", m)
	}
	to := "ada.okafor@brightwater.example"
	_, err := c.LatestEmail(ctx, "ann", to, 0, 0)
	refused(t, err, 404, "There is no such email to "+to)
	type sent struct {
		api.Email
		error
	}
	arrived := make(chan sent, 1)
	go func() {
		m, err := c.LatestEmail(ctx, "ann", to, 0, time.Minute)
		arrived <- sent{m, err}
	}()
	form := url.Values{"username": {to}}
	answer := must[*http.Response](t)(http.PostForm(c.URL+"/okta/ann/signin/forgot-password", form))
	_ = answer.Body.Close()
	if m := <-arrived; m.error != nil || m.To != to || len(m.Links) == 0 {
		t.Errorf("%+v", m)
	}
	if list := must[[]api.Email](t)(c.Mailbox(ctx, "ann", to)); len(list) != 1 {
		t.Errorf("%+v", list)
	}
}

// scimWorks reports whether a SCIM server lists users for a token.
func scimWorks(t *testing.T, k api.SCIMToken) bool {
	t.Helper()
	request := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodGet, k.BaseURL+"/Users", nil))
	request.Header.Set("Authorization", "Bearer "+k.Token)
	answer := must[*http.Response](t)(http.DefaultClient.Do(request))
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// controlWorkshop does with a workshop what the API offers.
func controlWorkshop(t *testing.T, c *client.Client, s *server.Server) {
	t.Helper()
	ctx := t.Context()
	joined := must[api.Joined](t)(c.Join(ctx, "Ann"))
	if joined.Lab != "lab-01" || len(joined.PIN) != 6 {
		t.Errorf("%+v", joined)
	}
	request := must[*http.Request](t)(http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/labs/lab-01", nil))
	request.Header.Set("Cookie", joined.Cookie)
	answer := must[*http.Response](t)(http.DefaultClient.Do(request))
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Errorf("the attendee's cookie: %s", answer.Status)
	}
	controlJobs(t, c, joined)
	must[api.Lab](t)(c.Bring(ctx, "lab-01", "1.1"))
	if list := must[[]api.Result](t)(c.Results(ctx)); len(list) != 1 || list[0].Current != "1.1" || list[0].Nickname != "Ann" {
		t.Errorf("%+v", list)
	}
	attendees, err := s.Workshop.Attendees(ctx)
	if err != nil || attendees[0].Message == "" {
		t.Errorf("the attendee was not told: %+v %v", attendees, err)
	}
	_, err = c.Create(ctx, api.NewLab{Name: "lab-02"})
	refused(t, err, 400, "belong to attendees")
	if w := must[api.Workshop](t)(c.Workshop(ctx)); w.Code != "blue-lantern" || w.Joined != 1 {
		t.Errorf("%+v", w)
	}
	ofPassword := *c
	ofPassword.Token, ofPassword.Password = "", s.Workshop.NewPassword()
	token := must[string](t)(ofPassword.InstructorToken(ctx))
	ofPassword.Token = token
	if err := ofPassword.Delete(ctx, "lab-01"); err != nil {
		t.Error(err)
	}
	if list := must[[]api.Result](t)(c.Results(ctx)); len(list) != 0 {
		t.Errorf("the attendee is left: %+v", list)
	}
}

// controlJobs changes labs in the background, and fixes a fault in the lab of an attendee.
func controlJobs(t *testing.T, c *client.Client, joined api.Joined) {
	t.Helper()
	ctx := t.Context()
	ended := func(j api.Job) api.Job {
		t.Helper()
		waittest.Until(t, "the job has ended", func() (any, bool) {
			j = must[api.Job](t)(c.Job(ctx, j.ID))
			return j, j.State != "running"
		})
		return j
	}
	lab := []string{joined.Lab, joined.Lab}
	j := must[api.Job](t)(c.NewJob(ctx, api.NewJob{Action: "bring", Step: "10.1", Labs: lab}))
	j = ended(j)
	if j.State != "done" || j.Total != 1 || j.Finished != 1 || j.Whom[0] != "Ann" || j.What != "Bring to step 10.1" || j.Who != "Control API" {
		t.Errorf("%+v", j)
	}
	_, err := c.CancelJob(ctx, j.ID)
	refused(t, err, 409, "has ended already")
	must[*api.ActiveFault](t)(c.ApplyFault(ctx, joined.Lab, "server-error"))
	refused(t, c.FinishFault(ctx, joined.Lab), 409, "")
	report := must[*http.Request](t)(http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/labs/"+joined.Lab+"/faults/report",
		strings.NewReader("product=sigma&observed=status-500")))
	report.Header.Set("Cookie", joined.Cookie)
	report.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := must[*http.Response](t)(http.DefaultClient.Do(report))
	if page := must[[]byte](t)(io.ReadAll(answer.Body)); !strings.Contains(string(page), "We have repaired the service") {
		t.Errorf("%s: %s", answer.Status, page)
	}
	_ = answer.Body.Close()
	waittest.Until(t, "the fault is fixed", func() (any, bool) {
		f := must[*api.ActiveFault](t)(c.Fault(ctx, joined.Lab))
		return f, f != nil && f.Fixed
	})
	if err := c.FinishFault(ctx, joined.Lab); err != nil {
		t.Error(err)
	}
	var list []api.Result
	waittest.Until(t, "the results have the fault", func() (any, bool) {
		list = must[[]api.Result](t)(c.Results(ctx))
		return list, len(list) == 1 && len(list[0].Faults) == 1 && list[0].Faults[0].Outcome == "fixed"
	})
	if r := list[0]; r.Faults[0].Fault != "server-error" || len(r.Steps) < 50 || !r.Steps[0].Brought || r.Seconds < 0 || r.LastSeen == nil {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{"Ben", "Cleo"} {
		must[api.Joined](t)(c.Join(ctx, name))
	}
	j = must[api.Job](t)(c.NewJob(ctx, api.NewJob{Action: "bring", Step: "9.8", Labs: []string{"lab-01", "lab-02", "lab-03"}}))
	must[api.Job](t)(c.CancelJob(ctx, j.ID))
	j = ended(j)
	if j.State != "cancelled" || j.Finished == j.Total || len(j.Failures) > 0 {
		t.Errorf("%+v", j)
	}
	if jobs := must[[]api.Job](t)(c.Jobs(ctx)); len(jobs) < 4 || jobs[0].ID != j.ID {
		t.Errorf("%+v", jobs)
	}
	for _, wrong := range []struct {
		in       api.NewJob
		sentence string
	}{
		{api.NewJob{Action: "bring", Step: "9.8"}, "at least one lab"},
		{api.NewJob{Action: "bring", Step: "9.8", Labs: []string{"nobody"}}, "No attendee has the lab"},
		{api.NewJob{Action: "bring", Step: "99", Labs: lab}, "step of the guide"},
		{api.NewJob{Action: "dance", Labs: lab}, "unknown"},
	} {
		_, err := c.NewJob(ctx, wrong.in)
		refused(t, err, 400, wrong.sentence)
	}
	refused(t, c.Do(ctx, http.MethodGet, "/workshop/jobs/9999", nil, nil), 404, "no such action")
	for _, name := range []string{"lab-02", "lab-03"} {
		if err := c.Delete(ctx, name); err != nil {
			t.Error(err)
		}
	}
}

// Labs with the same seed give their records the same identifiers; labs with other names do not.
func TestSeedDecidesIdentifiers(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c := &client.Client{URL: s.URL}
	ids := map[string][]string{}
	for name, seed := range map[string]string{"one": "twins", "two": "twins", "three": ""} {
		must[api.Lab](t)(c.Create(t.Context(), api.NewLab{Name: name, Seed: seed, Step: "2.1"}))
		var view struct {
			Okta struct{ Apps []struct{ ID string } }
		}
		if err := json.Unmarshal(must[json.RawMessage](t)(c.View(t.Context(), name, "okta.apps")), &view); err != nil || len(view.Okta.Apps) == 0 {
			t.Fatal(err, view)
		}
		for _, app := range view.Okta.Apps {
			ids[name] = append(ids[name], app.ID)
		}
	}
	if !reflect.DeepEqual(ids["one"], ids["two"]) || reflect.DeepEqual(ids["one"], ids["three"]) {
		t.Errorf("%v", ids)
	}
}

// A wrong request is refused with the reason, and nothing is left of it.
func TestWrongRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c := &client.Client{URL: s.URL, HTTP: &http.Client{Transport: newJudge(t)}}
	for _, wrong := range []struct {
		method, path string
		body         any
		status       int
		sentence     string
	}{
		{"POST", "/labs", map[string]any{"name": "Ann"}, 400, "small letters"},
		{"POST", "/labs", map[string]any{"name": "demo"}, 409, "already a lab named demo"},
		{"POST", "/labs", map[string]any{"name": "new", "scenario": "nope"}, 400, "no scenario named nope"},
		{"POST", "/labs", map[string]any{"name": "new", "step": "99.1"}, 400, "no step"},
		{"POST", "/labs", map[string]any{"name": "new", "ahead": "soon"}, 400, "not a duration"},
		{"POST", "/labs", map[string]any{"name": "new", "ahead": "-3h"}, 400, "0 to 3660 days"},
		{"POST", "/labs", map[string]any{"name": "new", "seed": strings.Repeat("x", 101)}, 400, "at most 100 bytes"},
		{"POST", "/labs", map[string]any{"name": "new", "nmae": "x"}, 400, "nmae"},
		{"POST", "/labs", map[string]any{"name": 7}, 400, "must be a string"},
		{"POST", "/labs", []int{1}, 400, "array"},
		{"PUT", "/labs/demo/clock", map[string]any{}, 400, "how far ahead"},
		{"POST", "/labs/demo/checkpoints", map[string]any{}, 400, "label"},
		{"POST", "/labs/demo/checkpoints/99/restore", nil, 404, "no such checkpoint"},
		{"PUT", "/labs/demo/fault", map[string]any{"id": "wrong-acs"}, 409, "does not work in this lab yet"},
		{"PUT", "/labs/demo/fault", map[string]any{"id": "nope"}, 404, "no such fault"},
		{"GET", "/labs/demo/mail/latest?wait=2h", nil, 400, "longest wait"},
		{"GET", "/labs/demo/mail/latest?after=x", nil, 400, "whole number"},
		{"GET", "/labs/demo/traffic?limit=501", nil, 400, "whole number"},
		{"GET", "/labs/demo/traffic/99", nil, 404, "does not exist"},
		{"GET", "/workshop", nil, 404, "no workshop"},
		{"POST", "/tokens", map[string]any{"password": "x"}, 404, "no workshop"},
	} {
		refused(t, c.Do(t.Context(), wrong.method, wrong.path, wrong.body, nil), wrong.status, wrong.sentence)
	}
	_, err := c.Import(t.Context(), "new", strings.NewReader("no lab"))
	refused(t, err, 400, "was not exported from a lab")
	if s.Registry.Exists("new") {
		t.Error("a lab is left of a refused request")
	}
	for _, path := range []string{"", "/view", "/checkpoints", "/clock", "/fault", "/mail", "/mail/latest", "/traffic", "/traffic/1", "/clipboard", "/export", "/scenario"} {
		refused(t, c.Do(t.Context(), http.MethodGet, "/labs/nobody"+path, nil, nil), 404, "There is no lab with that name.")
	}
}
