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

// expected is what this organization expects of a response.
type expected struct {
	EntityID string
	ACS      string
	Skew     time.Duration // how far the clocks may differ
	Trusted  []*x509.Certificate
}

const timeFormat = "2006-01-02 15:04:05 UTC"

// checkMessage makes the checks that need only the message. It stops at the first check that fails; v.assertion is set
// only if all of them pass.
func (v *validation) checkMessage(field string) {
	r := v.report
	root, err := parse(field)
	if !r.add(CheckWellFormed, "a SAML response in base64", errorOr(err, "a SAML response"), err == nil) {
		return
	}
	v.response = readResponse(root)
	if !r.add(CheckStatus, "Success", v.response.Status, v.response.Success) {
		return
	}
	element, err := structure(root)
	if !r.add(CheckStructure, "one assertion, signatures in their places", errorOr(err, "one assertion"), err == nil) {
		return
	}
	if len(v.want.Trusted) == 0 {
		r.add(CheckSignature, "a certificate in Sigma's settings", "no certificate was pasted yet", false)
		return
	}
	by, err := verify(root, element, v.want.Trusted)
	if !r.add(CheckSignature, "signed with the pasted certificate, RSA-SHA256 or better", errorOr(err, signedParts(by.response)), err == nil) {
		return
	}
	a := readAssertion(element)
	if !r.add(CheckAssertion, "ID, Issuer, Subject, Conditions, AuthnStatement", missingPart(a.Missing), a.Missing == "") {
		return
	}
	v.assertion, v.signers = a, by
}

// checkState makes the checks that compare the assertion with the stored state at one moment. It makes all of them.
func (v validation) checkState(state sp.SAMLState, relayState string) {
	r, a, response, now := v.report, v.assertion, v.response, state.Now
	v.checkCertificates(now)
	r.add(CheckIssuer, a.Issuer, orNone(response.Issuer),
		response.Issuer == "" && !v.signers.response || response.Issuer == a.Issuer)
	// A signed Response must have a Destination (SAML bindings 3.5.5.2).
	r.add(CheckDestination, v.want.ACS, response.Destination,
		response.Destination == v.want.ACS || response.Destination == "" && !v.signers.response)
	r.add(CheckRecipient, v.want.ACS, a.Confirmation.Recipient, a.Confirmation.Recipient == v.want.ACS)
	v.checkAudience()
	v.checkTimes(now)
	v.checkRequest(state)
	used := "new"
	if state.Replayed {
		used = "already used"
	}
	r.add(CheckOneTimeUse, "an assertion that was not used before", used, !state.Replayed)
	v.checkNameID()
	if a.Confirmation.InResponseTo == "" {
		r.add(CheckRelayState, "a RelayState, because the identity provider started the sign-on", orNone(relayState), relayState != "")
	}
	v.checkMember(state.Member)
}

// checkCertificates requires that each certificate that was used is valid now. It reports the first that is not.
func (v validation) checkCertificates(now time.Time) {
	for _, c := range v.signers.certificates {
		if !v.report.add(CheckCertificate, c.NotBefore.UTC().Format(timeFormat)+" to "+c.NotAfter.UTC().Format(timeFormat),
			now.Format(timeFormat), !now.Before(c.NotBefore) && !now.After(c.NotAfter)) {
			return
		}
	}
}

// checkAudience requires that every AudienceRestriction names this service provider (SAML core 2.5.1.4).
func (v validation) checkAudience() {
	ok := len(v.assertion.Audiences) > 0
	var names []string
	for _, restriction := range v.assertion.Audiences {
		ok = ok && slices.Contains(restriction, v.want.EntityID)
		names = append(names, restriction...)
	}
	v.report.add(CheckAudience, v.want.EntityID, orNone(strings.Join(names, ", ")), ok)
}

// checkTimes compares with the lab's clock and allows the skew.
func (v validation) checkTimes(now time.Time) {
	a := v.assertion
	begin := a.NotBefore
	if a.IssueInstant.After(begin) {
		begin = a.IssueInstant
	}
	if a.Confirmation.NotBefore.After(begin) {
		begin = a.Confirmation.NotBefore
	}
	latest, earliest := now.Add(v.want.Skew), now.Add(-v.want.Skew)
	v.report.add(CheckNotBefore, "not later than "+latest.Format(timeFormat), begin.Format(timeFormat), !begin.After(latest))
	for name, end := range map[string]time.Time{CheckNotOnOrAfter: a.NotOnOrAfter, CheckConfirmation: a.Confirmation.NotOnOrAfter} {
		received := "(none)"
		if !end.IsZero() {
			received = end.Format(timeFormat)
		}
		v.report.add(name, "later than "+earliest.Format(timeFormat), received, end.After(earliest))
	}
}

// checkRequest matches a response with its request. A response without InResponseTo was started by the identity provider.
// Response and SubjectConfirmationData must have the same InResponseTo (SAML profiles 4.1.4.3).
func (v validation) checkRequest(state sp.SAMLState) {
	const want = "a request that is in progress"
	id, q := v.assertion.Confirmation.InResponseTo, state.Request
	switch {
	case id != v.response.InResponseTo:
		v.report.add(CheckInResponseTo, "the same in Response and Assertion", fmt.Sprintf("%q and %q", v.response.InResponseTo, id), false)
	case id == "":
		v.report.add(CheckInResponseTo, "none, or "+want, "none: the identity provider started the sign-on", true)
	case q == nil:
		v.report.add(CheckInResponseTo, want, id+" (unknown)", false)
	case !q.UsedAt.IsZero():
		v.report.add(CheckInResponseTo, want, id+" (already answered)", false)
	case !state.Now.Before(q.ExpiresAt):
		v.report.add(CheckInResponseTo, want, id+" (older than half an hour)", false)
	default:
		v.report.add(CheckInResponseTo, want, id, true)
	}
}

func (v validation) checkNameID() {
	a := v.assertion
	address, err := mail.ParseAddress(a.NameID)
	format := a.NameIDFormat[strings.LastIndex(a.NameIDFormat, ":")+1:]
	ok := err == nil && address.Address == a.NameID && slices.Contains([]string{"", "emailAddress", "unspecified"}, format)
	received := a.NameID
	if format != "" {
		received += " (format " + format + ")"
	}
	v.report.add(CheckNameID, "an email address (format emailAddress)", received, ok)
}

// checkMember accepts a member who is not inactive, and a new person with a name. m is nil if there is no such member.
func (v validation) checkMember(m *sp.Member) {
	const want = "an active member, or a new one with a name"
	a := v.assertion
	named := a.first("firstName") != "" && a.first("lastName") != "" || a.first("fullName") != ""
	switch {
	case m == nil && named:
		v.report.add(CheckMember, want, "new, with a name", true)
	case m == nil:
		v.report.add(CheckMember, want, "new, but the assertion lacks firstName and lastName (or fullName)", false)
	case m.Status == sp.MemberInactive:
		v.report.add(CheckMember, want, "inactive", false)
	default:
		v.report.add(CheckMember, want, m.Status.Label(), true)
	}
}

// errorOr returns the error's text, or otherwise if there is no error.
func errorOr(err error, otherwise string) string {
	if err != nil {
		return err.Error()
	}
	return otherwise
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
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
