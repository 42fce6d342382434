package saml

import (
	"strings"

	"understudy/idp"
)

// Metadata returns the IdP metadata of an app (SAML metadata 2.4.3): its issuer, certificate, name ID format and
// single sign-on URL. certificate is DER in base64; location is the absolute single sign-on URL.
func Metadata(app idp.App, certificate, nameIDFormat, location string) []byte {
	location = xmlEscapes.Replace(location)
	const binding = `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:`
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<md:EntityDescriptor entityID="` + xmlEscapes.Replace(app.Issuer()) + `" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` +
		`<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="` + nsProtocol + `">` +
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="` + nsDSig + `"><ds:X509Data><ds:X509Certificate>` + certificate +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:NameIDFormat>` + xmlEscapes.Replace(nameIDFormat) + `</md:NameIDFormat>` +
		binding + `HTTP-POST" Location="` + location + `"/>` +
		binding + `HTTP-Redirect" Location="` + location + `"/>` +
		`</md:IDPSSODescriptor></md:EntityDescriptor>`)
}

// xmlEscapes escapes text and attribute values.
var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
