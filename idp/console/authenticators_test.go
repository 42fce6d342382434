package console_test

import (
	"net/http"
	"testing"

	"understudy/idp/internal/orgtest"
)

// The saved policy applies to the next password and the next wrong attempt. Invalid numbers are refused at their fields.
func TestPasswordPolicyIsEdited(t *testing.T) {
	lab, admin := open(t)
	page := admin.Get("/admin/security/authenticators").Want(http.StatusOK, "Password", "Knowledge").Click("Password")
	form := page.Want(http.StatusOK, "Default Policy", "At least 8 characters", "After 10 unsuccessful attempts").Click("Edit")
	refused := form.Submit("Save", orgtest.Values{"Minimum length": "3", "Password expires after": "soon",
		"Lock out user after": "2"})
	refused.Want(http.StatusUnprocessableEntity, "Enter a number from 4 to 30.", "Enter a number from 0 to 999.")
	if got := refused.Field("Lock out user after"); got != "2" {
		t.Errorf("the field holds %q after a form error", got)
	}
	form.Submit("Save", orgtest.Values{"Minimum length": "12", "Symbol (e.g., !@#$%^&*)": "on", "Lock out user after": "2"}).
		Want(http.StatusOK, "The password policy was saved.", "At least 12 characters", "A symbol", "After 2 unsuccessful attempts")
	admin.Get("/admin/reports/system-log").Want(http.StatusOK, "Update policy", "Default Policy")

	admin.Get("/admin/users/new").Submit("Save", orgtest.Values{"First name": "Kim", "Last name": "Lee",
		"Username": "kim@example.com", "Primary email": "kim@example.com",
		"I will set password": "on", "Password": "Short-1"}).Want(http.StatusUnprocessableEntity, "At least 12 characters")
	for range 2 {
		lab.Browser(t).Get("/admin/users").Submit("Sign in", orgtest.Values{"Username": orgtest.EvaLogin, "Password": "wrong"}).
			Want(http.StatusUnauthorized)
	}
	admin.Get("/admin/users").Row("Eva Ember").Want(http.StatusOK, "Locked out")
}
