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

	// A response with two signatures and a few attributes has 8 kB.
	maxResponse = 256 << 10
)

var limits = xmltree.Limits{Depth: 40, Elements: 10_000}

// parse turns the form field SAMLResponse into a tree, or says why not. HTTP-POST carries plain base64 (SAML bindings
// 3.5.4): nothing is ever decompressed.
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

// withoutSpace takes away the white space that base64 may be broken with.
func withoutSpace(text string) string {
	if !strings.ContainsAny(text, " \t\r\n") {
		return text
	}
	return strings.Join(strings.Fields(text), "")
}

// structure judges the shape before any signature is looked at: one Response at the top, one Assertion directly in it,
// signatures only in these two and at most one in each, every ID once. The known forms of signature wrapping (XSW 1 to
// 8) all need a second Response or Assertion, or one in another place.
func structure(root *xmltree.Element) (assertion *xmltree.Element, err error) {
	if !root.Is(samlpNS, "Response") {
		return nil, fmt.Errorf("the top element is %s, not a SAML Response", shortened(root.Local))
	}
	ids, signatures := map[string]bool{}, map[*xmltree.Element]bool{}
	var walk func(*xmltree.Element) error
	walk = func(e *xmltree.Element) error {
		switch {
		case e.Is(samlpNS, "Response") && e != root:
			return errors.New("a second Response inside")
		case e.Is(samlNS, "EncryptedAssertion"):
			return errors.New("an encrypted assertion, which this stand-in does not read")
		case e.Is(samlNS, "Assertion"):
			if assertion != nil {
				return errors.New("two assertions")
			}
			if e.Parent != root {
				return errors.New("an assertion that is not directly in the Response")
			}
			assertion = e
		case e.Is(dsigNS, "Signature"):
			if p := e.Parent; p != root && !p.Is(samlNS, "Assertion") {
				return errors.New("a signature in another place than Response and Assertion")
			} else if signatures[p] {
				return errors.New("two signatures in one element")
			}
			signatures[e.Parent] = true
		}
		for _, a := range e.Attributes {
			if strings.EqualFold(a.Local, "ID") {
				if ids[a.Value] {
					return fmt.Errorf("the ID %q twice", shortened(a.Value))
				}
				ids[a.Value] = true
			}
		}
		for _, child := range e.Children {
			if child.Element == nil {
				continue
			}
			if err := walk(child.Element); err != nil {
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

// text gives all character data of an element. Comments do not cut it short: in <NameID>a@x<!-- -->.evil</NameID> the
// name is a@x.evil, which is what the signature covers. A name with elements inside is none.
func text(e *xmltree.Element) string { return strings.TrimSpace(e.Text()) }
