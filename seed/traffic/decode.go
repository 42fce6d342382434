package traffic

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/url"
	"strings"

	"understudy/seed/base/problem"
)

// pasted is a message that somebody pasted, taken out of all its wrappings.
type pasted struct {
	XML        string
	Wrapping   []string // what was taken off, from the outside inwards
	RelayState string
}

var (
	errNothing  = problem.InvalidField("message", "Paste a SAML message: its XML, its base64 form, a whole address or a whole form body.")
	errTooLong  = problem.InvalidField("message", "This is longer than 1 MB, which no SAML message is.")
	errUnwrap   = problem.InvalidField("message", "This is neither XML nor base64, nor an address or form with SAMLRequest or SAMLResponse in it.")
	errInflated = problem.InvalidField("message", "What is inside is compressed, and unpacks to more than any SAML message has.")
)

const maxPasted = 1 << 20

// unwrap takes a SAML message out of what people copy: an address with SAMLRequest in its query, the body of a form, the
// value of its field with or without percent-encoding, base64 with line breaks, deflated or not, or the XML itself.
func unwrap(text string) (p pasted, err error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return p, errNothing
	case len(text) > maxPasted:
		return p, errTooLong
	}
	if strings.HasPrefix(text, "<") {
		p.XML = text
		return p, nil
	}
	text = p.field(text)
	if strings.Contains(text, "%") && !strings.Contains(text, "<") {
		if plain, err := url.QueryUnescape(text); err == nil {
			text = plain
			p.Wrapping = append(p.Wrapping, "percent-encoding")
		}
	}
	raw, err := decodeBase64(text)
	if err != nil {
		return p, errUnwrap
	}
	p.Wrapping = append(p.Wrapping, "base64")
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) {
		if raw, err = inflate(raw); err != nil {
			return p, err
		}
		p.Wrapping = append(p.Wrapping, "DEFLATE (HTTP-Redirect binding)")
	}
	p.XML = string(bytes.TrimSpace(raw))
	return p, nil
}

// field finds the message in an address or a form body.
func (p *pasted) field(text string) string {
	if !strings.Contains(text, "SAMLRe") {
		return text
	}
	query := text
	if _, after, found := strings.Cut(text, "?"); found {
		query = after
	}
	query, _, _ = strings.Cut(query, "#")
	values, err := url.ParseQuery(query)
	if err != nil && len(values) == 0 {
		return text
	}
	for _, name := range []string{"SAMLResponse", "SAMLRequest"} {
		if v := values.Get(name); v != "" {
			p.RelayState = values.Get("RelayState")
			p.Wrapping = append(p.Wrapping, "the field "+name)
			return strings.ReplaceAll(v, " ", "+") // a body that was not encoded has lost its plus signs
		}
	}
	return text
}

func decodeBase64(text string) ([]byte, error) {
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	if raw, err := base64.RawStdEncoding.DecodeString(text); err == nil {
		return raw, nil
	}
	return base64.RawURLEncoding.DecodeString(text)
}

func inflate(raw []byte) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), maxMessage+1))
	switch {
	case len(text) > maxMessage:
		return nil, errInflated
	case err != nil || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")):
		return nil, errUnwrap
	}
	return text, nil
}
