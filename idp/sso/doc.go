// Package sso is the door through which the Okta half signs people on to apps: a SAML 2.0 identity provider
// (okta-wire section 2).
//
//	AuthnRequest (or none: IdP-initiated) ─▶ read ─▶ which app, which window ─▶ session? ─▶ idp.Org.SignOn ─▶ Response ─▶ delivery page
//
// Responses are built as Okta writes them, element by element, and signed with goxmldsig: crewjam/saml's identity provider
// has an entity ID that is always its metadata address, and its own prefixes and name formats.
package sso
