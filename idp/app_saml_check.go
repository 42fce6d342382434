package idp

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"understudy/idp/expression"
	"understudy/seed/base/address"
	"understudy/seed/base/certificate"
	"understudy/seed/base/problem"
)

const (
	maxForeignText = 1024 // bytes of an address or an entity ID, as in Okta's API (AcsEndpoint.url)
	maxOtherURLs   = 100  // as in Okta's API
	maxFilter      = 1024
)

// checkSignOn trims what may be trimmed, and checks the settings of the Sign On tab and of Configure SAML. Fields of the
// problem: defaultRelayState, userNameTemplate, attributes, groupAttributes, and those of checkOptions.
func checkSignOn(at address.Address, check *problem.Check, s *AppSignOn) {
	s.DefaultRelayState = strings.TrimSpace(s.DefaultRelayState)
	check.Require(len(s.DefaultRelayState) <= 2000, "defaultRelayState",
		"The Default RelayState is too long. Use at most 2000 characters.")
	check.Require(s.UserNameFormat != "custom" || strings.TrimSpace(s.UserNameTemplate) != "", "userNameTemplate",
		"Enter the expression of the custom format.")
	for _, statement := range s.Attributes {
		if statement.Filter != "" {
			checkGroupStatement(check, statement)
			continue
		}
		check.Require(strings.TrimSpace(statement.Name) != "", "attributes", "Each attribute statement needs a name.")
	}
	checkOptions(at, check, &s.SAML)
}

// GroupFilters are the filters of a group attribute statement.
var GroupFilters = []Choice{
	{Title: "Starts with", Value: "STARTS_WITH"}, {Title: "Equals", Value: "EQUALS"},
	{Title: "Contains", Value: "CONTAINS"}, {Title: "Matches regex", Value: "REGEX"},
}

func checkGroupStatement(check *problem.Check, s expression.AttributeStatement) {
	const field = "groupAttributes"
	check.Require(strings.TrimSpace(s.Name) != "", field, "Each group attribute statement needs a name.")
	check.Require(s.FilterValue != "", field, "Enter what the filter of the group attribute statement "+s.Name+" compares with.")
	check.Require(len(s.FilterValue) <= maxFilter, field, "The filter of "+s.Name+" is too long. Use at most 1024 characters.")
	check.Require(has(GroupFilters, s.Filter), field, "Choose a filter for "+s.Name+" from the list.")
	if s.Filter == "REGEX" {
		err := expression.CheckRegex(s.FilterValue)
		check.Require(err == nil, field, fmt.Sprintf("The regular expression of %s is not valid: %v. Okta reads it as Java does; write .* for any text.",
			s.Name, err))
	}
}

// checkOptions fills in defaults and checks. Fields of the problem: recipient, destination, otherUrls, signed, and those of
// encryption, signed requests, single logout and the issuer.
func checkOptions(at address.Address, check *problem.Check, o *SAMLOptions) {
	for _, choice := range []struct {
		value *string
		list  []Choice
		field string
	}{
		{&o.NameIDFormat, NameIDFormats, "nameIdFormat"}, {&o.SignatureAlgorithm, SignatureAlgorithms, "signatureAlgorithm"},
		{&o.DigestAlgorithm, DigestAlgorithms, "digestAlgorithm"}, {&o.AuthnContext, AuthnContexts, "authnContext"},
		{&o.Encryption.Algorithm, EncryptionAlgorithms, "encryptionAlgorithm"},
		{&o.Encryption.KeyTransport, KeyTransports, "keyTransport"}, {&o.Logout.Binding, LogoutBindings, "logoutBinding"},
	} {
		check.Require(*choice.value == "" || has(choice.list, *choice.value), choice.field, "Choose one of the list.")
	}
	checkAddress(at, check, "recipient", "Recipient URL", o.Recipient)
	checkAddress(at, check, "destination", "Destination URL", o.Destination)
	check.Require(!o.ResponseUnsigned || !o.AssertionUnsigned, "assertionSigned",
		"Sign the response, the assertion or both: a service provider trusts only what is signed.")
	checkText(check, "issuer", "SAML Issuer ID", o.Issuer)
	checkOtherURLs(at, check, *o)
	checkCertificates(check, o)
	checkLogout(at, check, *o)
}

func checkOtherURLs(at address.Address, check *problem.Check, o SAMLOptions) {
	const field = "otherUrls"
	check.Require(len(o.OtherURLs) <= maxOtherURLs, field, "Enter at most 100 other SSO URLs.")
	check.Require(!o.SignedRequests || len(o.OtherURLs) == 0, field,
		"With Signed Requests, the SSO URL is read from each request. Remove the other SSO URLs, or turn Signed Requests off.")
	seen := map[int]bool{}
	for _, endpoint := range o.OtherURLs {
		checkAddress(at, check, field, "Each other SSO URL", endpoint.URL)
		check.Require(endpoint.URL != "", field, "Enter the URL of the index "+strconv.Itoa(endpoint.Index)+".")
		check.Require(endpoint.Index >= 0 && endpoint.Index <= 65535, field, "An index is a number from 0 to 65535.")
		check.Require(!seen[endpoint.Index], field, fmt.Sprintf("Two other SSO URLs have the index %d. Give each its own index.", endpoint.Index))
		seen[endpoint.Index] = true
	}
}

func checkCertificates(check *problem.Check, o *SAMLOptions) {
	if o.SignatureCertificate != "" {
		text, _, reason := normalCertificate(o.SignatureCertificate)
		check.Require(reason == "", "signatureCertificate", reason)
		if reason == "" {
			o.SignatureCertificate = text
		}
	}
	check.Require(!o.SignedRequests || o.SignatureCertificate != "", "signatureCertificate",
		"Signed Requests needs the certificate that the service provider signs with.")
	e := &o.Encryption
	if e.Certificate != "" {
		text, certificate, reason := normalCertificate(e.Certificate)
		if reason == "" {
			if _, isRSA := certificate.PublicKey.(*rsa.PublicKey); !isRSA {
				reason = "This certificate has no RSA key, so nothing can be encrypted for it. Use an RSA certificate."
			}
		}
		check.Require(reason == "", "encryptionCertificate", reason)
		if reason == "" {
			e.Certificate = text
		}
	}
	check.Require(!e.On || e.Certificate != "", "encryptionCertificate",
		"Assertion Encryption needs the certificate that assertions are encrypted for.")
}

func checkLogout(at address.Address, check *problem.Check, o SAMLOptions) {
	l := o.Logout
	checkAddress(at, check, "logoutUrl", "Single Logout URL", l.ResponseURL)
	checkText(check, "logoutIssuer", "SP Issuer", l.Issuer)
	checkAddress(at, check, "logoutRequestUrl", "Logout request URL", l.RequestURL)
	check.Require(!l.FromApp || l.ResponseURL != "", "logoutUrl", "Single Logout URL is required: the logout response is sent there.")
	check.Require(!l.FromApp || l.Issuer != "", "logoutIssuer", "SP Issuer is required: it is the issuer of the logout request.")
	check.Require(!l.FromApp || o.SignatureCertificate != "", "signatureCertificate",
		"Single Logout needs the certificate that the service provider signs its logout requests with.")
	check.Require(!l.FromOkta || l.RequestURL != "", "logoutRequestUrl",
		"Logout request URL is required: the logout request is sent there.")
}

// checkAddress checks the URL of a service provider. A URL of the server itself must lead to Sigma; at is the address of the request.
func checkAddress(at address.Address, check *problem.Check, field, label, text string) {
	checkText(check, field, label, text)
	if text = strings.TrimSpace(text); text != "" {
		message := cmp.Or(address.URLProblem(text), at.HalfProblem(text, "sigma"))
		check.Require(message == "", field, label+" is not valid. "+message)
	}
}

func checkText(check *problem.Check, field, label, text string) {
	check.Require(len(text) <= maxForeignText, field, label+" is too long. Use at most 1024 characters.")
	check.Require(text == strings.TrimSpace(text), field, label+" begins or ends with white space. Remove it.")
}

func has(list []Choice, value string) bool {
	return slices.ContainsFunc(list, func(c Choice) bool { return c.Value == value })
}

// minRSA is the smallest RSA key of a service provider, in bits.
const minRSA = 1024

// normalCertificate converts a pasted certificate to clean PEM. If that is not possible, it returns a reason that says why.
func normalCertificate(text string) (pemText string, c *x509.Certificate, reason string) {
	list, reason := certificate.Read(text, minRSA)
	switch {
	case reason != "":
		return "", nil, reason
	case len(list) > 1:
		return "", nil, "This text has several certificates. Enter only the one that the service provider uses."
	}
	return certificate.PEM(list[0]), list[0], ""
}

// Certificate returns the certificate that the service provider signs with; nil if the app has none.
func (o SAMLOptions) Certificate() *x509.Certificate { return certificateOf(o.SignatureCertificate) }

// PublicKey returns the key that assertions are encrypted for; nil if the app has none.
func (e AssertionEncryption) PublicKey() (key *rsa.PublicKey, certificate *x509.Certificate) {
	certificate = certificateOf(e.Certificate)
	if certificate != nil {
		key, _ = certificate.PublicKey.(*rsa.PublicKey) // checked when it was saved
	}
	return key, certificate
}

func certificateOf(pemText string) *x509.Certificate {
	if pemText == "" {
		return nil
	}
	_, certificate, _ := normalCertificate(pemText)
	return certificate
}
