// Package console serves the Admin Console of the Okta half: the pages under /admin.
//
//	request ─▶ administrator (checks session and role) ─▶ handler ─▶ one method of idp.Org ─▶ page of ui/okta
//	                                                                 └▶ form error ─▶ the form again, status 422
//
// A handler reads its form, calls the org, and renders one view. It holds no rules of the org and no SQL. Handlers import
// idp, idp/web and pure packages. The one exception is idp/provision: "Test API Credentials" sends requests to the app,
// and only the provisioning runner of the lab can send them.
//
// The route tables in routes.go and routes_app.go name the handler of each page. request.go holds what all handlers
// share. The other files follow the navigation of the console:
//
//   - dashboard.go, tasks.go, search.go: Dashboard > Dashboard, Dashboard > Tasks, and the search box on top
//   - people.go: Directory > People and Add person
//   - person_page.go, person_lifecycle.go, person_assign.go: one person; suspend, deactivate and the other actions on an
//     account; the person's apps and groups
//   - groups.go, group_page.go, group_assign.go, group_rules.go: Directory > Groups, one group, its people and apps, rules
//   - profile_editor.go, profile_editor_attribute.go: Directory > Profile Editor
//   - catalog.go, catalog_add.go, app_create.go: adding an app from the catalog or with the SAML wizard
//   - app_list.go, app_page.go, app_general.go: Applications, the header and tabs of one app, its tab General
//   - app_signon.go, app_certificates.go, app_saml_preview.go: the tab Sign On
//   - app_assignments.go, app_assign_people.go, app_assign_groups.go, app_assign_many.go, app_assignment_form.go,
//     app_convert_assignments.go: the tab Assignments and its dialogs
//   - app_provisioning.go, app_mapping.go, app_import.go, app_push.go, app_push_rule.go: the tabs Provisioning, Import and
//     Push Groups
//   - authenticators.go: Security > Authenticators, with the password policy
//   - system_log.go, system_log_row.go: Reports > System Log
//   - not_built.go: sections of the navigation that this stand-in does not have yet
//
// Start reading at [Register] in request.go, then any handler, such as addGroup in groups.go.
package console
