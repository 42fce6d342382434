package traffic

import (
	"strings"

	"understudy/seed/base/exchange"
	"understudy/sp"
	"understudy/sp/sso"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// samlCard is the view of a SAML message with the message that it was made from.
type samlCard struct {
	page.SAMLCard
	message samlMessage
}

// Kind is the name of the root element. It is empty if the message could not be read.
func (c samlCard) Kind() string { return c.message.Kind }

// samlCard returns the view of a SAML message. A message that cannot be read is shown with the reason, and is no error.
func (t *Traffic) samlCard(text, relayState string) (c samlCard, err error) {
	c.RelayState = relayState
	c.message, err = readSAML(text)
	if err != nil {
		c.Problem, c.XML = sentence(upperFirst(err.Error())), text
		return c, nil
	}
	c.Sentences, c.XML = c.message.sentences(), c.message.Pretty
	c.Attributes = attributesOf(c.message)
	return c, nil
}

// attributesOf lists the attributes of the assertion. Several values of one attribute are joined by commas.
func attributesOf(m samlMessage) (facts []page.Fact) {
	if m.Assertion == nil {
		return nil
	}
	for _, a := range m.Assertion.Attributes {
		facts = append(facts, page.Fact{Name: a.Name, Value: strings.Join(a.Values, ", ")})
	}
	return facts
}

// checkNow lets Sigma check a pasted message without signing anybody in.
func (t *Traffic) checkNow(v visit, p pasted) ([]page.Check, string, error) {
	checks, err := sso.Validate(v.sigma(), encoded(p.XML), p.RelayState)
	if err != nil {
		return nil, "", err
	}
	return t.checks(v, checks), "If this message were sent to this lab's Sigma now: " + checksLead(checks), nil
}

// checksLead says in one sentence how the checks ended.
func checksLead(checks []exchange.Check) string {
	for _, c := range checks {
		if c.Verdict == exchange.Failed {
			return "Sigma rejects the response because of the check " + c.Name + "."
		}
	}
	return "All checks pass."
}

// checks returns the rows of the table of checks. A failed check has its usual cause.
func (t *Traffic) checks(v visit, checks []exchange.Check) (list []page.Check) {
	for _, c := range checks {
		row := page.Check{Name: c.Name, Expected: c.Expected, Received: c.Received,
			Verdict: kit.Pill{Label: string(c.Verdict), Tone: kit.Neutral}, Fix: v.fixLink(c.Name)}
		switch c.Verdict {
		case exchange.Passed:
			row.Verdict.Tone = kit.Good
		case exchange.Failed:
			row.Verdict.Tone = kit.Bad
			cause, where := sso.Remedy(c.Name)
			row.Cause = strings.TrimSpace(cause + " " + where)
		}
		list = append(list, row)
	}
	return list
}

// fixLink returns the link to the page, or the form field, where a failed check can be fixed. Checks of the app have no link
// while Okta has no SAML app.
func (v visit) fixLink(check string) kit.Link {
	switch check {
	case sso.CheckMethod:
		return kit.Link{Label: "Sigma: Authentication", Href: v.pathIn("sigma", "/admin/authentication/edit#field-method")}
	case sso.CheckSignature, sso.CheckCertificate:
		return kit.Link{Label: "Sigma: Authentication", Href: v.pathIn("sigma", "/admin/authentication/edit#field-idpCertificate")}
	case sso.CheckMember:
		return kit.Link{Label: "Sigma: People", Href: v.pathIn("sigma", "/admin/people")}
	case sso.CheckNotBefore, sso.CheckNotOnOrAfter, sso.CheckConfirmation:
		return kit.Link{Label: "The lab's clock", Href: v.Home() + "#lab-clock"}
	case sso.CheckWellFormed, sso.CheckInResponseTo, sso.CheckOneTimeUse:
		return kit.Link{Label: "Sigma: sign in again", Href: v.pathIn("sigma", sp.LoginPath)}
	case sso.CheckStatus:
		return kit.Link{Label: "Okta: System Log", Href: v.pathIn("okta", "/admin/reports/system-log")}
	}
	app, found, err := v.Lab.SAMLApp(v.Ctx())
	if err != nil || !found { // no link is better than no page
		return kit.Link{}
	}
	switch check {
	case sso.CheckDestination, sso.CheckRecipient:
		return kit.Link{Label: "Okta: General", Href: v.oktaApp(app, "general/edit#field-sigma")}
	case sso.CheckAudience:
		return kit.Link{Label: "Okta: General", Href: v.oktaApp(app, "general/edit#field-audience")}
	case sso.CheckNameID:
		return kit.Link{Label: "Okta: Sign On", Href: v.oktaApp(app, "sign-on/edit#field-userNameFormat")}
	case sso.CheckRelayState:
		return kit.Link{Label: "Okta: Sign On", Href: v.oktaApp(app, "sign-on/edit#field-defaultRelayState")}
	case sso.CheckIssuer, sso.CheckStructure, sso.CheckAssertion:
		return kit.Link{Label: "Okta: Sign On", Href: v.oktaApp(app, "sign-on")}
	}
	return kit.Link{}
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
