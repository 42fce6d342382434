package saml

import (
	"strconv"
	"strings"

	"understudy/idp"
)

// Metadata returns the IdP metadata of an app (SAML metadata 2.4.3), with everything that the app's settings turn on.
// certificate is DER in base64; url makes the absolute address of a path of the org.
func Metadata(app idp.App, settings idp.SAMLSettings, certificate string, url func(path string) string) []byte {
	options := settings.Options
	logout := ""
	if app.LogsOut() {
		logout = services("SingleLogoutService", url(app.SLOPath()))
	}
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<md:EntityDescriptor entityID="` + xmlEscapes.Replace(app.Issuer()) + `" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` +
		`<md:IDPSSODescriptor WantAuthnRequestsSigned="` + strconv.FormatBool(options.SignedRequests) +
		`" protocolSupportEnumeration="` + nsProtocol + `">` +
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="` + nsDSig + `"><ds:X509Data><ds:X509Certificate>` + certificate +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` + logout +
		`<md:NameIDFormat>` + xmlEscapes.Replace(settings.NameIDFormat) + `</md:NameIDFormat>` +
		services("SingleSignOnService", url(app.SSOPath())) +
		`</md:IDPSSODescriptor></md:EntityDescriptor>`)
}

// services lists a service at one address with both bindings.
func services(name, location string) string {
	service := "<md:" + name + ` Binding="urn:oasis:names:tc:SAML:2.0:bindings:`
	location = xmlEscapes.Replace(location)
	return service + `HTTP-POST" Location="` + location + `"/>` + service + `HTTP-Redirect" Location="` + location + `"/>`
}

// xmlEscapes escapes text and attribute values.
var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
