package sso

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

const (
	maxMessage  = 32 << 10  // bytes of SAMLRequest as sent; real ones have one or two thousand
	maxInflated = 256 << 10 // bytes after decompression: a small message that unpacks to more is a bomb
)

// authnRequest is what is read of an AuthnRequest (SAML core 3.4.1). The rest is ignored, as Okta does.
type authnRequest struct {
	ID                          string
	AssertionConsumerServiceURL string
	ForceAuthn                  bool
	IsPassive                   bool
	Issuer                      string
}

// The ways in which a request cannot be read.
var (
	errOversized = errors.New("the SAML request is too large")
	errMalformed = errors.New("the SAML request cannot be read")
)

// decodeRequest reads a SAMLRequest of either binding. Deflate is tried first and the plain form next, in both
// (okta-wire 2.4).
func decodeRequest(message string) (*authnRequest, error) {
	if len(message) > maxMessage {
		return nil, errOversized
	}
	raw, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "", " ", "+").Replace(message))
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", errMalformed)
	}
	text, err := inflate(raw)
	if err != nil {
		return nil, err
	}
	return parseRequest(text)
}

// inflaters are used again: a new one is 40 kB of memory.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func inflate(raw []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) {
		return raw, nil
	}
	r := inflaters.Get().(io.ReadCloser) //nolint:forcetypeassert // it gives nothing else
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(raw), nil); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if len(text) > maxInflated {
		return nil, errOversized
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it is neither XML nor compressed XML", errMalformed)
	}
	return text, nil
}

var requestLimits = xmltree.Limits{Depth: 20, Elements: 500}

func parseRequest(text []byte) (*authnRequest, error) {
	root, err := xmltree.Parse(text, requestLimits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if !root.Is(nsProtocol, "AuthnRequest") {
		return nil, fmt.Errorf("%w: it is no AuthnRequest", errMalformed)
	}
	r := &authnRequest{ID: root.Attr("ID"), AssertionConsumerServiceURL: root.Attr("AssertionConsumerServiceURL"),
		Issuer: strings.TrimSpace(root.Only(nsAssertion, "Issuer").Text())}
	if r.ID == "" || len(r.ID) > 256 || root.Attr("Version") != "2.0" {
		return nil, fmt.Errorf("%w: it has no ID or is not of version 2.0", errMalformed)
	}
	if r.ForceAuthn, err = boolean(root, "ForceAuthn"); err != nil {
		return nil, err
	}
	r.IsPassive, err = boolean(root, "IsPassive")
	return r, err
}

// boolean reads an optional xs:boolean (XML Schema 2, section 3.2.2).
func boolean(e *xmltree.Element, attribute string) (bool, error) {
	switch strings.TrimSpace(e.Attr(attribute)) {
	case "true", "1":
		return true, nil
	case "", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%w: %s is neither true nor false", errMalformed, attribute)
}

// deflated gives a request in the form of the Redirect binding, so that one that was posted can be asked for again after
// sign-in.
func deflated(message string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "", " ", "+").Replace(message))
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
