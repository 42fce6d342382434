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
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// Options are the settings of the handlers.
type Options struct {
	Skew time.Duration // how far the identity provider's clock may differ; 0 means three minutes
}

const defaultSkew = 3 * time.Minute

// handlers answers the SAML addresses.
type handlers struct{ skew time.Duration }

// Register adds the SAML routes to the Sigma half.
func Register(e *echo.Echo, options ...Options) {
	h := handlers{skew: defaultSkew}
	for _, o := range options {
		if o.Skew > 0 {
			h.skew = o.Skew
		}
	}
	e.GET(sp.SSOStartPath, withErrors(start))
	e.POST(sp.SSOStartPath, withErrors(start))
	e.GET(sp.ACSPath, withErrors(h.consume))
	e.POST(sp.ACSPath, withErrors(h.consume))
	e.GET(sp.FinishLoginPath, withErrors(finish))
	e.GET(sp.EntityIDPath, withErrors(metadata))
	e.GET(sp.OldMetadataPath, withErrors(metadata))
}

// withErrors turns errors into pages. An old link after single sign-on was turned off gets its own title.
func withErrors(h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := h(c)
		if err == nil {
			return nil
		}
		if p := problem.As(err); p != nil && p.Code == "SAML_OFF" {
			err = &web.Refusal{Status: http.StatusForbidden, Title: "Single sign-on is turned off", Text: p.Message, Err: err}
		}
		return web.HTMLError(c, err)
	}
}

// consume is the assertion consumer service (SAML profiles 4.1.4.3).
func (h handlers) consume(c echo.Context) error {
	ctx := c.Request().Context()
	c.Response().Header().Set("Cache-Control", "no-store")
	relayState := strings.TrimSpace(c.Request().PostFormValue("RelayState"))
	v, err := h.validateMessage(ctx, address.From(ctx), c.Request().PostFormValue("SAMLResponse"))
	if err != nil {
		return err
	}
	defer func() { exchange.SetChecks(ctx, v.report.checks()) }()
	if v.report.failed() != "" {
		return h.refuse(c, v)
	}
	return h.signIn(c, v, relayState)
}

// validation is a response with the results of its checks. assertion is complete only if no check has failed.
type validation struct {
	report    *report
	want      expected
	response  response
	assertion assertion
	signers   signers
}

// validateMessage makes the checks that need only the message and the settings, and stops at the first that fails.
func (h handlers) validateMessage(ctx context.Context, at address.Address, message string) (v validation, err error) {
	v.report = newReport()
	settings, err := sp.From(ctx).Authentication(ctx)
	if err != nil {
		return v, err
	}
	method := settings.Method
	if !v.report.add(CheckMethod, "SAML, or SAML or password", string(method), method.SAML()) {
		return v, nil
	}
	v.want = expected{EntityID: at.URL(sp.EntityIDPath), ACS: at.URL(sp.ACSPath), Skew: h.skew, Trusted: settings.Trusted}
	v.checkMessage(message)
	return v, nil
}

// Validate makes the checks of the assertion consumer service without signing anybody in. It is for previews and for
// messages that somebody pasted. message is base64, as in the form field SAMLResponse.
func Validate(ctx context.Context, message, relayState string) ([]exchange.Check, error) {
	v, err := handlers{skew: defaultSkew}.validateMessage(ctx, address.From(ctx), message)
	if err != nil || v.report.failed() != "" {
		return v.report.checks(), err
	}
	a := v.assertion
	state, err := sp.From(ctx).SAMLState(ctx, a.Confirmation.InResponseTo, a.ID, a.NameID)
	if err != nil {
		return nil, err
	}
	v.checkState(state, relayState)
	return v.report.checks(), nil
}

// signIn makes the checks against stored state and starts the session in the window where the sign-on began.
func (h handlers) signIn(c echo.Context, v validation, relayState string) error {
	ctx := c.Request().Context()
	at, a := address.From(ctx), v.assertion
	again := false
	token, session, state, err := sp.From(ctx).FinishSignOn(ctx, web.Client(c), h.signOn(a), func(state sp.SAMLState) bool {
		v.checkState(state, relayState)
		if v.report.failed() != "" || state.Request == nil || state.Request.BegunIn(browserSecret(c)) {
			return v.report.failed() == ""
		}
		if again = maySubmitAgain(c); !again {
			v.report.add(CheckInResponseTo, "a request that this browser began", state.Request.ID+" (begun in another browser)", false)
		}
		return false
	})
	if err == nil && again {
		return submitAgain(c)
	}
	if check := checkOf(err); check != "" {
		v.report.add(check, "", problem.As(err).Message, false)
	} else if err != nil {
		return err
	}
	if v.report.failed() != "" {
		return h.refuse(c, v)
	}
	next := localPath(at, relayState)
	if state.Request != nil {
		at, next = at.InWindow(state.Request.Window), state.Request.Next
	}
	web.StartSession(c, at, token, session)
	target := at.Path(sp.FinishLoginPath)
	if next != "" && next != "/" {
		target += "?" + url.Values{"next": {next}}.Encode()
	}
	return c.Redirect(http.StatusSeeOther, target)
}

// signOn maps an assertion to what package sp needs. The assertion's ID is remembered for a minute longer than the
// assertion can pass the time checks.
func (h handlers) signOn(a assertion) sp.SignOn {
	groups, hasGroups := a.Attributes["userGroups"]
	return sp.SignOn{
		InResponseTo: a.Confirmation.InResponseTo, AssertionID: a.ID, Expires: a.expires().Add(h.skew + time.Minute),
		Email: a.NameID, FirstName: a.first("firstName"), LastName: a.first("lastName"), FullName: a.first("fullName"),
		Roles: a.Attributes["userRole"], Groups: groups, HasGroups: hasGroups, SessionLimit: a.sessionLimit(),
	}
}

// checkOf returns the check that belongs to an error of [sp.Organization.FinishSignOn]; empty for other errors.
func checkOf(err error) string {
	p := problem.As(err)
	if p == nil {
		return ""
	}
	return map[string]string{"SAML_OFF": CheckMethod, "REQUEST_SPENT": CheckInResponseTo, "REPLAYED": CheckOneTimeUse,
		"MEMBER_INACTIVE": CheckMember, "NAMES_MISSING": CheckMember}[p.Code]
}

// refuse writes the audit entry and shows the list of checks, in the window where the sign-on began.
func (h handlers) refuse(c echo.Context, v validation) error {
	ctx := c.Request().Context()
	org, at := sp.From(ctx), address.From(ctx)
	if state, err := org.SAMLState(ctx, v.response.InResponseTo, "", ""); err == nil && state.Request != nil {
		at = at.InWindow(state.Request.Window)
	}
	name := v.report.failed()
	cause, fix := Remedy(name)
	by := sp.Actor{Kind: sp.ByNobody, Email: v.assertion.NameID, Client: web.Client(c)}
	if err := org.Record(ctx, by, refusedLogin(v.report, name, cause)); err != nil {
		return err
	}
	site, err := org.Site(ctx)
	if err != nil {
		return err
	}
	view := sigma.SSOProblemView{At: sigma.At(at.WindowPrefix()), Lab: at.Lab, Window: at.Window, Organization: site.Name,
		Check: name, Cause: cause, Fix: fix}
	for _, check := range v.report.checks() {
		if check.Verdict == exchange.NotChecked {
			view.NotChecked = append(view.NotChecked, check.Name)
			continue
		}
		view.Checks = append(view.Checks, sigma.SSOCheck{Name: check.Name, Expected: check.Expected, Received: check.Received,
			Verdict: string(check.Verdict), Passed: check.Verdict == exchange.Passed})
	}
	return web.Render(c, http.StatusForbidden, sigma.SSOProblem(view))
}

// refusedLogin is the audit event of a refused response, with the verdict of each check.
func refusedLogin(r *report, name, cause string) sp.Event {
	failed := r.made[name]
	detail := map[string]string{"check": name, "expected": failed.Expected, "received": failed.Received, "via": "saml"}
	for _, check := range r.checks() {
		detail["check: "+check.Name] = string(check.Verdict)
	}
	code := strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(name))
	return sp.Event{Type: sp.AccessSigma, Name: "LOGIN", Failure: true, Reason: "SAML_" + code + ": " + cause, Detail: detail}
}
