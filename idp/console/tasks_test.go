package console_test

import (
	"net/http"
	"testing"
)

func TestTasksListWhoWaits(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/tasks").Want(http.StatusOK, "No tasks.")
	admin.Get("/admin/users/new").Submit("Save", bob())
	dashboard := admin.Get("/admin/dashboard").Want(http.StatusOK, "People have not finished activation", "Create okta user")
	dashboard.Click("View all tasks").Want(http.StatusOK, "1 task", "bob@example.com").Click("Bob Birch").Want(http.StatusOK, "Pending user action", "Resend Activation Email")
}
