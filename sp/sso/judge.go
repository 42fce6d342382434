package sso

import (
	"crypto/x509"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"understudy/sp"
)

// expected is what this organization must find in a response.
type expected struct {
	EntityID string
	ACS      string
	Skew     time.Duration // how far the clocks may differ
	Trusted  *x509.Certificate
}

const timeForm = "2006-01-02 15:04:05 UTC"

// judgeStateless makes the checks that need nothing but the message itself; it gives the signed assertion when there is
// one, whatever else failed.
func judgeStateless(r *report, field string, want expected) (v envelope, a *assertion, responseSigned bool) {
	root, err := parse(field)
	if !r.note(checkWellFormed, "a SAML response in base64", orSaid(err, "a SAML response"), err == nil) {
		return v, nil, false
	}
	v = readEnvelope(root)
	if !r.note(checkStatus, "Success", v.Status, v.Success) {
		return v, nil, false
	}
	element, err := structure(root)
	if !r.note(checkStructure, "one assertion, signatures in their places", orSaid(err, "one assertion"), err == nil) {
		return v, nil, false
	}
	if want.Trusted == nil {
		r.note(checkSignature, "a certificate in Sigma's settings", "none was pasted yet", false)
		return v, nil, false
	}
	responseSigned, err = verify(root, element, want.Trusted)
	if !r.note(checkSignature, "signed with the certificate that was pasted, RSA-SHA256 or better", orSaid(err, signedParts(responseSigned)), err == nil) {
		return v, nil, false
	}
	read := readAssertion(element)
	if !r.note(checkAssertion, "ID, Issuer, Subject, Conditions, AuthnStatement", missingPart(read.Missing), read.Missing == "") {
		return v, nil, false
	}
	return v, &read, responseSigned
}

// judgeAgainst makes the checks that compare a signed assertion with this organization at this moment.
func judgeAgainst(r *report, v envelope, a assertion, responseSigned bool, want expected, state sp.SAMLState, relayState string) {
	now := state.Now
	c := want.Trusted
	r.note(checkCertificate, fmt.Sprintf("%s to %s", c.NotBefore.UTC().Format(timeForm), c.NotAfter.UTC().Format(timeForm)), now.Format(timeForm),
		!now.Before(c.NotBefore) && !now.After(c.NotAfter))
	r.note(checkIssuer, a.Issuer, orSaid(nil, v.Issuer), v.Issuer == "" && !responseSigned || v.Issuer == a.Issuer)
	// The binding demands a Destination where the Response is signed (SAML bindings 3.5.5.2).
	r.note(checkDestination, want.ACS, v.Destination, v.Destination == want.ACS || v.Destination == "" && !responseSigned)
	r.note(checkRecipient, want.ACS, a.Confirmation.Recipient, a.Confirmation.Recipient == want.ACS)
	judgeAudience(r, a, want)
	judgeTimes(r, a, want, now)
	judgeRequest(r, v, a, state)
	r.note(checkOneTime, "an assertion that was not used before", usedOr(state.Replayed), !state.Replayed)
	judgeNameID(r, a)
	if a.Confirmation.InResponseTo == "" {
		r.note(checkRelayState, "a RelayState, because the identity provider began", orSaid(nil, relayState), relayState != "")
	}
	judgeMember(r, a, state)
}

func judgeAudience(r *report, a assertion, want expected) {
	ok := len(a.Audiences) > 0
	var names []string
	for _, restriction := range a.Audiences {
		ok = ok && slices.Contains(restriction, want.EntityID)
		names = append(names, restriction...)
	}
	r.note(checkAudience, want.EntityID, orSaid(nil, strings.Join(names, ", ")), ok)
}

// judgeTimes compares with the lab's clock and lets the other clock differ a little.
func judgeTimes(r *report, a assertion, want expected, now time.Time) {
	begin := a.NotBefore
	if a.IssueInstant.After(begin) {
		begin = a.IssueInstant
	}
	if a.Confirmation.NotBefore.After(begin) {
		begin = a.Confirmation.NotBefore
	}
	latest, earliest := now.Add(want.Skew), now.Add(-want.Skew)
	r.note(checkNotBefore, "not later than "+latest.Format(timeForm), begin.Format(timeForm), !begin.After(latest))
	end := "(none)"
	if !a.NotOnOrAfter.IsZero() {
		end = a.NotOnOrAfter.Format(timeForm)
	}
	r.note(checkNotAfter, "later than "+earliest.Format(timeForm), end, !a.NotOnOrAfter.IsZero() && a.NotOnOrAfter.After(earliest))
	confirm := "(none)"
	if !a.Confirmation.NotOnOrAfter.IsZero() {
		confirm = a.Confirmation.NotOnOrAfter.Format(timeForm)
	}
	r.note(checkConfirm, "later than "+earliest.Format(timeForm), confirm, a.Confirmation.NotOnOrAfter.After(earliest))
}

// judgeRequest ties an answer to its request. An answer without InResponseTo anywhere began at the identity provider.
func judgeRequest(r *report, v envelope, a assertion, state sp.SAMLState) {
	id := a.Confirmation.InResponseTo
	if id != v.InResponseTo {
		r.note(checkInResponse, "the same in Response and Assertion", fmt.Sprintf("%q and %q", v.InResponseTo, id), false)
		return
	}
	if id == "" {
		r.note(checkInResponse, "none, or a request that is under way", "none: the identity provider began", true)
		return
	}
	said := id
	q := state.Request
	switch {
	case q == nil:
		said += " (unknown here)"
	case !q.UsedAt.IsZero():
		said += " (answered already)"
	case !state.Now.Before(q.ExpiresAt):
		said += " (older than half an hour)"
	default:
		r.note(checkInResponse, "a request that is under way", id, true)
		return
	}
	r.note(checkInResponse, "a request that is under way", said, false)
}

func judgeNameID(r *report, a assertion) {
	address, err := mail.ParseAddress(a.NameID)
	format := a.NameIDFormat[strings.LastIndex(a.NameIDFormat, ":")+1:]
	ok := err == nil && address.Address == a.NameID && slices.Contains([]string{"", "emailAddress", "unspecified"}, format)
	said := a.NameID
	if format != "" {
		said += " (format " + format + ")"
	}
	r.note(checkNameID, "an e-mail address (format emailAddress)", said, ok)
}

func judgeMember(r *report, a assertion, state sp.SAMLState) {
	switch m := state.Member; {
	case m == nil:
		named := a.first("firstName") != "" && a.first("lastName") != "" || a.first("fullName") != ""
		said := "new, with a name"
		if !named {
			said = "new, but firstName and lastName (or fullName) are missing in the assertion"
		}
		r.note(checkMember, "an active member, or a new one with a name", said, named)
	case m.Status == sp.MemberInactive:
		r.note(checkMember, "an active member, or a new one with a name", "inactive", false)
	default:
		r.note(checkMember, "an active member, or a new one with a name", m.Status.Label(), true)
	}
}

func orSaid(err error, otherwise string) string {
	if err != nil {
		return err.Error()
	}
	if otherwise == "" {
		return "(none)"
	}
	return otherwise
}

func signedParts(response bool) string {
	if response {
		return "Response signed"
	}
	return "Assertion signed"
}

func missingPart(name string) string {
	if name == "" {
		return "complete"
	}
	return name + " is missing"
}

func usedOr(replayed bool) string {
	if replayed {
		return "used already"
	}
	return "new"
}
