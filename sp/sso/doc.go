// Package sso is the door through which people come into Sigma from their identity provider: a SAML 2.0 service provider
// (Web Browser SSO profile, HTTP-Redirect out, HTTP-POST back).
//
// A sign-on begins at SSOStartPath: an AuthnRequest is remembered with its window and where to go afterwards, and the
// browser is sent to the pasted login URL (request.go). The answer comes to the ACS (acs.go) and passes through an
// ordered list of checks (judge.go), which the person sees when one fails:
//
//	bytes ── parse.go ──▶ tree ── signature.go ──▶ is it signed? ── read.go ──▶ assertion ── judge.go
//
// Nothing is read from outside of the element that the signature covers, except to find the window of an error page.
// The rules about members and sessions are in package sp, which judges once more what may have changed meanwhile.
//
// Reading and canonical form are our own (package xmltree), held to those of goxmldsig by a test that compares both; a
// sign-on costs half as much with them. crewjam/saml around goxmldsig would not do: it takes the clock from package
// variables, accepts SHA-1, panics on assertions without Subject or Conditions, and does not look at InResponseTo where
// sign-on may begin at the identity provider. Each of these would have to be repaired around it; here the check list is
// all there is. Tests have it for a peer.
package sso
