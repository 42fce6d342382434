package sso

import (
	"errors"
	"fmt"
	"strings"

	"understudy/seed/base/samltext"
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

// parse reads the form field SAMLResponse. The HTTP-POST binding carries base64 of plain XML (SAML bindings 3.5.4), so a
// compressed message is refused.
func parse(field string) (*xmltree.Element, error) {
	if strings.TrimSpace(field) == "" {
		return nil, errors.New("no SAMLResponse")
	}
	if len(field) > maxResponse*3/2 {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	text, compressed, err := samltext.Decode(field, maxResponse, func(text []byte) bool {
		_, err := xmltree.Parse(text, limits)
		return err == nil
	})
	switch {
	case errors.Is(err, samltext.ErrOversized):
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	case errors.Is(err, samltext.ErrBase64):
		return nil, errors.New("not base64")
	case err != nil:
		return nil, err
	case compressed:
		return nil, errors.New("compressed, which only the HTTP-Redirect binding allows")
	}
	return xmltree.Parse(text, limits)
}
