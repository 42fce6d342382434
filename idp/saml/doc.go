// Package saml reads and writes the SAML 2.0 messages of the Okta half, the identity provider (IdP). It knows no HTTP
// handlers; package sso serves these messages.
//
//	SAMLRequest ─▶ DecodeRequest ─▶ AuthnRequest
//	idp.SignOn + idp.SignOnRequest ─▶ Response ─▶ signed XML
//
// Responses have the element order, prefixes and formats of Okta's; see idp/OKTA.md. The package writes and signs them
// itself, because crewjam/saml always uses the metadata URL as entity ID, and has its own prefixes and name formats. Tests
// verify every signature with goxmldsig.
//
// Files:
//
//   - decode.go: the XML of a message of either binding (SAML bindings 3.4, 3.5)
//   - parse_authnrequest.go: parsing of an AuthnRequest (SAML core 3.4.1)
//   - policy.go: which NameIDPolicy and RequestedAuthnContext can be met (SAML core 3.4.1.1, 3.3.2.2.1)
//   - verify.go: signatures of requests (SAML core 5, bindings 3.4.4.1)
//   - response.go: the Response, with or without an Assertion (SAML core 3.3.3)
//   - assertion.go: the Assertion (SAML core 2.3.3)
//   - sign_response.go: signs Response and Assertion (XML Signature; SAML core 5.4)
//   - encryption.go: encrypted assertions (SAML core 2.3.4; XML Encryption)
//   - canonical.go: an XML writer that produces the canonical form along with the sent form
//   - logout.go: messages of single logout (SAML core 3.7)
//   - metadata.go: the IdP metadata of an app (SAML metadata 2.4.3)
//   - preview.go: the response that a sign-on would produce now, for the Admin Console
//
// Start reading at response.go.
package saml
