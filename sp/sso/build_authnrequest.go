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
	"sync"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/sp"
)

const rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

// start begins a sign-on: it stores the request and redirects the browser to the identity provider.
func start(c echo.Context) error {
	ctx := c.Request().Context()
	org, a := sp.From(ctx), address.From(ctx)
	q, settings, err := org.StartSignOn(ctx, markBrowser(c, a), a.Window, localPath(a, c.FormValue("next")))
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
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusFound, address.WithMessage(a.Reach(settings.IdPLoginURL), encoded))
}

// authnRequest writes the message (SAML core 3.4.1).
func authnRequest(q sp.AuthnRequest, settings sp.Authentication, a address.Address) string {
	return fmt.Sprintf(`<samlp:AuthnRequest xmlns:samlp="%s" xmlns:saml="%s" ID="%s" Version="2.0" IssueInstant="%s"`+
		` Destination="%s" AssertionConsumerServiceURL="%s" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">`+
		`<saml:Issuer>%s</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"`+
		` AllowCreate="true"/></samlp:AuthnRequest>`,
		samlpNS, samlNS, q.ID, q.CreatedAt.Format("2006-01-02T15:04:05.000Z"),
		escape(settings.IdPLoginURL), escape(a.URL(sp.ACSPath)), escape(a.URL(sp.EntityIDPath)))
}

// deflaters are reused because a new one allocates most of a megabyte.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // BestSpeed is a valid level
	return w
}}

// deflated compresses and encodes a message for the HTTP-Redirect binding (SAML bindings 3.4.4.1).
func deflated(message string) string {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer) //nolint:forcetypeassert // the pool holds nothing else
	defer deflaters.Put(w)
	w.Reset(&b)
	_, _ = w.Write([]byte(message)) // writing to a buffer never fails
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// signedQuery signs the query string in the order that SAML bindings 3.4.4.1 prescribes: SAMLRequest, RelayState, SigAlg.
func signedQuery(c echo.Context, org *sp.Organization, query url.Values) (string, error) {
	key, _, err := org.SigningKey(c.Request().Context())
	if err != nil {
		return "", err
	}
	text := "SAMLRequest=" + url.QueryEscape(query.Get("SAMLRequest")) +
		"&RelayState=" + url.QueryEscape(query.Get("RelayState")) + "&SigAlg=" + url.QueryEscape(rsaSHA256)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign the AuthnRequest: %w", err)
	}
	return text + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), nil
}

// escape escapes text for XML content and attribute values.
func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // writing to a buffer never fails
	return b.String()
}
