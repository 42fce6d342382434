package sso

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/sp"
)

// metadata responds with the description of this service provider (SAML metadata 2.4.4). The signing certificate is part of
// it only if requests are signed.
func metadata(c echo.Context) error {
	ctx := c.Request().Context()
	org, a := sp.From(ctx), address.From(ctx)
	settings, err := org.Authentication(ctx)
	if err != nil {
		return err
	}
	key := ""
	if settings.SignRequests {
		_, certificate, err := org.SigningKey(ctx)
		if err != nil {
			return err
		}
		key = `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="` + dsigNS + `"><ds:X509Data><ds:X509Certificate>` +
			base64.StdEncoding.EncodeToString(certificate.Raw) +
			`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	}
	text := fmt.Sprintf(xml.Header+`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">`+
		`<md:SPSSODescriptor AuthnRequestsSigned="%t" WantAssertionsSigned="true" protocolSupportEnumeration="%s">%s`+
		`<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>`+
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="%s" index="0"`+
		` isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>`+"\n",
		escape(a.URL(sp.EntityIDPath)), settings.SignRequests, samlpNS, key, escape(a.URL(sp.ACSPath)))
	return c.Blob(http.StatusOK, "application/samlmetadata+xml; charset=utf-8", []byte(text))
}
