package traffic

import (
	"bytes"
	"errors"
	"net/url"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/samltext"
)

// pasted is a SAML message taken out of pasted text.
type pasted struct {
	XML        string
	Encodings  []string // the encodings that were removed, outermost first
	RelayState string
}

// The errors for pasted text that contains no readable message.
var (
	errNothing = problem.InvalidField("message", "Paste a SAML message: XML, base64, a complete URL or a complete form body.")
	errTooLong = problem.InvalidField("message", "The text is longer than 1 MB. Paste only the SAML message.")
	errUnwrap  = problem.InvalidField("message",
		"The text contains no SAML message. Paste XML, base64, or a URL or form body with SAMLRequest or SAMLResponse.")
	errInflated = problem.InvalidField("message", "The message is larger than 256 kB after decompression. Paste a smaller message.")
)

const maxPasted = 1 << 20 // bytes

// unwrap takes a SAML message out of text that people copy: a URL with SAMLRequest in its query, the body of a form, the
// value of a form field with or without percent-encoding, base64 with or without line breaks and DEFLATE, or XML (SAML
// Bindings 2.0, sections 3.4 and 3.5).
func unwrap(text string) (p pasted, err error) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "\ufeff")) // a byte order mark
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
			p.Encodings = append(p.Encodings, "percent-encoding")
		}
	}
	xml, compressed, err := samltext.Decode(text, maxMessage, func(xml []byte) bool { return checkXML(string(xml)) == nil })
	switch {
	case errors.Is(err, samltext.ErrOversized):
		return p, errInflated
	case err != nil:
		return p, errUnwrap
	}
	p.Encodings = append(p.Encodings, "base64")
	if compressed {
		p.Encodings = append(p.Encodings, "DEFLATE (HTTP-Redirect binding)")
	}
	p.XML = string(bytes.TrimSpace(xml))
	return p, nil
}

// field returns the message in a URL or a form body. Other text is returned unchanged.
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
			p.Encodings = append(p.Encodings, "the field "+name)
			return v
		}
	}
	return text
}
