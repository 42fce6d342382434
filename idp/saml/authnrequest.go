package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"understudy/seed/base/xmltree"
)

// MaxRequest limits the SAMLRequest parameter, in bytes of base64. Real requests have one or two thousand.
const MaxRequest = 32 << 10

// maxInflated limits a request after decompression, in bytes. It stops decompression bombs.
const maxInflated = 256 << 10

// AuthnRequest holds the fields of an AuthnRequest that the IdP uses (SAML core 3.4.1). It ignores the rest, as Okta does.
type AuthnRequest struct {
	ID                          string
	AssertionConsumerServiceURL string
	ForceAuthn                  bool
	IsPassive                   bool
	Issuer                      string
}

// The errors of [DecodeRequest] and [Deflate].
var (
	ErrOversized = errors.New("the SAML request is too large")
	ErrMalformed = errors.New("the SAML request cannot be read")
)

// DecodeRequest reads a SAMLRequest parameter of the HTTP-Redirect or the HTTP-POST binding. As Okta does, it accepts
// compressed and plain XML in both bindings. Errors are [ErrOversized] or [ErrMalformed].
func DecodeRequest(message string) (*AuthnRequest, error) {
	if len(message) > MaxRequest {
		return nil, ErrOversized
	}
	raw, err := decodeBase64(message)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", ErrMalformed)
	}
	text, err := inflate(raw)
	if err != nil {
		return nil, err
	}
	return parseRequest(text)
}

// decodeBase64 ignores line breaks, and accepts a space for a "+" that the sender did not escape in a query.
func decodeBase64(message string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "", " ", "+").Replace(message))
}

// inflaters are reused, because a new one takes 40 kB of memory.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate decompresses a message, unless it is plain XML already.
func inflate(raw []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) {
		return raw, nil
	}
	r := inflaters.Get().(io.ReadCloser) //nolint:forcetypeassert // the pool holds nothing else
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(raw), nil); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if len(text) > maxInflated {
		return nil, ErrOversized
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it is neither XML nor compressed XML", ErrMalformed)
	}
	return text, nil
}

// requestLimits bounds the XML that the parser accepts: nesting depth and number of elements.
var requestLimits = xmltree.Limits{Depth: 20, Elements: 500}

// parseRequest reads the XML. It accepts only version 2.0, and an ID of at most 256 bytes, because the ID is stored.
func parseRequest(text []byte) (*AuthnRequest, error) {
	root, err := xmltree.Parse(text, requestLimits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if !root.Is(nsProtocol, "AuthnRequest") {
		return nil, fmt.Errorf("%w: it is not an AuthnRequest", ErrMalformed)
	}
	r := &AuthnRequest{ID: root.Attr("ID"), AssertionConsumerServiceURL: root.Attr("AssertionConsumerServiceURL"),
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

// Deflate re-encodes a SAMLRequest parameter of the HTTP-POST binding for the HTTP-Redirect binding (SAML bindings
// 3.4.4.1): compressed, then base64.
func Deflate(message string) (string, error) {
	raw, err := decodeBase64(message)
	if err != nil {
		return "", err
	}
	text, err := inflate(raw)
	if err != nil {
		return "", err
	}
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
