package console

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"understudy/idp"
	"understudy/seed/base/address"
)

// shortDate is a date as tables of certificates print it.
func shortDate(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// keyMetadata is the identity provider metadata of app as it will be once key is the active one; okta-wire 2.2.
func keyMetadata(app idp.App, key idp.AppKey, a address.Address) []byte {
	const document = `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor entityID="%s" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` +
		`<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>` +
		`<ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="%[3]s"/>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="%[3]s"/>` +
		`</md:IDPSSODescriptor></md:EntityDescriptor>`
	return fmt.Appendf(nil, document, escaped(app.Issuer()), escaped(key.Base64()), escaped(a.URL(app.SSOPath())))
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
