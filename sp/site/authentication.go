package site

import (
	"strconv"

	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// authentication is Administration > Authentication.
func (r *request) authentication() error {
	a, err := r.org.Authentication(r.ctx())
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
	v := sigma.AuthenticationView{At: r.at(), Method: string(a.Method), SAML: a.Method.SAML(), LoginURL: a.IdPLoginURL,
		SignRequests: a.SignRequests, SessionHours: a.SessionHours, GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor,
		Provisioning: sigma.Provisioning{On: directory.On, Offered: directory.Offered, Reason: directory.Reason,
			BaseURL: r.directoryURL(), Tokens: mapped(directory.Tokens, tokenView)},
		Provider: r.providerValues()}
	for _, c := range a.Certificates {
		v.Certificates = append(v.Certificates, sigma.Certificate{Subject: c.Subject, NotAfter: c.NotAfter, Fingerprint: c.Fingerprint,
			Expired: c.Expired, DaysLeft: c.DaysLeft})
	}
	return r.render("Authentication", sigma.AuthenticationPage(v))
}

// editAuthentication is the form of the page.
func (r *request) editAuthentication() error {
	a, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Edit authentication", sigma.AuthenticationForm(sigma.AuthenticationFormView{
		At: r.at(), Method: string(a.Method), Methods: methodOptions(), LoginURL: a.IdPLoginURL, Certificate: a.IdPCertificate,
		SessionHours: strconv.Itoa(a.SessionHours), GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor,
		SignRequests: a.SignRequests, Provider: r.providerValues()}))
}

// saveAuthentication saves the form, or shows it again with its input.
func (r *request) saveAuthentication() error {
	v := sigma.AuthenticationFormView{
		At: r.at(), Method: r.FormValue("method"), Methods: methodOptions(), LoginURL: r.text("idpLoginURL"),
		Certificate: r.FormValue("idpCertificate"), SessionHours: r.text("sessionHours"), GuestAccess: r.ticked("guestAccess"),
		TwoFactor: r.ticked("twoFactor"), SignRequests: r.ticked("signRequests"), Provider: r.providerValues()}
	hours, _ := strconv.Atoi(v.SessionHours) // 0 for invalid input, which package sp refuses
	err := r.org.SetAuthentication(r.ctx(), r.by(), sp.AuthenticationInput{
		Method: sp.Method(v.Method), IdPLoginURL: v.LoginURL, IdPCertificate: v.Certificate, SessionHours: hours,
		GuestAccess: v.GuestAccess, TwoFactor: v.TwoFactor, SignRequests: v.SignRequests})
	if err != nil {
		return r.formErrors("Edit authentication", err, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.AuthenticationForm(v)
		})
	}
	return r.done("/admin/authentication", "The authentication settings were saved.")
}

func methodOptions() []kit.Option {
	return mapped(sp.Methods(), func(m sp.Method) kit.Option {
		label := string(m)
		if !m.Built() {
			label += " (not available)"
		}
		return kit.Option{Value: string(m), Label: label}
	})
}

// providerValues are the values that the identity provider needs.
func (r *request) providerValues() sigma.ProviderValues {
	return sigma.ProviderValues{EntityID: r.address.URL(sp.EntityIDPath), ACS: r.address.URL(sp.ACSPath),
		RelayState: r.address.URL(sp.FinishLoginPath)}
}

func (r *request) directoryURL() string { return r.address.URL("/scim/v2") }
