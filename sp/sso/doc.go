// Package sso signs members in through their identity provider. It is a SAML 2.0 service provider: Web Browser SSO
// profile (SAML profiles 4.1), HTTP-Redirect binding for the request, HTTP-POST binding for the response.
//
//	browser ── GET SSOStartPath ──▶ build_authnrequest.go ── AuthnRequest ──▶ identity provider
//	browser ── POST ACSPath ──▶ acs.go ──▶ parse.go ─▶ structure.go ─▶ verify_signature.go ─▶ assertion.go ─▶ validate.go
//
// A sign-on that starts in Sigma stores its AuthnRequest together with the window and the page to open afterwards. A
// response passes through an ordered list of checks (checks.go). If a check fails, nobody is signed in, and the person
// sees the list with the cause and the fix. Rules about members and sessions are in package sp, which repeats the checks
// that depend on stored state inside its transaction.
//
// Only content inside the signed element is trusted. The Response's own InResponseTo is read without a signature, but
// only to find the window for an error page.
//
// Start reading in acs.go.
//
//	acs.go           routes, the assertion consumer service, the error page
//	build_authnrequest.go  start of a sign-on, AuthnRequest, signed query string
//	browser.go       binds a sign-on to the browser that begins it
//	metadata.go      metadata of the service provider
//	finish.go        the page to open after a sign-on
//	relaystate.go    which RelayState values may be followed
//	parse.go         base64 to XML tree
//	structure.go     the shape of a response; refuses signature wrapping
//	verify_signature.go    who signed a response (the signatures themselves: package xmlsignature)
//	assertion.go     the facts of Response and Assertion
//	validate.go      the checks
//	checks.go        the table of all checks, and the report
//
// Parsing and canonicalization are our own code (package xmltree), because sign-on costs half as much with it. A test
// compares both with goxmldsig. crewjam/saml around goxmldsig is not used here for these reasons: it reads the time from
// package variables, accepts SHA-1, panics on assertions without Subject or Conditions, and ignores InResponseTo if the
// identity provider may start a sign-on. The tests use crewjam/saml as the other side.
package sso
