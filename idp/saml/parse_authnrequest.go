package saml

import (
	"fmt"
	"strconv"
	"strings"

	"understudy/seed/base/xmltree"
)

// AuthnRequest holds the fields of an AuthnRequest that the IdP uses (SAML core 3.4.1). It ignores the rest, as Okta does.
type AuthnRequest struct {
	ID                          string
	AssertionConsumerServiceURL string
	ACSIndex                    int // AssertionConsumerServiceIndex; -1 for none
	ForceAuthn                  bool
	IsPassive                   bool
	Issuer                      string
	Destination                 string
	NameIDFormat                string // of the NameIDPolicy
	Subject                     string // name of the person to sign on
	Contexts                    []string
	Comparison                  string // of the contexts: "exact", "minimum", "maximum" or "better"

	message *xmltree.Element
}

// DecodeRequest reads a SAMLRequest parameter; see [Decode].
func DecodeRequest(message string) (*AuthnRequest, error) {
	_, root, err := Decode(message)
	if err != nil {
		return nil, err
	}
	return readRequest(root)
}

// readRequest reads an AuthnRequest.
func readRequest(root *xmltree.Element) (r *AuthnRequest, err error) {
	if err := checkMessage(root, "AuthnRequest"); err != nil {
		return nil, err
	}
	policy, contexts := root.Only(nsProtocol, "NameIDPolicy"), root.Only(nsProtocol, "RequestedAuthnContext")
	r = &AuthnRequest{ID: root.Attr("ID"), AssertionConsumerServiceURL: root.Attr("AssertionConsumerServiceURL"), ACSIndex: -1,
		Issuer: text(root.Only(nsAssertion, "Issuer")), Destination: root.Attr("Destination"),
		NameIDFormat: strings.TrimSpace(policy.Attr("Format")),
		Subject:      text(root.Only(nsAssertion, "Subject").Only(nsAssertion, "NameID")),
		Comparison:   contexts.Attr("Comparison"), message: root}
	for _, name := range []string{"AuthnContextClassRef", "AuthnContextDeclRef"} {
		for _, class := range contexts.All(nsAssertion, name) {
			r.Contexts = append(r.Contexts, text(class))
		}
	}
	if index := strings.TrimSpace(root.Attr("AssertionConsumerServiceIndex")); index != "" {
		n, err := strconv.ParseUint(index, 10, 16) // xs:unsignedShort
		if err != nil {
			return nil, fmt.Errorf("%w: AssertionConsumerServiceIndex is not a number", ErrMalformed)
		}
		r.ACSIndex = int(n)
	}
	if r.ForceAuthn, err = boolean(root, "ForceAuthn"); err != nil {
		return nil, err
	}
	r.IsPassive, err = boolean(root, "IsPassive")
	return r, err
}

// checkMessage accepts only a message of the given name and version 2.0 with an ID of at most 256 bytes, because the ID is
// stored.
func checkMessage(root *xmltree.Element, name string) error {
	if !root.Is(nsProtocol, name) {
		return fmt.Errorf("%w: it is no %s", ErrMalformed, name)
	}
	if id := root.Attr("ID"); id == "" || len(id) > 256 || root.Attr("Version") != "2.0" {
		return fmt.Errorf("%w: it has no ID or its version is not 2.0", ErrMalformed)
	}
	return nil
}

// text returns the text of an element without white space around it; "" for nil.
func text(e *xmltree.Element) string { return strings.TrimSpace(e.Text()) }

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
