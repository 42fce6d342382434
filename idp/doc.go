// Package idp is the Okta half of a lab: one Okta org with its users, groups, apps, assignments, sessions and System Log.
// It holds the rules of the org and their SQL, and knows nothing of HTTP. The handler packages below it turn requests
// into calls of methods of [Org]. The words are those of Okta's API and Admin Console (developer.okta.com/docs/api).
//
// # How a change flows
//
//	idp/console, idp/signin, idp/sso            HTTP handlers
//	        │  method of Org, with an Actor
//	        ▼
//	idp: one transaction
//	        ├─ the change                       okta_users, okta_groups, okta_apps, …
//	        ├─ group rules and reconciliation   okta_app_users      (grouprule_apply.go, assignment_reconcile.go)
//	        ├─ System Log event                 okta_log            (systemlog_record.go)
//	        └─ provisioning jobs                okta_jobs           (provisioning.go, job_queue.go)
//	        │  after the commit: Options.Wake
//	        ▼
//	idp/provision                               sends the jobs as SCIM requests
//
// Slow work, such as hashing a password or making a key, happens before the transaction. Errors that a user can fix are
// of type problem.Error. Comments name their kind ("Conflict when …") and the form fields that they point to. Times come
// from the lab's clock.
//
// # Files
//
// The org:
//
//	org.go               Org, Open, settings, lists and pages
//	actor.go             Actor and Client: who makes a change
//	populate*.go         fills a new org from a scenario
//	clock.go             Okta's clock, which a fault can set ahead
//	dashboard*.go        figures, tasks and search of the Admin Console
//
// Users and sessions:
//
//	user.go              types; user_list.go, user_create.go: queries and Add person
//	user_lifecycle.go    activate, suspend, deactivate, delete, reset password
//	password_*.go        the policy of the org, changed and forgotten passwords
//	link.go              one-time tokens and links
//	signin.go            Authenticate and sessions; session*.go: types, list, restore after a reset
//	role*.go             administrators
//
// Groups:
//
//	group*.go            groups and their members
//	grouprule*.go        group rules, and how they are applied
//
// Apps and assignments:
//
//	app.go               types; app_settings.go, app_key.go, app_username.go: tabs General and Sign On, certificates
//	app_saml*.go         what Configure SAML edits, and its checks
//	schema_edit.go       app user profiles (Profile Editor)
//	assignment*.go       apps assigned to users and groups; assignment_reconcile.go computes the result
//	signon*.go           decides about single sign-on, and its preview
//	logout.go            single logout
//
// Provisioning:
//
//	change.go            what can change; provisioning.go queues jobs for it
//	integration.go       the Provisioning tab
//	job_queue.go         the queue of jobs
//	push.go, pushrule.go Group Push
//	import*.go           imported users and groups
//
// System Log:
//
//	systemlog.go         types; systemlog_types.go: the table of event types
//	systemlog_record.go  Record; systemlog_read.go: search, counts, CSV
//
// Packages below idp that hold its pure parts: expression, schema, catalog, password, logfilter, job.
//
// OKTA.md holds the facts about Okta that the code relies on, DIVERGENCES.md where this org differs.
//
// Start with [Org.SuspendUser] as an example of a change, then read assignment_reconcile.go.
package idp
