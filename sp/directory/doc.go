// Package directory is the SCIM 2.0 service of the Sigma half (RFC 7643, RFC 7644): members are Users, teams are Groups.
//
//	request ── bearer token ──▶ package scim (protocol) ──▶ members, teams ──▶ package sp (rules, storage)
//
// Setup in Administration > Authentication creates the bearer token. A request acts as the Admin who created the token.
// sp/SIGMA.md has the facts about Sigma's service.
//
// Start reading in directory.go.
//
//	directory.go  routes, schemas, authentication, retry of concurrent changes
//	members.go    the backend of Users
//	attributes.go the attributes of a User that a member has no fields for
//	teams.go      the backend of Groups
//	note.go       what a request changed, for /traffic
package directory
