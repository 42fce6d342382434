package sso

import (
	"understudy/seed/base/exchange"
	"understudy/ui/sigma"
)

// Names of the checks, as the error page and the audit log have them, in their order.
const (
	checkMethod      = "Authentication method"
	checkWellFormed  = "Well-formed"
	checkStatus      = "Status"
	checkStructure   = "Structure"
	checkSignature   = "Signature"
	checkCertificate = "Certificate validity"
	checkAssertion   = "Assertion"
	checkIssuer      = "Issuer"
	checkDestination = "Destination"
	checkRecipient   = "Recipient"
	checkAudience    = "Audience"
	checkNotBefore   = "Not before"
	checkNotAfter    = "Not on or after"
	checkConfirm     = "Confirmation time"
	checkInResponse  = "InResponseTo"
	checkOneTime     = "One-time use"
	checkNameID      = "NameID"
	checkRelayState  = "RelayState"
	checkMember      = "Member"
)

// order is every check from first to last.
var order = [...]string{checkMethod, checkWellFormed, checkStatus, checkStructure, checkSignature, checkCertificate, checkAssertion, checkIssuer,
	checkDestination, checkRecipient, checkAudience, checkNotBefore, checkNotAfter, checkConfirm, checkInResponse, checkOneTime, checkNameID,
	checkRelayState, checkMember}

// Mending says for each check what usually causes its failure and where to mend it; empty for no check.
func Mending(check string) (cause, where string) { return mending(check) }

// mending says for each check what usually causes its failure and where to mend it.
func mending(name string) (cause, where string) {
	table := map[string][2]string{
		checkMethod: {"Single sign-on is not switched on in Sigma.", "Sigma: Administration > Authentication > Edit, choose SAML or password, or SAML."},
		checkWellFormed: {"What arrived is not a SAML response: it was cut or altered on its way, or something else was sent here.",
			"Begin again at Sigma's sign-in page. If it stays, look at what the identity provider sends."},
		checkStatus: {"The identity provider did not sign the person on and says so.", "Okta: the app's View Logs has the reason."},
		checkStructure: {"The response holds something else than one assertion with its signatures in their places: it has been tampered with, or uses a feature that is not supported.",
			"Okta: the app's Sign On settings. Assertions must not be encrypted."},
		checkSignature: {"The response was not signed with the certificate that Sigma knows, has been altered, or uses an outdated algorithm.",
			"Copy the X.509 Signing Certificate from the Okta app's Sign On tab again, and paste it in Sigma: Administration > Authentication > Identity provider X509 certificate."},
		checkCertificate: {"The certificate that Sigma knows is not valid at this time.",
			"Okta: make and activate a new certificate on the app's Sign On tab; Sigma: paste it in Administration > Authentication."},
		checkAssertion: {"The assertion lacks a part that sign-on needs.", "The identity provider's app: its kind must be SAML 2.0 web sign-on."},
		checkIssuer:    {"Response and assertion name different identity providers.", "Begin again at Sigma's sign-in page."},
		checkDestination: {"The response is meant for another address.",
			"Okta: the app's General tab, Sigma address; or open both products under the same host name (localhost and 127.0.0.1 are two)."},
		checkRecipient: {"The assertion is meant for another address.",
			"Okta: the app's General tab, Sigma address; or open both products under the same host name (localhost and 127.0.0.1 are two)."},
		checkAudience:  {"The assertion is meant for another service provider.", "Okta: the Audience (entity ID) of the app must be Sigma's, with /2 before metadata.xml."},
		checkNotBefore: {"The clocks of both systems differ, or the response is from the future.", "Compare the clocks; the lab's clock can be set back on the lab page."},
		checkNotAfter:  {"The response is too old: it lay about, or the clocks differ.", "Begin again at Sigma's sign-in page."},
		checkConfirm:   {"The response is too old: it lay about, or the clocks differ.", "Begin again at Sigma's sign-in page."},
		checkInResponse: {"The response answers no sign-in that is under way here: it is a second answer, or too late, or not ours.",
			"Begin again at Sigma's sign-in page."},
		checkOneTime: {"This response has been used already: a reloaded page sends it again, and so does somebody who has copied it.", "Begin again at Sigma's sign-in page."},
		checkNameID: {"NameID does not hold an e-mail address.",
			"Okta: the app's Sign On tab, Application username format must be Okta username or Email, and Name ID format EmailAddress."},
		checkRelayState: {"RelayState missing: set Default Relay State in the IdP. Sign-on that begins at the identity provider must say where to go in Sigma.",
			"Okta: the app's Sign On tab > Settings > Edit > Default Relay State = the account URL with /finish-login appended."},
		checkMember: {"The person cannot be signed in as a member of this organization.",
			"Sigma: Administration > People shows whether they are inactive. A new member needs firstName and lastName among the assertion's attributes."},
	}
	m := table[name]
	return m[0], m[1]
}

// report is the list of checks as it fills up.
type report struct {
	done map[string]sigma.SSOCheck
}

func newReport() *report { return &report{done: map[string]sigma.SSOCheck{}} }

// note enters a check's outcome and gives it back.
func (r *report) note(name, expected, received string, passed bool) bool {
	verdict := sigma.CheckPassed
	if !passed {
		verdict = sigma.CheckFailed
	}
	r.done[name] = sigma.SSOCheck{Name: name, Expected: expected, Received: shortened(received), Verdict: verdict}
	return passed
}

// failed gives the first check that failed; empty when all that were made passed.
func (r *report) failed() string {
	for _, name := range order {
		if c, made := r.done[name]; made && c.Verdict == sigma.CheckFailed {
			return name
		}
	}
	return ""
}

// list gives all checks in order; those that were not reached are marked so.
func (r *report) list() []sigma.SSOCheck {
	list := make([]sigma.SSOCheck, 0, len(order))
	for _, name := range order {
		c, made := r.done[name]
		if !made {
			c = sigma.SSOCheck{Name: name, Verdict: sigma.CheckNotMade}
		}
		list = append(list, c)
	}
	return list
}

// checks gives the list in the form in which it is kept with the message.
func (r *report) checks() []exchange.Check {
	var list []exchange.Check
	for _, c := range r.list() {
		list = append(list, exchange.Check{Name: c.Name, Expected: c.Expected, Received: c.Received, Verdict: exchange.Verdict(c.Verdict)})
	}
	return list
}

// shortened keeps what a stranger sent from filling the page and the log.
func shortened(text string) string {
	if r := []rune(text); len(r) > 300 {
		return string(r[:300]) + " …"
	}
	return text
}
