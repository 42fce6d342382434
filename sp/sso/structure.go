package sso

import (
	"errors"
	"fmt"
	"strings"

	"understudy/seed/base/xmltree"
)

// structure checks the shape of a response before any signature is verified, and returns the only assertion. The root is a
// Response with exactly one Assertion as its child. Only these two have signatures, at most one each. Every ID is unique.
//
// The known forms of signature wrapping (XSW 1 to 8 in "On Breaking SAML: Be Whoever You Want to Be", USENIX Security
// 2012) all need a second Response or Assertion, or one in another place.
func structure(root *xmltree.Element) (assertion *xmltree.Element, err error) {
	if !root.Is(samlpNS, "Response") {
		return nil, fmt.Errorf("the top element is %s, not a SAML Response", shortened(root.Local))
	}
	ids, signatures := map[string]bool{}, map[*xmltree.Element]bool{}
	var visit func(*xmltree.Element) error
	visit = func(e *xmltree.Element) error {
		switch {
		case e.Is(samlpNS, "Response") && e != root:
			return errors.New("a second Response inside the first")
		case e.Is(samlNS, "EncryptedAssertion"):
			return errors.New("an encrypted assertion, which this stand-in cannot decrypt")
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
				return errors.New("a signature outside of Response and Assertion")
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
			if err := visit(child.Element); err != nil {
				return err
			}
		}
		return nil
	}
	if err := visit(root); err != nil {
		return nil, err
	}
	if assertion == nil {
		return nil, errors.New("no assertion")
	}
	return assertion, nil
}

// text returns all character data of an element. A comment does not end the text: <NameID>a@x<!-- -->.evil</NameID> means
// a@x.evil, which is what the signature covers. An element with child elements has no text.
func text(e *xmltree.Element) string { return strings.TrimSpace(e.Text()) }
