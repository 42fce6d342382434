// Package sso serves single sign-on from the Okta half to apps: the HTTP endpoints of a SAML 2.0 identity provider (IdP).
// Package saml reads and writes the messages themselves.
//
//	GET or POST /app/{name}/{key}/sso/saml
//	  AuthnRequest or none ─▶ app, window ─▶ session? ─▶ idp.Org.SignOn ─▶ saml.Response ─▶ delivery page
//	                                         └▶ none: sign-in page, which returns to this URL
//
// Files:
//
//   - routes.go: the endpoints, and the app that a URL names
//   - signon.go: the sign-on itself, SP-initiated and IdP-initiated
//   - request.go: what a request asks for, and whether the app's settings can answer it
//   - logout.go: single logout, begun by an app or by Okta
//   - delivery.go: the page whose form carries the response to the service provider (SP)
//   - refusal.go: the table of requests that are refused, with their texts and System Log reasons
//   - window.go: the browser window of a request that names none
//   - metadata.go: the IdP metadata of an app
//
// Start reading at signOn in signon.go.
package sso
