// Package provision carries the jobs of an Okta org to its apps' directories, as Okta's SCIM 2.0 client does it
// (okta-wire section 1, the behaviour of catalogue apps):
//
//	idp: a change and its job commit together ─▶ Runner.Wake ─▶ DueJobs ─▶ requests ─▶ FinishJob / RetryJob / FailJob
//
// A job says what happened, not what to send. Each run looks first at what the far side has, so a job that was cut short
// anywhere, by a lost connection or by kill -9, can simply run again: it finds what it made.
package provision
