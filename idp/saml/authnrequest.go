package saml

import (
	"fmt"
	"strings"

	"understudy/seed/base/xmltree"
)

// AuthnRequest holds the fields of an AuthnRequest that the IdP uses (SAML core 3.4.1). It ignores the rest, as Okta does.
type AuthnRequest struct {
	ID                          string
	AssertionConsumerServiceURL string
	ForceAuthn                  bool
	IsPassive                   bool
	Issuer                      string
}

// DecodeRequest reads a SAMLRequest parameter; see [Decode].
func DecodeRequest(message string) (*AuthnRequest, error) {
	_, root, err := Decode(message)
	if err != nil {
		return nil, err
	}
	return readRequest(root)
}

// readRequest accepts only version 2.0, and an ID of at most 256 bytes, because the ID is stored.
func readRequest(root *xmltree.Element) (r *AuthnRequest, err error) {
	if !root.Is(nsProtocol, "AuthnRequest") {
		return nil, fmt.Errorf("%w: it is not an AuthnRequest", ErrMalformed)
	}
	r = &AuthnRequest{ID: root.Attr("ID"), AssertionConsumerServiceURL: root.Attr("AssertionConsumerServiceURL"),
		Issuer: strings.TrimSpace(root.Only(nsAssertion, "Issuer").Text())}
	if r.ID == "" || len(r.ID) > 256 || root.Attr("Version") != "2.0" {
		return nil, fmt.Errorf("%w: it has no ID or its version is not 2.0", ErrMalformed)
	}
	if r.ForceAuthn, err = boolean(root, "ForceAuthn"); err != nil {
		return nil, err
	}
	r.IsPassive, err = boolean(root, "IsPassive")
	return r, err
}

// boolean reads an optional xs:boolean attribute (XML Schema part 2, section 3.2.2).
func boolean(e *xmltree.Element, attribute string) (bool, error) {
	switch strings.TrimSpace(e.Attr(attribute)) {
	case "true", "1":
		return true, nil
	case "", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%w: %s is neither true nor false", ErrMalformed, attribute)
}
