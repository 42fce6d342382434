// Package provision sends the provisioning jobs of an Okta org to the SCIM services of its apps, as Okta's SCIM 2.0 client
// does for apps of its catalog. See idp/OKTA.md for the requests that Okta sends.
//
//	change in idp ─ commits with ─▶ job ─▶ Wake ─▶ DueJobs ─▶ SCIM requests ─▶ FinishJob, RetryJob or FailJob
//
// A job says what happened, not what to send. Each run first reads what the app has. So a job that was interrupted at any
// point, by a lost connection or by kill -9, can run again: it finds the records that its earlier run created.
//
// It is no handler package, and knows no pages. The Admin Console imports it to test API credentials.
//
// Files:
//
//   - runner.go: the loop that takes due jobs and runs them, in order within a lane
//   - task.go: one job while it runs, and the function for each kind of job
//   - user.go, group.go, import.go: the requests of each kind of job (RFC 7644)
//   - client.go: the SCIM client with Okta's headers, and the errors of its requests
//   - retry.go: which failures are retried, when, and how a failure is recorded
//   - error_text.go: the sentences that administrators read about a failure
//   - credentials.go: Test API Credentials
//   - preview.go: the request that a push would send now, without sending it
//
// Start reading at [Runner] in runner.go, then createUser in user.go.
package provision
