package sp

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"time"
)

// Method is how members sign in; the values are the choices of the page.
type Method string

// The authentication methods. The two OAuth ones are shown and refused.
const (
	MethodPassword        Method = "Password"
	MethodSAMLOrPassword  Method = "SAML or password"
	MethodSAML            Method = "SAML"
	MethodOAuthOrPassword Method = "OAuth or password"
	MethodOAuth           Method = "OAuth"
)

// Methods lists the choices in the page's order.
func Methods() []Method {
	return []Method{MethodPassword, MethodSAMLOrPassword, MethodSAML, MethodOAuthOrPassword, MethodOAuth}
}

// Password reports whether members may sign in with a password.
func (m Method) Password() bool {
	return m == MethodPassword || m == MethodSAMLOrPassword || m == MethodOAuthOrPassword
}

// SAML reports whether members may sign in through the identity provider.
func (m Method) SAML() bool { return m == MethodSAML || m == MethodSAMLOrPassword }

// Built reports whether this stand-in can act on the method.
func (m Method) Built() bool { return m == MethodPassword || m.SAML() }

// Authentication is Administration > Authentication.
type Authentication struct {
	Method         Method
	IdPLoginURL    string
	IdPCertificate string // PEM; empty when none was pasted
	Certificate    *CertificateInfo
	SessionHours   int
	GuestAccess    bool
	TwoFactor      bool
	SignRequests   bool
	DirectoryOn    bool
	StrictTypes    bool // lab setting: an unknown account type makes a push fail
}

// CertificateInfo is what a person wants to know of the pasted certificate.
type CertificateInfo struct {
	Subject     string
	Issuer      string
	NotBefore   time.Time
	NotAfter    time.Time
	Fingerprint string // SHA-256, hexadecimal with colons
	Expired     bool   // by the lab's clock
	DaysLeft    int
}

// AuthenticationInput is the form. Fields of a problem: method, idpLoginURL, idpCertificate, sessionHours.
// The certificate may come with or without PEM lines and line breaks.
type AuthenticationInput struct {
	Method         Method
	IdPLoginURL    string
	IdPCertificate string
	SessionHours   int // 1 to 8760; give 0 for what was typed and is no number
	GuestAccess    bool
	TwoFactor      bool
	SignRequests   bool
}

// Authentication gives the settings. The sign-in page needs them, so no actor is asked for.
func (o *Organization) Authentication(ctx context.Context) (Authentication, error) {
	return Authentication{}, errTodo
}

// SetAuthentication saves the form, or refuses all of it. Admins only.
func (o *Organization) SetAuthentication(ctx context.Context, by Actor, in AuthenticationInput) error {
	return errTodo
}

// SetStrictTypes is the lab's setting for account types that the directory names and that do not exist:
// strict makes the push fail, else the default type applies meanwhile.
func (o *Organization) SetStrictTypes(ctx context.Context, strict bool) error { return errTodo }

// SigningKey gives the key and certificate with which AuthnRequests are signed; made on first use.
func (o *Organization) SigningKey(ctx context.Context) (*rsa.PrivateKey, *x509.Certificate, error) {
	return nil, nil, errTodo
}
