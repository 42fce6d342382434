package sso

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/beevik/etree"
	xrv "github.com/mattermost/xml-roundtrip-validator"
)

const (
	samlpNS = "urn:oasis:names:tc:SAML:2.0:protocol"
	samlNS  = "urn:oasis:names:tc:SAML:2.0:assertion"
	dsigNS  = "http://www.w3.org/2000/09/xmldsig#"

	// A response with two signatures and a few attributes has 8 kB.
	maxResponse = 256 << 10
	maxDepth    = 40
	maxTokens   = 20_000
)

// parse turns the form field SAMLResponse into a tree, or says why not. HTTP-POST carries plain base64 (SAML bindings
// 3.5.4): nothing is ever decompressed.
func parse(field string) (*etree.Element, error) {
	if field == "" {
		return nil, errors.New("no SAMLResponse")
	}
	if len(field) > maxResponse*3/2 {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(field), ""))
	if err != nil {
		return nil, errors.New("not base64")
	}
	if len(text) > maxResponse {
		return nil, fmt.Errorf("more than %d kB", maxResponse>>10)
	}
	if err := scan(text); err != nil {
		return nil, err
	}
	// Parsers that read the same bytes differently are how signatures are got round (CVE-2020-27846).
	if err := xrv.Validate(bytes.NewReader(text)); err != nil {
		return nil, errors.New("XML that does not survive being written and read again")
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil || doc.Root() == nil {
		return nil, errors.New("not XML")
	}
	return doc.Root(), nil
}

// scan refuses what SAML never needs: document types with their entities, processing instructions, huge nesting.
func scan(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	depth := 0
	for n := 0; ; n++ {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("not XML")
		}
		if n > maxTokens {
			return errors.New("too many elements")
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("a document type declaration, which could define entities")
		case xml.ProcInst:
			if t.Target != "xml" {
				return errors.New("a processing instruction")
			}
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errors.New("too deep nesting")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// structure judges the shape before any signature is looked at: one Response at the top, one Assertion directly in it,
// signatures only in these two and at most one in each, every ID once. The known forms of signature wrapping (XSW 1 to
// 8) all need a second Response or Assertion, or one in another place.
func structure(root *etree.Element) (assertion *etree.Element, err error) {
	if !is(root, samlpNS, "Response") {
		return nil, fmt.Errorf("the top element is %s, not a SAML Response", root.Tag)
	}
	ids, signatures := map[string]bool{}, map[*etree.Element]bool{}
	var walk func(*etree.Element) error
	walk = func(e *etree.Element) error {
		switch {
		case is(e, samlpNS, "Response") && e != root:
			return errors.New("a second Response inside")
		case is(e, samlNS, "EncryptedAssertion"):
			return errors.New("an encrypted assertion, which this stand-in does not read")
		case is(e, samlNS, "Assertion"):
			if assertion != nil {
				return errors.New("two assertions")
			}
			if e.Parent() != root {
				return errors.New("an assertion that is not directly in the Response")
			}
			assertion = e
		case is(e, dsigNS, "Signature"):
			if p := e.Parent(); p != root && !is(p, samlNS, "Assertion") {
				return errors.New("a signature in another place than Response and Assertion")
			} else if signatures[p] {
				return errors.New("two signatures in one element")
			}
			signatures[e.Parent()] = true
		}
		for _, a := range e.Attr {
			if strings.EqualFold(a.Key, "ID") && a.Space != "xmlns" {
				if ids[a.Value] {
					return fmt.Errorf("the ID %q twice", shortened(a.Value))
				}
				ids[a.Value] = true
			}
		}
		for _, child := range e.ChildElements() {
			if err := walk(child); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root); err != nil {
		return nil, err
	}
	if assertion == nil {
		return nil, errors.New("no assertion")
	}
	return assertion, nil
}

func is(e *etree.Element, namespace, tag string) bool {
	return e != nil && e.Tag == tag && e.NamespaceURI() == namespace
}

// children gives the direct children of a name.
func children(e *etree.Element, namespace, tag string) []*etree.Element {
	var list []*etree.Element
	for _, c := range e.ChildElements() {
		if is(c, namespace, tag) {
			list = append(list, c)
		}
	}
	return list
}

// only gives the one direct child of a name; nil when there is none or more than one.
func only(e *etree.Element, namespace, tag string) *etree.Element {
	if e == nil {
		return nil
	}
	if list := children(e, namespace, tag); len(list) == 1 {
		return list[0]
	}
	return nil
}

// text gives all character data of an element. Comments do not cut it short: in <NameID>a@x<!-- -->.evil</NameID> the
// name is a@x.evil, which is what the signature covers.
func text(e *etree.Element) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range e.Child {
		switch c := c.(type) {
		case *etree.CharData:
			b.WriteString(c.Data)
		case *etree.Element:
			return "" // a name with elements inside is none
		}
	}
	return strings.TrimSpace(b.String())
}
