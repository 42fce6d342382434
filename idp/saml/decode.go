package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"

	"understudy/seed/base/samltext"
	"understudy/seed/base/xmltree"
)

// MaxRequest limits the SAMLRequest and SAMLResponse parameters, in bytes of base64. Real requests have one or two thousand.
const MaxRequest = 32 << 10

// maxInflated limits a message after decompression, in bytes. It stops decompression bombs.
const maxInflated = 256 << 10

// The errors of [Decode], [DecodeRequest] and [Deflate].
var (
	ErrOversized = errors.New("the SAML request is too large")
	ErrMalformed = errors.New("the SAML request cannot be read")
)

// messageLimits bounds the XML that the parser accepts: nesting depth and number of elements.
var messageLimits = xmltree.Limits{Depth: 20, Elements: 500}

// Decode returns the XML of a SAMLRequest or SAMLResponse parameter of the HTTP-Redirect or the HTTP-POST binding, as text
// and as a tree. As Okta does, it accepts compressed and plain XML in both bindings; see [samltext.Decode]. Errors are
// [ErrOversized] or [ErrMalformed].
func Decode(message string) (text []byte, root *xmltree.Element, err error) {
	if len(message) > MaxRequest {
		return nil, nil, ErrOversized
	}
	var parseErr error
	text, _, err = samltext.Decode(message, maxInflated, func(xml []byte) bool {
		root, parseErr = xmltree.Parse(xml, messageLimits)
		return parseErr == nil
	})
	switch {
	case errors.Is(err, samltext.ErrOversized):
		return nil, nil, ErrOversized
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	case root == nil && parseErr == nil: // nobody asked, because the message has no space
		root, parseErr = xmltree.Parse(text, messageLimits)
	}
	if parseErr != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrMalformed, parseErr)
	}
	return text, root, nil
}

// Deflate re-encodes a message of the HTTP-POST binding for the HTTP-Redirect binding (SAML bindings 3.4.4.1): compressed,
// then base64.
func Deflate(message string) (string, error) {
	text, _, err := Decode(message)
	if err != nil {
		return "", err
	}
	return deflated(text)
}

// deflated encodes XML for the HTTP-Redirect binding, without the escapes of a query.
func deflated(text []byte) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(text); err != nil {
		return "", err
	}
	err = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes()), err
}
