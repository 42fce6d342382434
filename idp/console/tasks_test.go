package console_test

import (
	"net/http"
	"testing"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
	"understudy/seed/base/store"
)

func TestTasksListPeopleWhoWait(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/tasks").Want(http.StatusOK, "No tasks.")
	admin.Get("/admin/users/new").Submit("Save", bob())
	dashboard := admin.Get("/admin/dashboard").Want(http.StatusOK, "People have not finished activation", "Create okta user")
	dashboard.Click("View all tasks").Want(http.StatusOK, "1 task", "bob@example.com").Click("Bob Birch").
		Want(http.StatusOK, "Pending user action", "Resend Activation Email")
}

// failJobs marks every due job as failed, as if the app had refused its requests.
func failJobs(t *testing.T, lab *orgtest.Lab, reason string) {
	t.Helper()
	due, _, err := lab.Org.DueJobs(t.Context(), 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range due {
		if err := lab.Org.FailJob(t.Context(), job, reason, func(*store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFailedJobsAreRetriedOrMarkedAsDone(t *testing.T) {
	lab, admin := open(t)
	app := sigma(t, lab)
	ctx, system := lab.Context(t), idp.System(idp.Client{})
	if _, err := lab.Org.SaveCredentials(ctx, system, app.ID, idp.Credentials{Enabled: true,
		BaseURL: "http://sigma.example/scim/v2", Token: "secret"}); err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Org.SaveToApp(ctx, system, app.ID, idp.ToApp{CreateUsers: true}); err != nil {
		t.Fatal(err)
	}
	admin.Get("/admin/groups").Click("Marketing").Click("Assign applications").Row("Sigma on AWS").Click("Assign").
		Submit("Save and Go Back", nil)
	failJobs(t, lab, "Automatic provisioning of user Eva Ember to app Sigma on AWS failed: Unauthorized.")

	page := admin.Get("/admin/dashboard").Click("Application assignments encountered errors")
	page.Want(http.StatusOK, "Eva Ember", "Sigma on AWS", "failed: Unauthorized.").WantNot("secret")
	page.Submit("Retry selected", nil).Want(http.StatusOK, "No task was selected", "Eva Ember")
	page.Submit("Retry selected", orgtest.Values{"Select Eva Ember, Sigma on AWS": "on"}).
		Want(http.StatusOK, "1 task will be retried.").WantNot("failed: Unauthorized.")
	failJobs(t, lab, "Still unauthorized.")
	page = admin.Get("/admin/tasks").Want(http.StatusOK, "Still unauthorized.")
	page.Submit("Mark as done", orgtest.Values{"Select Eva Ember, Sigma on AWS": "on"}).
		Want(http.StatusOK, "1 task marked as done.", "No tasks.")
	page.Submit("Mark as done", orgtest.Values{"Select Eva Ember, Sigma on AWS": "on"}).
		Want(http.StatusConflict, "no longer in the list")
}
