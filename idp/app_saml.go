package idp

import (
	"strings"

	"understudy/seed/base/address"
)

// SAMLOptions are the settings of Configure SAML beside the single sign-on URL, the audience and the attribute statements.
// The zero value has Okta's defaults. Texts of the service provider are kept byte for byte.
type SAMLOptions struct {
	NameIDFormat         string              `json:"nameIdFormat,omitempty" yaml:"nameIdFormat,omitempty"` // URI; empty: that of the catalog entry
	Recipient            string              `json:"recipient,omitempty" yaml:"recipient,omitempty"`       // empty: the single sign-on URL
	Destination          string              `json:"destination,omitempty" yaml:"destination,omitempty"`   // empty: the single sign-on URL
	OtherURLs            []ACSEndpoint       `json:"otherUrls,omitempty" yaml:"otherUrls,omitempty"`       // Other Requestable SSO URLs
	ResponseUnsigned     bool                `json:"responseUnsigned,omitempty" yaml:"responseUnsigned,omitempty"`
	AssertionUnsigned    bool                `json:"assertionUnsigned,omitempty" yaml:"assertionUnsigned,omitempty"`
	SignatureAlgorithm   string              `json:"signatureAlgorithm,omitempty" yaml:"signatureAlgorithm,omitempty"` // value of [SignatureAlgorithms]
	DigestAlgorithm      string              `json:"digestAlgorithm,omitempty" yaml:"digestAlgorithm,omitempty"`       // value of [DigestAlgorithms]
	Encryption           AssertionEncryption `json:"encryption,omitzero" yaml:"encryption,omitempty"`
	SignatureCertificate string              `json:"signatureCertificate,omitempty" yaml:"signatureCertificate,omitempty"` // of the service provider, PEM
	SignedRequests       bool                `json:"signedRequests,omitempty" yaml:"signedRequests,omitempty"`             // requests must be signed
	Logout               SingleLogout        `json:"logout,omitzero" yaml:"logout,omitempty"`
	AuthnContext         string              `json:"authnContext,omitempty" yaml:"authnContext,omitempty"` // value of [AuthnContexts]; empty: the entry's
	Issuer               string              `json:"issuer,omitempty" yaml:"issuer,omitempty"`             // SAML Issuer ID; empty: [DefaultIssuer]
}

// ACSEndpoint is a further Assertion Consumer Service that requests of the service provider may name, by URL or index.
type ACSEndpoint struct {
	URL   string `json:"url" yaml:"url"`
	Index int    `json:"index" yaml:"index"`
}

// AssertionEncryption is how assertions are encrypted for the service provider.
type AssertionEncryption struct {
	On           bool   `json:"on,omitempty" yaml:"on,omitempty"`
	Algorithm    string `json:"algorithm,omitempty" yaml:"algorithm,omitempty"`       // value of [EncryptionAlgorithms]
	KeyTransport string `json:"keyTransport,omitempty" yaml:"keyTransport,omitempty"` // value of [KeyTransports]
	Certificate  string `json:"certificate,omitempty" yaml:"certificate,omitempty"`   // of the service provider, PEM
}

// SingleLogout is the part that an app has in single logout. Okta's API calls the two halves slo and participateSlo.
type SingleLogout struct {
	FromApp      bool   `json:"fromApp,omitempty" yaml:"fromApp,omitempty"`         // Allow application to initiate Single Logout
	ResponseURL  string `json:"responseUrl,omitempty" yaml:"responseUrl,omitempty"` // Single Logout URL: where the LogoutResponse is sent
	Issuer       string `json:"issuer,omitempty" yaml:"issuer,omitempty"`           // SP Issuer of the app's LogoutRequest
	FromOkta     bool   `json:"fromOkta,omitempty" yaml:"fromOkta,omitempty"`       // User logs out of other logout-initiating apps or Okta
	RequestURL   string `json:"requestUrl,omitempty" yaml:"requestUrl,omitempty"`   // where the LogoutRequest is sent
	Binding      string `json:"binding,omitempty" yaml:"binding,omitempty"`         // value of [LogoutBindings]
	SessionIndex bool   `json:"sessionIndex,omitempty" yaml:"sessionIndex,omitempty"`
}

// DefaultIssuer is the template of the issuer of an app's messages.
const DefaultIssuer = "http://www.okta.com/${org.externalKey}"

// The choices of Configure SAML. The first of each is the default. Their sources are in OKTA.md.
var (
	NameIDFormats = []Choice{
		{Title: "Unspecified", Value: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"},
		{Title: "EmailAddress", Value: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
		{Title: "x509SubjectName", Value: "urn:oasis:names:tc:SAML:1.1:nameid-format:x509SubjectName"},
		{Title: "Persistent", Value: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"},
		{Title: "Transient", Value: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
	}
	SignatureAlgorithms  = []Choice{{Title: "RSA-SHA256", Value: "RSA_SHA256"}, {Title: "RSA-SHA1", Value: "RSA_SHA1"}}
	DigestAlgorithms     = []Choice{{Title: "SHA256", Value: "SHA256"}, {Title: "SHA1", Value: "SHA1"}}
	EncryptionAlgorithms = []Choice{
		{Title: "AES256-GCM", Value: "AES256_GCM"}, {Title: "AES128-GCM", Value: "AES128_GCM"},
		{Title: "AES256-CBC", Value: "AES256_CBC"}, {Title: "AES128-CBC", Value: "AES128_CBC"},
	}
	KeyTransports  = []Choice{{Title: "RSA-OAEP", Value: "RSA_OAEP"}, {Title: "RSA-1.5", Value: "RSA_15"}}
	LogoutBindings = []Choice{{Title: "HTTP POST", Value: "POST"}, {Title: "HTTP Redirect", Value: "REDIRECT"}}
	AuthnContexts  = []Choice{
		{Title: "PasswordProtectedTransport", Value: PasswordProtectedTransport},
		{Title: "X.509 Certificate", Value: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509"},
		{Title: "Integrated Windows Authentication", Value: "urn:federation:authentication:windows"},
		{Title: "Kerberos", Value: "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos"},
		{Title: "Password", Value: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
		{Title: "TLS Client", Value: "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient"},
		{Title: "Unspecified", Value: "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"},
	}
)

// PasswordProtectedTransport is the authentication context class of a sign-in by password (SAML authn-context 3.4.16).
const PasswordProtectedTransport = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"

// Issuer returns the entity ID that issues the app's assertions. As in Okta, it is a fixed name under www.okta.com and not an
// address of this server, unless the app has a SAML Issuer ID.
func (a App) Issuer() string {
	template := a.SignOn.SAML.Issuer
	if template == "" {
		template = DefaultIssuer
	}
	return strings.ReplaceAll(template, "${org.externalKey}", a.ExternalKey)
}

// SLOPath returns the path of the single logout service within the org.
func (a App) SLOPath() string { return "/app/" + a.Name + "/" + a.ExternalKey + "/slo/saml" }

// LogsOut reports whether the app has a part in single logout.
func (a App) LogsOut() bool { return a.SignOn.SAML.Logout.FromApp || a.SignOn.SAML.Logout.FromOkta }

// ACSNamed returns the settings for a request that names an Assertion Consumer Service by URL or index; ok is false if the
// app has none of that name. index is -1 for a request without one. With any, every URL is accepted: Okta takes the URL
// from requests whose signature it has verified.
func (s SAMLSettings) ACSNamed(url string, index int, anyURL bool) (named SAMLSettings, ok bool) {
	if url == "" && index < 0 || url == s.ACS {
		return s, true
	}
	for _, endpoint := range s.Options.OtherURLs {
		if url == endpoint.URL || url == "" && index == endpoint.Index {
			return s.at(endpoint.URL), true
		}
	}
	if anyURL && webAddress(url) {
		return s.at(url), true
	}
	return s, false
}

// at returns the settings for responses that go to an address other than the single sign-on URL.
func (s SAMLSettings) at(address string) SAMLSettings {
	s.ACS, s.Recipient, s.Destination = address, address, address
	return s
}

func webAddress(text string) bool { return address.URLProblem(text) == "" }
