package site

import (
	"net/http"

	"github.com/a-h/templ"

	"understudy/sp/web"
	"understudy/ui/sigma"
)

// adminHome redirects Administration to its first page.
func (r *request) adminHome() error { return r.Redirect(http.StatusFound, r.path("/admin/account")) }

// account is Administration > Account.
func (r *request) account() error {
	site, err := r.org.Site(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Account", sigma.Account(sigma.AccountView{At: r.at(), Name: site.Name, Cloud: site.Cloud, Region: site.Region,
		Created: site.CreatedAt, URL: r.address.Base()}))
}

// editAccount is the form for the organization's name.
func (r *request) editAccount() error {
	site, err := r.org.Site(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Edit account", sigma.AccountForm(sigma.AccountFormView{At: r.at(), Name: site.Name, URL: r.address.Base()}))
}

// saveAccount renames the organization.
func (r *request) saveAccount() error {
	v := sigma.AccountFormView{At: r.at(), Name: r.FormValue("name"), URL: r.address.Base()}
	if err := r.org.RenameSite(r.ctx(), r.by(), v.Name); err != nil {
		return r.formErrors("Edit account", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountForm(v) })
	}
	return r.done("/admin/account", "The organization name was saved.")
}

// unbuiltSections are sections of Administration that Sigma has and the stand-in does not have yet, by path.
var unbuiltSections = map[string]string{
	"connections": "Connections", "usage": "Usage", "user-attributes": "User Attributes", "embeds": "Embeds", "tags": "Tags",
	"scheduled-exports": "Scheduled Exports", "materializations": "Materializations", "api-and-embed-secrets": "APIs & Embed Secrets",
}

// unbuiltSection answers for a section that is not built, and for an unknown path below /admin.
func (r *request) unbuiltSection() error {
	name, ok := unbuiltSections[r.Param("section")]
	if !ok {
		return web.NotBuilt
	}
	return r.respond(http.StatusNotImplemented, web.Frame(r.Context, r.viewer, name), sigma.Unbuilt(name))
}
