package sso

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/site"
)

const rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

// start begins a sign-on: the request is remembered, and the browser goes to the identity provider with it.
func start(c echo.Context) error {
	ctx := c.Request().Context()
	org, a := sp.From(ctx), address.From(ctx)
	q, settings, err := org.RememberAuthnRequest(ctx, a.Window, follow(a, c.FormValue("next")))
	if err != nil {
		return err
	}
	query := url.Values{}
	query.Set("SAMLRequest", deflated(authnRequest(q, settings, a)))
	query.Set("RelayState", a.URL(sp.FinishLoginPath))
	encoded := query.Encode()
	if settings.SignRequests {
		if encoded, err = signedQuery(c, org, query); err != nil {
			return err
		}
	}
	target := settings.IdPLoginURL
	if strings.Contains(target, "?") {
		target += "&" + encoded
	} else {
		target += "?" + encoded
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusFound, target)
}

// authnRequest is the message (SAML core 3.4.1).
func authnRequest(q sp.AuthnRequest, settings sp.Authentication, a address.Address) string {
	return fmt.Sprintf(`<samlp:AuthnRequest xmlns:samlp="%s" xmlns:saml="%s" ID="%s" Version="2.0" IssueInstant="%s" Destination="%s"`+
		` AssertionConsumerServiceURL="%s" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>%s</saml:Issuer>`+
		`<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" AllowCreate="true"/></samlp:AuthnRequest>`,
		samlpNS, samlNS, q.ID, q.CreatedAt.Format("2006-01-02T15:04:05.000Z"), escape(settings.IdPLoginURL), escape(a.URL(sp.ACSPath)), escape(a.URL(sp.EntityIDPath)))
}

// deflaters are used again, as a new one is most of a megabyte of memory.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // the level is known
	return w
}}

// deflated encodes a message for the HTTP-Redirect binding (SAML bindings 3.4.4.1).
func deflated(message string) string {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer) //nolint:forcetypeassert // it gives nothing else
	defer deflaters.Put(w)
	w.Reset(&b)
	_, _ = w.Write([]byte(message)) // a buffer takes everything
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// signedQuery signs the query string itself, in the order that the binding prescribes: SAMLRequest, RelayState, SigAlg.
func signedQuery(c echo.Context, org *sp.Organization, query url.Values) (string, error) {
	key, _, err := org.SigningKey(c.Request().Context())
	if err != nil {
		return "", err
	}
	text := "SAMLRequest=" + url.QueryEscape(query.Get("SAMLRequest")) + "&RelayState=" + url.QueryEscape(query.Get("RelayState")) +
		"&SigAlg=" + url.QueryEscape(rsaSHA256)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign the AuthnRequest: %w", err)
	}
	return text + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), nil
}

// finish is where the identity provider's RelayState leads: on to where the person wanted to be.
func finish(c echo.Context) error {
	ctx := c.Request().Context()
	a := address.From(ctx)
	viewer, err := site.Viewer(c)
	if err != nil {
		return err
	}
	if viewer.Member.ID == "" {
		return c.Redirect(http.StatusFound, a.Path(sp.LoginPath))
	}
	return c.Redirect(http.StatusFound, a.Path(follow(a, c.QueryParam("next"))))
}

// metadata describes this service provider (SAML metadata 2.4.4).
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
			base64.StdEncoding.EncodeToString(certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	}
	text := fmt.Sprintf(xml.Header+`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">`+
		`<md:SPSSODescriptor AuthnRequestsSigned="%t" WantAssertionsSigned="true" protocolSupportEnumeration="%s">%s`+
		`<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>`+
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="%s" index="0" isDefault="true"/>`+
		`</md:SPSSODescriptor></md:EntityDescriptor>`+"\n", escape(a.URL(sp.EntityIDPath)), settings.SignRequests, samlpNS, key, escape(a.URL(sp.ACSPath)))
	return c.Blob(http.StatusOK, "application/samlmetadata+xml; charset=utf-8", []byte(text))
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

// samlOff tells that somebody follows an old link after single sign-on was switched off.
func samlOff(err error) bool {
	p := problem.As(err)
	return p != nil && p.Code == "SAML_OFF"
}
