package site

import (
	"strconv"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// setupStart is step 1 of the setup: the guidance.
func (r *request) setupStart() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	return r.render("Getting started", sigma.SetupStart(sigma.SetupView{At: r.at()}))
}

// setupOffered returns an error if provisioning cannot be set up now.
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

// setupUnderstood leads to step 2 if the box is ticked, else it shows step 1 again.
func (r *request) setupUnderstood() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	if !r.ticked("understood") {
		v := sigma.SetupView{At: r.at()}
		return r.formErrors("Getting started", errNotUnderstood, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.SetupStart(v)
		})
	}
	return r.Redirect(303, r.path("/admin/authentication/provisioning/token", "understood", "yes"))
}

// setupToken is step 2: the name of the token.
func (r *request) setupToken() error {
	if err := r.setupOffered(); err != nil {
		return err
	}
	if made := r.QueryParam("made"); made != "" {
		return r.showNewToken(made)
	}
	if r.QueryParam("understood") == "" {
		return r.seeOther("/admin/authentication/provisioning/setup")
	}
	return r.render("Create a token", sigma.SetupToken(sigma.SetupView{At: r.at(), Days: "0"}))
}

// setupDone creates the token, and leads to step 3. A reload of step 3 creates no second token.
func (r *request) setupDone() error {
	v := sigma.SetupView{At: r.at(), Name: r.text("name"), Days: r.text("days"), BaseURL: r.directoryURL()}
	days, err := strconv.Atoi(v.Days)
	if v.Days == "" {
		days, err = 0, nil
	}
	if err != nil {
		days = -1 // package sp refuses it
	}
	in := sp.DirectorySetup{Understood: r.ticked("understood"), Name: v.Name, Days: days}
	token, made, err := r.org.SetUpDirectory(r.ctx(), r.by(), in)
	if err != nil {
		return r.formErrors("Create a token", err, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.SetupToken(v)
		})
	}
	web.SetNewToken(r.Context, token)
	return r.Redirect(303, r.path("/admin/authentication/provisioning/token", "made", made.ID))
}

// showNewToken is step 3, the only page that shows a token. A later request for the page leads to the list of tokens.
func (r *request) showNewToken(id string) error {
	token := web.TakeNewToken(r.Context)
	directory, err := r.org.Directory(r.ctx(), r.by())
	if err != nil {
		return err
	}
	for _, t := range directory.Tokens {
		if t.ID == id && token != "" {
			return r.render("Finish setup", sigma.SetupDone(sigma.SetupView{
				At: r.at(), Name: t.Name, Token: token, BaseURL: r.directoryURL()}))
		}
	}
	return r.done("/admin/authentication", "Sigma shows a token only once. If you did not copy the token, create another one.")
}

// confirmRevoke asks before a token is revoked.
func (r *request) confirmRevoke() error {
	token, err := r.token()
	if err != nil {
		return err
	}
	return r.render("Revoke token", sigma.Confirm(sigma.ConfirmView{
		At: r.at(), Question: "Revoke the token " + token.Name + "?",
		Effects: []string{"The identity provider can no longer push people and teams with this token.",
			"People and teams do not change. They stay read-only in Sigma while provisioning is on."},
		Button: "Revoke", Danger: true, Cancel: "/admin/authentication",
		Action: "/admin/authentication/provisioning/tokens/" + token.ID + "/revoke"}))
}

// revokeToken revokes a token.
func (r *request) revokeToken() error {
	if err := r.org.RevokeDirectoryToken(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/authentication", "The token was revoked.")
}

// token returns the token whose id is in the URL.
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

// confirmDisable asks before provisioning is turned off.
func (r *request) confirmDisable() error {
	return r.render("Disable provisioning", sigma.Confirm(sigma.ConfirmView{
		At: r.at(), Question: "Disable provisioning?",
		Effects: []string{"Sigma no longer gets changes that are made in the identity provider.",
			"You can edit people and teams in Sigma again.", "You can enable provisioning again with the same tokens."},
		Button: "Disable", Danger: true, Action: "/admin/authentication/provisioning/disable", Cancel: "/admin/authentication"}))
}

// disableProvisioning turns SCIM off.
func (r *request) disableProvisioning() error {
	return r.setProvisioning(false, "Provisioning is disabled.")
}

// enableProvisioning turns SCIM on again.
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
