// Package web holds what the HTTP handlers of the Okta half share: the session of a request, redirects to the sign-in
// page, page rendering, notices, and the responses to errors. The Okta half is the part of this program that stands in for
// Okta: idp and the packages below it.
//
// A handler package (console, signin, sso) imports this package and never another handler package:
//
//	request ─▶ CurrentSession ─▶ none: RedirectToSignIn(FromURI)
//	                          └▶ one:  handler ─▶ idp.Org method ─▶ Render, or HTMLError for the error it returns
//
// Files:
//
//   - session.go: the session cookie, and the redirect to the sign-in page
//   - fromuri.go: the parameter fromURI, which tells where to go after sign-in; refuses addresses outside the half
//   - form.go: reads a form, and nothing else, into a struct
//   - cookie.go: cookies of this half and browser window
//   - client.go: what the System Log records about the sender of a request
//   - page.go: page rendering, the frame of pages before sign-in, and notices for the next page
//   - error_html.go: one page for each kind of error
//   - error_json.go: the same for addresses of Okta's APIs
//
// Start reading at session.go, then error_html.go.
package web
