package sso

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"understudy/seed/base/xmltree"
)

const (
	samlpNS = "urn:oasis:names:tc:SAML:2.0:protocol"
	samlNS  = "urn:oasis:names:tc:SAML:2.0:assertion"
	dsigNS  = "http://www.w3.org/2000/09/xmldsig#"

	// maxResponse is in bytes. A response with two signatures and a few attributes has 8 kB.
	maxResponse = 256 << 10
)

// limits bound the work for a message that nobody has verified yet.
var limits = xmltree.Limits{Depth: 40, Elements: 10_000}

// parse reads the form field SAMLResponse. The HTTP-POST binding carries plain base64 (SAML bindings 3.5.4), so nothing is
// decompressed.
func parse(field string) (*xmltree.Element, error) {
	if field == "" {
		return nil, errors.New("no SAMLResponse")
	}
	if len(field) > maxResponse*3/2 {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	text, err := base64.StdEncoding.DecodeString(withoutSpace(field))
	if err != nil {
		return nil, errors.New("not base64")
	}
	if len(text) > maxResponse {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	return xmltree.Parse(text, limits)
}

// withoutSpace removes the white space that may break base64 into lines.
func withoutSpace(text string) string {
	if !strings.ContainsAny(text, " \t\r\n") {
		return text
	}
	return strings.Join(strings.Fields(text), "")
}
