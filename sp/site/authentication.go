package site

import (
	"strconv"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// authentication is Administration > Authentication as it is read.
func (r *request) authentication() error {
	authentication, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	directory, err := r.org.Directory(r.ctx(), r.by())
	if err != nil {
		return err
	}
	if len(directory.Tokens) > 0 {
		kit.SetPageState(r.Response().Header(), "tokens")
	}
	return r.render("Authentication", sigma.Authentication(sigma.AuthenticationView{
		At: r.at(), Authentication: authentication, Directory: directory, BaseURL: r.directoryURL(), Provider: r.providerValues()}))
}

// editAuthentication is its form.
func (r *request) editAuthentication() error {
	a, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Edit authentication", sigma.AuthenticationForm(sigma.AuthenticationFormView{
		At: r.at(), Method: a.Method, LoginURL: a.IdPLoginURL, Certificate: a.IdPCertificate, SessionHours: strconv.Itoa(a.SessionHours),
		GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor, SignRequests: a.SignRequests, Provider: r.providerValues()}))
}

// saveAuthentication saves the form, or shows it again with what was typed.
func (r *request) saveAuthentication() error {
	v := sigma.AuthenticationFormView{
		At: r.at(), Method: sp.Method(r.FormValue("method")), LoginURL: r.text("idpLoginURL"), Certificate: r.FormValue("idpCertificate"),
		SessionHours: r.text("sessionHours"), GuestAccess: r.ticked("guestAccess"), TwoFactor: r.ticked("twoFactor"),
		SignRequests: r.ticked("signRequests"), Provider: r.providerValues()}
	hours, _ := strconv.Atoi(v.SessionHours) // 0 for what is no number, which the half refuses at its field
	err := r.org.SetAuthentication(r.ctx(), r.by(), sp.AuthenticationInput{
		Method: v.Method, IdPLoginURL: v.LoginURL, IdPCertificate: v.Certificate, SessionHours: hours,
		GuestAccess: v.GuestAccess, TwoFactor: v.TwoFactor, SignRequests: v.SignRequests})
	if err != nil {
		return r.again("Edit authentication", err, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.AuthenticationForm(v)
		})
	}
	return r.done("/admin/authentication", "The authentication settings were saved.")
}

// providerValues are what the identity provider must be told.
func (r *request) providerValues() sigma.ProviderValues {
	return sigma.ProviderValues{EntityID: r.address.URL(sp.EntityIDPath), ACS: r.address.URL(sp.ACSPath), RelayState: r.address.URL(sp.FinishLoginPath)}
}

func (r *request) directoryURL() string { return r.address.URL("/scim/v2") }

// setupStart is step 1 of the setup dialog of provisioning.
func (r *request) setupStart() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	return r.render("Getting started", sigma.SetupStart(sigma.SetupView{At: r.at()}))
}

// setupOffered sends those away for whom there is nothing to set up.
func (r *request) setupOffered() error {
	directory, err := r.org.Directory(r.ctx(), r.by())
	if err != nil {
		return err
	}
	if !directory.Offered {
		return &web.Refusal{Status: 409, Title: "Provisioning cannot be set up now", Text: directory.Reason}
	}
	return nil
}

// setupUnderstood leads on to step 2 once the box is ticked; without it, step 1 says so.
func (r *request) setupUnderstood() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	if !r.ticked("understood") {
		v := sigma.SetupView{At: r.at()}
		return r.again("Getting started", errNotUnderstood, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.SetupStart(v) })
	}
	return r.Redirect(303, r.path("/admin/authentication/provisioning/token", "understood", "yes"))
}

// setupToken is step 2: the token's name.
func (r *request) setupToken() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	if r.QueryParam("understood") == "" {
		return r.seeOther("/admin/authentication/provisioning/setup")
	}
	return r.render("Create a token", sigma.SetupToken(sigma.SetupView{At: r.at(), Days: "0"}))
}

// setupDone makes the token and is step 3, the only page that ever shows it.
func (r *request) setupDone() error {
	v := sigma.SetupView{At: r.at(), Name: r.text("name"), Days: r.text("days"), BaseURL: r.directoryURL()}
	days, err := strconv.Atoi(v.Days)
	if v.Days == "" {
		days, err = 0, nil
	}
	if err != nil {
		days = -1 // refused at its field
	}
	token, made, err := r.org.SetUpDirectory(r.ctx(), r.by(), sp.DirectorySetup{Understood: r.ticked("understood"), Name: v.Name, Days: days})
	if err != nil {
		return r.again("Create a token", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.SetupToken(v) })
	}
	v.Token, v.Name = token, made.Name
	return r.render("Finish setup", sigma.SetupDone(v))
}

// confirmRevoke asks before a token ends.
func (r *request) confirmRevoke() error {
	token, err := r.token()
	if err != nil {
		return err
	}
	return r.render("Revoke token", sigma.Confirm(sigma.ConfirmView{At: r.at(), Question: "Revoke the token " + token.Name + "?",
		Effects: []string{"The identity provider can no longer push people and teams with it.",
			"People and teams stay as they are, and stay read-only in Sigma while provisioning is on."},
		Button: "Revoke", Danger: true, Action: "/admin/authentication/provisioning/tokens/" + token.ID + "/revoke", Cancel: "/admin/authentication"}))
}

// revokeToken ends a token.
func (r *request) revokeToken() error {
	if err := r.org.RevokeDirectoryToken(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/authentication", "The token was revoked.")
}

// token is the token that the address names.
func (r *request) token() (sp.DirectoryToken, error) {
	directory, err := r.org.Directory(r.ctx(), r.by())
	if err != nil {
		return sp.DirectoryToken{}, err
	}
	for _, t := range directory.Tokens {
		if t.ID == r.Param("id") {
			return t, nil
		}
	}
	return sp.DirectoryToken{}, errNoToken
}

// confirmDisable asks before provisioning is switched off.
func (r *request) confirmDisable() error {
	return r.render("Disable provisioning", sigma.Confirm(sigma.ConfirmView{At: r.at(), Question: "Disable provisioning?",
		Effects: []string{"Changes made in the identity provider no longer arrive in Sigma.",
			"People and teams can be edited in Sigma again.", "It can be enabled again with the same tokens."},
		Button: "Disable", Danger: true, Action: "/admin/authentication/provisioning/disable", Cancel: "/admin/authentication"}))
}

// disableProvisioning switches SCIM off.
func (r *request) disableProvisioning() error {
	return r.setProvisioning(false, "Provisioning is disabled.")
}

// enableProvisioning switches SCIM on again.
func (r *request) enableProvisioning() error {
	return r.setProvisioning(true, "Provisioning is enabled.")
}

func (r *request) setProvisioning(on bool, sentence string) error {
	if err := r.org.SetDirectoryOn(r.ctx(), r.by(), on); err != nil {
		return err
	}
	return r.done("/admin/authentication", sentence)
}

var (
	errNotUnderstood = problem.InvalidField("understood", "Tick the box when you have read the guidance.")
	errNoToken       = problem.New(problem.NotFound, "There is no such token.")
)
