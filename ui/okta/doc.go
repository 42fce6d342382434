// Package okta holds the pages of the Okta half as templ components.
//
//	handler (idp/console, idp/signin, idp/sso) ── view struct ──▶ component ──▶ HTML
//
// A component takes a view struct of this package and nothing else: the package imports neither package idp nor HTTP, and
// knows no database. The handlers fill the view structs. Every path in a view struct is complete, with the prefix of the
// lab and the window, so that a component prints it as it is. An empty path means that the control is not shown. Common
// controls come from ui/kit. Labels are Okta's own words; idp/OKTA.md says from which version.
//
// Each page has a view struct, such as PeoplePage in directory_view.go, and a component, such as People in people.templ.
// Start reading in people.templ, then frame_admin.templ.
//
// Frames and shared parts:
//
//   - frame_admin.templ, frame_nav.go: the Admin Console and its left navigation
//   - frame_enduser.templ, frame.go: the End-User Dashboard, and the card for sign-in and errors
//   - console.templ: a page of the Admin Console, search results, sections that are not built
//   - parts.templ, parts.go: table cells, confirmation dialog, dialog that assigns items one by one
//   - view.go, options.go, text.go, chart.go: form errors, paging, options, dates and numbers, charts over time
//
// Admin Console:
//
//   - dashboard.templ: Dashboard > Dashboard, Dashboard > Tasks
//   - people.templ, person.templ: Directory > People, Add person, the tabs of one person
//   - groups.templ, group_rules.templ: Directory > Groups, the tabs of one group, group rules
//   - profile.templ: Directory > Profile Editor
//   - app_list.templ, app_create.templ, catalog.templ: Applications, the SAML wizard, the app catalog
//   - app_parts.templ, app_general.templ, app_signon.templ, app_assignments.templ, assignment_form.templ: one application
//   - app_provisioning.templ, app_import.templ, app_push.templ: the tabs Provisioning, Import and Push Groups
//   - authenticators.templ: Security > Authenticators, with the password policy
//   - system_log.templ: Reports > System Log
//
// Everybody:
//
//   - signin.templ: sign-in, sign-out, new and forgotten password, errors
//   - enduser.templ: My Apps, Settings
//   - saml_response.templ: the form that posts a SAML response to an application
package okta
