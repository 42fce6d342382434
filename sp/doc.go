// Package sp is the Sigma half: one organization with its members, teams, account types and documents, the rules between
// them, and the SQL that stores them.
//
//	sp/site, sp/sso, sp/directory ──▶ method of Organization ──▶ transaction: permission, change, audit entry
//
// HTTP handlers call the exported methods of [Organization]. Each method takes an [Actor], opens one transaction, and in it
// checks the permission, makes the change and writes the audit entry. A refused attempt is recorded, too, after the
// transaction is rolled back. Unexported functions take the transaction. Errors for people are of type problem.Error; a
// method's comment lists the fields that such an error names.
//
// rights.go is the only place that decides what an actor may do. Access to a file is the lower of two values: what
// ownership and grants give, and what the account type allows.
//
// SIGMA.md has the facts about Sigma with their sources. Start reading in organization.go and rights.go.
//
//	organization.go       Organization, Open, transactions, name and region
//	actor.go              who acts
//	rights.go             permission checks, access to files
//	audit.go              events and the audit log
//	page.go               pages of lists, SQL conditions
//	member.go             members: list, page, search
//	memberchange.go       invite, change, deactivate and reactivate members
//	invitation.go         resend and revoke invitations
//	name.go               names and initials
//	password.go           password rules and resets
//	session.go            sign-in with a password, sessions; session_list.go who is signed in; session_carry.go resets
//	authentication.go     Administration > Authentication
//	certificate.go        the identity provider's certificate, the key for signed requests
//	saml.go               requests and assertions of single sign-on; paths.go the URLs
//	accounttype.go        account types; permission.go the permission table
//	team.go               teams
//	directory.go          setup of SCIM and its tokens
//	provision.go          members from the directory; pushedteam.go teams from the directory
//	transfer.go           documents of deactivated members and teams
//	file.go               workspaces and folders; filechange.go and filechoice.go changes; grant.go sharing
//	workbook.go           workbooks; export.go downloads
//	seed.go               the form of a scenario; populate.go fills an organization from it
package sp
