package sso

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/exchange"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/site"
	"understudy/ui/sigma"
)

// Options are the door's settings.
type Options struct {
	Skew time.Duration // how far the identity provider's clock may differ; three minutes unless told
}

const usualSkew = 3 * time.Minute

// door answers the addresses of SAML.
type door struct{ skew time.Duration }

// Register adds the addresses of SAML sign-on to the Sigma half.
func Register(e *echo.Echo, options ...Options) {
	d := door{skew: usualSkew}
	for _, o := range options {
		if o.Skew > 0 {
			d.skew = o.Skew
		}
	}
	e.GET(sp.SSOStartPath, mapped(start))
	e.POST(sp.SSOStartPath, mapped(start))
	e.GET(sp.ACSPath, mapped(d.consume))
	e.POST(sp.ACSPath, mapped(d.consume))
	e.GET(sp.FinishLoginPath, mapped(finish))
	e.GET(sp.EntityIDPath, mapped(metadata))
	e.GET(sp.OldMetadataPath, mapped(metadata))
}

func mapped(h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := h(c)
		if err == nil {
			return nil
		}
		if samlOff(err) {
			err = &site.Refusal{Status: http.StatusForbidden, Title: "Single sign-on is turned off", Text: problem.As(err).Message, Err: err}
		}
		return site.HTMLError(c, err)
	}
}

// consume is the assertion consumer service.
func (d door) consume(c echo.Context) error {
	ctx := c.Request().Context()
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 2*maxResponse)
	relayState := strings.TrimSpace(c.Request().PostFormValue("RelayState"))
	j, err := d.judgeMessage(ctx, c.Request().PostFormValue("SAMLResponse"))
	if err != nil {
		return err
	}
	defer func() { exchange.SetChecks(ctx, j.report.checks()) }()
	if j.report.failed() != "" {
		return d.refuse(c, j.report, j.envelope, j.assertion)
	}
	return d.signIn(c, j, relayState)
}

// judgement is what is known of a response once it has been judged. Without a failed check the assertion is whole.
type judgement struct {
	report         *report
	want           expected
	envelope       envelope
	assertion      assertion
	responseSigned bool
}

// judgeMessage makes the checks that need no more than the message and the settings. When it fails, the others are not
// made.
func (d door) judgeMessage(ctx context.Context, message string) (j judgement, err error) {
	a := address.From(ctx)
	j.report = newReport()
	settings, err := sp.From(ctx).Authentication(ctx)
	if err != nil {
		return j, err
	}
	if !j.report.note(checkMethod, "SAML, or SAML or password", string(settings.Method), settings.Method.SAML()) {
		return j, nil
	}
	j.want = expected{EntityID: a.URL(sp.EntityIDPath), ACS: a.URL(sp.ACSPath), Skew: d.skew, Trusted: settings.Trusted}
	var read *assertion
	if j.envelope, read, j.responseSigned = judgeStateless(j.report, message, j.want); read != nil {
		j.assertion = *read
	}
	return j, nil
}

// judgeAgainst makes the checks that compare the assertion with this organization at one moment.
func (j judgement) judgeAgainst(state sp.SAMLState, relayState string) {
	judgeAgainst(j.report, j.envelope, j.assertion, j.responseSigned, j.want, state, relayState)
}

// Judge makes the checks of the assertion consumer service on a message (base64, as the form field SAMLResponse carries
// it) and signs nobody on: for previews and for messages that somebody pasted.
func Judge(ctx context.Context, message, relayState string) ([]exchange.Check, error) {
	j, err := door{skew: usualSkew}.judgeMessage(ctx, message)
	if err != nil || j.report.failed() != "" {
		return j.report.checks(), err
	}
	state, err := sp.From(ctx).SAMLState(ctx, j.assertion.Confirmation.InResponseTo, j.assertion.ID, j.assertion.NameID)
	if err != nil {
		return nil, err
	}
	j.judgeAgainst(state, relayState)
	return j.report.checks(), nil
}

// signIn makes the rest of the checks, starts the session in the window where the sign-on began, and leads there.
func (d door) signIn(c echo.Context, j judgement, relayState string) error {
	ctx := c.Request().Context()
	org, a, read := sp.From(ctx), address.From(ctx), j.assertion
	groups, hasGroups := read.Attributes["userGroups"]
	token, session, state, err := org.FinishSignOn(ctx, site.Client(c), sp.SignOn{
		InResponseTo: read.Confirmation.InResponseTo, AssertionID: read.ID, Expires: read.expires().Add(d.skew + time.Minute),
		Email: read.NameID, FirstName: read.first("firstName"), LastName: read.first("lastName"), FullName: read.first("fullName"),
		Roles: read.Attributes["userRole"], Groups: groups, HasGroups: hasGroups, SessionLimit: read.sessionLimit(),
	}, func(state sp.SAMLState) bool {
		j.judgeAgainst(state, relayState)
		return j.report.failed() == ""
	})
	if check := checkOf(err); check != "" {
		j.report.note(check, "", problem.As(err).Message, false)
	} else if err != nil {
		return err
	}
	if j.report.failed() != "" {
		return d.refuse(c, j.report, j.envelope, read)
	}
	next := follow(a, relayState)
	if state.Request != nil {
		a, next = a.InWindow(state.Request.Window), state.Request.Next
	}
	site.StartSession(c, a, token, session)
	target := a.Path(sp.FinishLoginPath)
	if next != "" && next != "/" {
		target += "?" + url.Values{"next": {next}}.Encode()
	}
	return c.Redirect(http.StatusSeeOther, target)
}

// expires is when the assertion ends for every purpose; until then its id is remembered.
func (a assertion) expires() time.Time {
	if a.Confirmation.NotOnOrAfter.After(a.NotOnOrAfter) {
		return a.Confirmation.NotOnOrAfter
	}
	return a.NotOnOrAfter
}

// checkOf names the check behind what the half found at the last moment; empty when err is none of these.
func checkOf(err error) string {
	p := problem.As(err)
	if p == nil {
		return ""
	}
	return map[string]string{"SAML_OFF": checkMethod, "REQUEST_SPENT": checkInResponse, "REPLAYED": checkOneTime,
		"MEMBER_INACTIVE": checkMember, "NAMES_MISSING": checkMember}[p.Code]
}

// refuse shows the check list and writes the audit entry. The person gets the page in the window where they began.
func (d door) refuse(c echo.Context, r *report, v envelope, read assertion) error {
	ctx := c.Request().Context()
	org, a := sp.From(ctx), address.From(ctx)
	if state, err := org.SAMLState(ctx, v.InResponseTo, "", ""); err == nil && state.Request != nil {
		a = a.InWindow(state.Request.Window)
	}
	name := r.failed()
	failed := r.done[name]
	cause, where := mending(name)
	detail := map[string]string{"check": name, "expected": failed.Expected, "received": failed.Received, "via": "saml"}
	for _, check := range r.list() {
		detail["check: "+check.Name] = string(check.Verdict)
	}
	err := org.Record(ctx, sp.Actor{Kind: sp.ByNobody, Email: read.NameID, Client: site.Client(c)},
		sp.Event{Type: sp.AccessSigma, Name: "LOGIN", Failure: true, Reason: "SAML_" + strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(name)) + ": " + cause, Detail: detail})
	if err != nil {
		return err
	}
	organization, err := org.Site(ctx)
	if err != nil {
		return err
	}
	return site.Render(c, http.StatusForbidden, sigma.SSOProblem(sigma.SSOProblemView{
		At: sigma.At(a.WindowPrefix()), Lab: a.Lab, Window: a.Window, Organization: organization.Name,
		Check: name, Cause: cause, Where: where, Checks: r.list(),
	}))
}
