// Package signin serves the pages of the Okta half for everybody: sign-in and sign-out, choosing a password, My Apps and
// Settings.
//
//	request ─▶ withOrg (loads the session) ─▶ requireSession, if needed ─▶ handler ─▶ idp.Org ─▶ page of ui/okta
//
// Files:
//
//   - routes.go: the table of pages, and the request type of the handlers
//   - signin.go: the sign-in form, sign-out and help
//   - expired_password.go: the page that asks for a new password during sign-in
//   - recovery.go: forgotten passwords, and the links of activation and reset emails
//   - my_apps.go: the dashboard with the person's apps
//   - settings.go: the person's own profile, password and sessions
//
// Start reading at routes in routes.go, then signIn in signin.go.
package signin
