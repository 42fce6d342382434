// Package web is what the HTTP handlers of the Sigma half share: sessions, the frame around a page, and error responses.
//
//	sp/site, sp/sso, sp/directory ──▶ sp/web ──▶ sp (rules), ui/sigma (pages), scim (protocol)
//
// A handler returns an error. One function of this package turns the error into a response for each kind of client:
//
//	HTMLError    a page, for browsers (sp/site, sp/sso)
//	SCIMError    an RFC 7644 section 3.12 error, for provisioning clients (sp/directory)
//	JSONError    an error in the form of Sigma's REST API
//
// Start reading in session.go.
//
//	session.go  who is signed in, session cookies, where a request came from
//	page.go     the frame around a page, notices after a redirect, rendering
//	html.go     errors as HTML pages
//	scim.go     errors as SCIM JSON
//	json.go     errors as Sigma JSON
package web
