// Package site has the HTML pages of the Sigma half: sign-in, Home, documents, User Profile and Administration.
//
//	routes.go ──▶ handler ──▶ one method of sp.Organization ──▶ view.go ──▶ page of ui/sigma
//
// A handler reads its form, calls package sp, and maps the result to a view struct of package ui/sigma. Package sp decides
// what a member may do. The pages only leave out controls that would be refused.
//
// Start reading in routes.go, which lists every page.
//
//	routes.go          method, path and handler of every page; who may open it
//	request.go         one request: who acts, form values, responses
//	view.go            maps types of package sp to view structs of ui/sigma
//	signin.go          sign-in, sign-out, invitation
//	password.go        forgotten password, password reset
//	home.go            Home and lists of files
//	files.go           rename, move, delete, share, request access
//	workbook.go        workbooks, exports, new files
//	profile.go         User Profile
//	account.go         Administration > Account, sections that are not built
//	authentication.go  Administration > Authentication
//	provisioning.go    setup of provisioning, tokens
//	people.go          Administration > People
//	teams.go           Administration > Teams, team pages
//	accounttypes.go    Administration > Account Types
//	auditlog.go        Administration > Audit Log
package site
