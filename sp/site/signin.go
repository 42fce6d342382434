package site

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// signInPage is /login: with a password, with SSO, or with both.
func (r *request) signInPage() error {
	if r.viewer.Member.ID != "" {
		return r.Redirect(http.StatusFound, r.address.Path(localNext(r.QueryParam("next"))))
	}
	return r.showSignIn(http.StatusOK, sigma.SignInView{Email: r.QueryParam("login_hint"), Next: r.QueryParam("next"), Notice: web.TakeNotice(r.Context)})
}

// signIn checks email address and password. Package sp refuses if the authentication method does not include passwords.
func (r *request) signIn() error {
	email, next := r.text("email"), r.FormValue("next")
	token, session, err := r.org.SignInWithPassword(r.ctx(), web.Client(r.Context), email, r.FormValue("password"))
	if p := problem.As(err); p != nil && p.Kind != problem.Internal && p.Kind != problem.Unavailable {
		status := http.StatusUnauthorized
		if p.Kind == problem.Forbidden {
			status = http.StatusForbidden
		}
		return r.showSignIn(status, sigma.SignInView{Email: email, Next: next, Errors: sigma.ErrorsOf(err)})
	}
	if err != nil {
		return err
	}
	web.StartSession(r.Context, r.address, token, session)
	return r.seeOther(localNext(next))
}

func (r *request) showSignIn(status int, v sigma.SignInView) error {
	authentication, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	site, err := r.org.Site(r.ctx())
	if err != nil {
		return err
	}
	v.At, v.Lab, v.Window, v.Organization = r.at(), r.address.Lab, r.address.Window, site.Name
	v.Password, v.SSO = authentication.Method.Password(), authentication.Method.SAML()
	v.SSOPath = r.path(sp.SSOStartPath, "next", v.Next)
	r.Response().Header().Set("Cache-Control", "no-store")
	kit.SetPageState(r.Response().Header(), string(authentication.Method))
	return web.Render(r.Context, status, sigma.SignIn(v))
}

// signOut ends the session in Sigma. The session at the identity provider continues, because Sigma has no single logout.
func (r *request) signOut() error {
	if cookie, err := r.Cookie(sp.SessionCookie); err == nil && r.viewer.Member.ID != "" {
		if err := r.org.SignOut(r.ctx(), r.by(), cookie.Value); err != nil {
			return err
		}
	}
	web.ClearSession(r.Context, r.address)
	return r.done(sp.LoginPath, "You are signed out of Sigma.")
}

// localNext returns the path to open after the sign-in: next if it is a path of this half, else Home. This prevents open
// redirects.
func localNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || !address.IsLocalPath(next) || !address.IsLocalPath(u.Path) || strings.HasPrefix(u.Path, sp.LoginPath) {
		return "/"
	}
	return u.RequestURI()
}

// invitation is the page behind the link of an invitation.
func (r *request) invitation() error {
	member, err := r.org.Invitation(r.ctx(), r.Param("token"))
	if err != nil {
		return err
	}
	return r.render("Join "+member.Email, sigma.Invitation(sigma.InvitationView{
		At: r.at(), Token: r.Param("token"), Email: member.Email, FirstName: member.FirstName, LastName: member.LastName}))
}

// acceptInvitation sets names and password.
func (r *request) acceptInvitation() error {
	v := sigma.InvitationView{At: r.at(), Token: r.Param("token"), FirstName: r.text("firstName"), LastName: r.text("lastName")}
	err := r.org.AcceptInvitation(r.ctx(), web.Client(r.Context), v.Token, v.FirstName, v.LastName, r.FormValue("password"))
	if err != nil {
		return r.formErrors("Join", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Invitation(v) })
	}
	return r.done(sp.LoginPath, "Welcome. Sign in with your email address and your new password.")
}
