package sso

import (
	"bytes"
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
// decompressed. The encodings that the Okta half accepts in a request are accepted here, too: white space in base64 (RFC 2045
// section 6.8), both alphabets, missing padding, and a byte order mark or white space before the XML.
func parse(field string) (*xmltree.Element, error) {
	if strings.TrimSpace(field) == "" {
		return nil, errors.New("no SAMLResponse")
	}
	if len(field) > maxResponse*3/2 {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	root, err := parseXML(withoutSpace(field))
	if err != nil && strings.Contains(field, " ") {
		// In a form whose sender did not escape "+", a space stands for it.
		if root, other := parseXML(plusForSpace.Replace(field)); other == nil {
			return root, nil
		}
	}
	return root, err
}

// parseXML decodes base64 without white space, and parses the XML in it.
func parseXML(field string) (*xmltree.Element, error) {
	text, err := decodeBase64(field)
	if err != nil {
		return nil, errors.New("not base64")
	}
	if len(text) > maxResponse {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	return xmltree.Parse(bytes.TrimLeft(bytes.TrimPrefix(text, byteOrderMark), " \t\r\n"), limits)
}

var (
	byteOrderMark  = []byte("\ufeff") // Microsoft's XML writers put it in front of a document
	plusForSpace   = strings.NewReplacer(" ", "+", "\r", "", "\n", "", "\t", "")
	standardBase64 = strings.NewReplacer("-", "+", "_", "/")
)

// decodeBase64 decodes base64 of either alphabet, with or without padding.
func decodeBase64(text string) ([]byte, error) {
	if strings.ContainsAny(text, "-_") {
		text = standardBase64.Replace(text)
	}
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
}

// withoutSpace removes the white space that may break base64 into lines.
func withoutSpace(text string) string {
	if !strings.ContainsAny(text, " \t\r\n") {
		return text
	}
	return strings.Join(strings.Fields(text), "")
}
