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
	"unicode"

	"understudy/seed/base/xmltree"
)

// MaxRequest limits the SAMLRequest and SAMLResponse parameters, in bytes of base64. Real requests have about 2,000.
const MaxRequest = 32 << 10

// maxInflated limits a message after decompression, in bytes. It stops decompression bombs.
const maxInflated = 256 << 10

// The errors of [Decode], [DecodeRequest] and [Deflate].
var (
	ErrOversized = errors.New("the SAML request is too large")
	ErrMalformed = errors.New("the SAML request cannot be read")
)

// Decode returns the XML of a SAMLRequest or SAMLResponse parameter of the HTTP-Redirect or the HTTP-POST binding, as text
// and as a tree. It is the only decoder of the Okta half. As Okta does, it accepts compressed and plain XML in both
// bindings. White space in base64 (RFC 2045 section 6.8) and a byte order mark before the XML are ignored. Padding is
// optional, and both alphabets of base64 are accepted. Errors are [ErrOversized] or [ErrMalformed].
func Decode(message string) (text []byte, root *xmltree.Element, err error) {
	if len(message) > MaxRequest {
		return nil, nil, ErrOversized
	}
	text, root, err = decodeXML(strings.Join(strings.FieldsFunc(message, unicode.IsSpace), ""))
	if err != nil && strings.Contains(message, " ") && !errors.Is(err, ErrOversized) {
		// A sender did not escape "+" in the query, so it arrived as a space.
		if text, root, other := decodeXML(plusForSpace.Replace(message)); other == nil {
			return text, root, nil
		}
	}
	return text, root, err
}

var plusForSpace = strings.NewReplacer(" ", "+", "\r", "", "\n", "", "\t", "")

// messageLimits bounds the XML that the parser accepts: nesting depth and number of elements.
var messageLimits = xmltree.Limits{Depth: 20, Elements: 500}

func decodeXML(message string) (text []byte, root *xmltree.Element, err error) {
	if text, err = decodeBase64(message); err != nil {
		return nil, nil, err
	}
	if root, err = xmltree.Parse(text, messageLimits); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return text, root, nil
}

// decodeBase64 decodes base64 without white space, then decompresses.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", ErrMalformed)
	}
	return inflate(raw)
}

// byteOrderMark is U+FEFF in UTF-8. Microsoft's XML writers put it in front of a document.
var byteOrderMark = []byte("\ufeff")

// inflaters are reused, because a new one takes 40 kB of memory.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate decompresses a message, unless it is plain XML already, and removes the byte order mark and white space before the XML.
func inflate(raw []byte) ([]byte, error) {
	if text, ok := plainXML(raw); ok {
		return text, nil
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
	if text, ok := plainXML(text); ok && err == nil {
		return text, nil
	}
	return nil, fmt.Errorf("%w: it is neither XML nor compressed XML", ErrMalformed)
}

// plainXML returns the XML without a byte order mark and white space before it; ok is false for anything else.
func plainXML(raw []byte) (text []byte, ok bool) {
	text = bytes.TrimLeft(bytes.TrimPrefix(raw, byteOrderMark), " \t\r\n")
	return text, bytes.HasPrefix(text, []byte("<"))
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
