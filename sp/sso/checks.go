package sso

import (
	"understudy/seed/base/exchange"
)

// Names of the checks. The error page, the audit log, /traffic and faults use these names.
const (
	CheckMethod       = "Authentication method"
	CheckWellFormed   = "Well-formed"
	CheckStatus       = "Status"
	CheckStructure    = "Structure"
	CheckSignature    = "Signature"
	CheckCertificate  = "Certificate validity"
	CheckAssertion    = "Assertion"
	CheckIssuer       = "Issuer"
	CheckDestination  = "Destination"
	CheckRecipient    = "Recipient"
	CheckAudience     = "Audience"
	CheckNotBefore    = "Not before"
	CheckNotOnOrAfter = "Not on or after"
	CheckConfirmation = "Confirmation time"
	CheckInResponseTo = "InResponseTo"
	CheckOneTimeUse   = "One-time use"
	CheckNameID       = "NameID"
	CheckRelayState   = "RelayState"
	CheckMember       = "Member"
)

const (
	startAgain = "Start again at Sigma's sign-in page."
	sameHost   = "Okta: the app's General tab, Sigma address. Or open both products under the same host name: " +
		"localhost and 127.0.0.1 are different."
)

// checkTable is the one list of all checks, in the order in which a response passes through them. cause is the usual
// reason why the check fails, fix is what to do.
var checkTable = []struct{ name, cause, fix string }{
	{CheckMethod,
		"Single sign-on is turned off in Sigma.",
		"Sigma: Administration > Authentication > Edit. Select SAML or password, or SAML."},
	{CheckWellFormed,
		"The message is not a SAML response. It was cut or changed on its way, or another message was sent to this address.",
		startAgain + " If the check fails again, look at the message that the identity provider sends."},
	{CheckStatus,
		"The identity provider did not sign the person in and reports an error.",
		"Okta: the app's View Logs shows the reason."},
	{CheckStructure,
		"The response is not one assertion with its signatures in their places. It was tampered with, or it uses a feature " +
			"that is not supported.",
		"Okta: the app's Sign On settings. Assertions must not be encrypted."},
	{CheckSignature,
		"The response is not signed with the certificate that Sigma stores, it was changed after signing, or its algorithm is " +
			"outdated.",
		"Copy the X.509 Signing Certificate from the Okta app's Sign On tab again. Paste it in Sigma: Administration > " +
			"Authentication > Identity provider X509 certificate."},
	{CheckCertificate,
		"The certificate that Sigma stores is not valid at this time.",
		"Okta: create and activate a new certificate on the app's Sign On tab. Sigma: paste it in Administration > " +
			"Authentication."},
	{CheckAssertion,
		"The assertion lacks a part that sign-on needs.",
		"The identity provider's app: its sign-on method must be SAML 2.0."},
	{CheckIssuer, "The response and the assertion name different identity providers.", startAgain},
	{CheckDestination, "The response is addressed to another URL.", sameHost},
	{CheckRecipient, "The assertion is addressed to another URL.", sameHost},
	{CheckAudience,
		"The assertion is meant for another service provider.",
		"Okta: the Audience (entity ID) of the app must be Sigma's, with /2 before metadata.xml."},
	{CheckNotBefore,
		"The clocks of the two systems differ, or the response has a date in the future.",
		"Compare the clocks. The lab page can set the lab's clock back."},
	{CheckNotOnOrAfter, "The response expired before it was used, or the clocks differ.", startAgain},
	{CheckConfirmation, "The response expired before it was used, or the clocks differ.", startAgain},
	{CheckInResponseTo,
		"The response belongs to no sign-in that is in progress in this browser. The sign-in was already answered, has " +
			"expired, began in another browser, or did not start in Sigma.",
		startAgain},
	{CheckOneTimeUse,
		"This response was already used. A reloaded page sends it again, and so does somebody who copied it.",
		startAgain},
	{CheckNameID,
		"NameID is not an email address.",
		"Okta: the app's Sign On tab. Application username format must be Okta username or Email, and Name ID format " +
			"EmailAddress."},
	{CheckRelayState,
		"RelayState missing: set Default Relay State in the IdP. A sign-on that starts at the identity provider must name a " +
			"page in Sigma.",
		"Okta: the app's Sign On tab > Settings > Edit > Default Relay State = the account URL with /finish-login appended."},
	{CheckMember,
		"The person cannot be signed in as a member of this organization.",
		"Sigma: Administration > People shows whether the person is inactive. A new member needs the attributes firstName " +
			"and lastName in the assertion."},
}

// Remedy returns the usual cause of a failed check and what to do about it. Both are empty for an unknown name.
func Remedy(check string) (cause, fix string) {
	for _, c := range checkTable {
		if c.name == check {
			return c.cause, c.fix
		}
	}
	return "", ""
}

// report collects the results of the checks that were made.
type report struct {
	made map[string]exchange.Check // by name
}

func newReport() *report { return &report{made: map[string]exchange.Check{}} }

// add enters the result of a check and returns passed.
func (r *report) add(name, expected, received string, passed bool) bool {
	verdict := exchange.Passed
	if !passed {
		verdict = exchange.Failed
	}
	r.made[name] = exchange.Check{Name: name, Expected: expected, Received: shortened(received), Verdict: verdict}
	return passed
}

// failed returns the name of the first check that failed; empty if all checks that were made passed.
func (r *report) failed() string {
	for _, c := range checkTable {
		if made, ok := r.made[c.name]; ok && made.Verdict == exchange.Failed {
			return c.name
		}
	}
	return ""
}

// checks returns every check in order. A check that was not made has the verdict NotChecked.
func (r *report) checks() []exchange.Check {
	list := make([]exchange.Check, 0, len(checkTable))
	for _, c := range checkTable {
		check, ok := r.made[c.name]
		if !ok {
			check = exchange.Check{Name: c.name, Verdict: exchange.NotChecked}
		}
		list = append(list, check)
	}
	return list
}

// shortened cuts received text to 300 characters, so that it cannot fill the page or the log.
func shortened(text string) string {
	if r := []rune(text); len(r) > 300 {
		return string(r[:300]) + " …"
	}
	return text
}
