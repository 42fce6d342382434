package sso

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/address"
	"understudy/seed/problem"
	"understudy/sp"
	"understudy/sp/site"
	"understudy/ui/sigma"
)

// Options are the door's settings.
type Options struct {
	Skew time.Duration // how far the identity provider's clock may differ; three minutes unless told
}

// door answers the addresses of SAML.
type door struct{ skew time.Duration }

// Register adds the addresses of SAML sign-on to the Sigma half.
func Register(e *echo.Echo, options ...Options) {
	d := door{skew: 3 * time.Minute}
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
	org, a := sp.From(ctx), address.From(ctx)
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 2*maxResponse)
	settings, err := org.Authentication(ctx)
	if err != nil {
		return err
	}
	r := newReport()
	if !r.note(checkMethod, "SAML, or SAML or password", string(settings.Method), settings.Method.SAML()) {
		return d.refuse(c, r, envelope{}, assertion{})
	}
	want := expected{EntityID: a.URL(sp.EntityIDPath), ACS: a.URL(sp.ACSPath), Skew: d.skew}
	if settings.IdPCertificate != "" {
		if want.Trusted, err = sp.ParseCertificate(settings.IdPCertificate); err != nil {
			return err
		}
	}
	relayState := strings.TrimSpace(c.Request().PostFormValue("RelayState"))
	v, read, responseSigned := judgeStateless(r, c.Request().PostFormValue("SAMLResponse"), want)
	if read == nil {
		return d.refuse(c, r, v, assertion{})
	}
	state, err := org.SAMLState(ctx, read.Confirmation.InResponseTo, read.ID, read.NameID)
	if err != nil {
		return err
	}
	judgeAgainst(r, v, *read, responseSigned, want, state, relayState)
	if r.failed() != "" {
		return d.refuse(c, r, v, *read)
	}
	return d.signIn(c, r, v, *read, state, relayState)
}

// signIn starts the session in the window where the sign-on began, and leads there.
func (d door) signIn(c echo.Context, r *report, v envelope, read assertion, state sp.SAMLState, relayState string) error {
	ctx := c.Request().Context()
	org, a := sp.From(ctx), address.From(ctx)
	groups, hasGroups := read.Attributes["userGroups"]
	client := site.Client(c)
	if state.Request != nil {
		client.Window = state.Request.Window
	}
	token, session, err := org.FinishSignOn(ctx, client, sp.SignOn{
		InResponseTo: read.Confirmation.InResponseTo, AssertionID: read.ID, Expires: read.expires().Add(d.skew + time.Minute),
		Email: read.NameID, FirstName: read.first("firstName"), LastName: read.first("lastName"), FullName: read.first("fullName"),
		Roles: read.Attributes["userRole"], Groups: groups, HasGroups: hasGroups, SessionLimit: read.sessionLimit(),
	})
	if check := checkOf(err); check != "" {
		r.note(check, "", problem.As(err).Message, false)
		return d.refuse(c, r, v, read)
	}
	if err != nil {
		return err
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
