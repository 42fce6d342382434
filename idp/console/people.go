package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// peoplePath is Directory > People.
const peoplePath = "/admin/users"

// people lists the people of the org, filtered by status and search text.
func (r *request) people() error {
	query := idp.UserQuery{Text: strings.TrimSpace(r.QueryParam("q")), Status: idp.UserStatus(r.QueryParam("status")),
		Page: r.page()}
	found, err := r.org.Users(r.ctx(), query)
	if err != nil {
		return err
	}
	counts, err := r.org.UserCounts(r.ctx())
	if err != nil {
		return err
	}
	view := okta.PeoplePage{
		AddPath:    r.path(peoplePath + "/new"),
		ResetPath:  r.path(peoplePath + "/reset-passwords"),
		ImportPath: r.path(peoplePath + "/import-csv"),
		SearchPath: r.path(peoplePath),
		Status:     string(query.Status),
		Query:      query.Text,
		Filters:    r.statusFilters(counts, query),
		Page:       paging(r, found, peoplePath, "q", query.Text, "status", string(query.Status)),
	}
	for _, user := range found.Items {
		view.Rows = append(view.Rows, r.personRow(user))
	}
	return r.render("People", okta.People(view))
}

// statusFilters returns the filter on the left: Everyone, then each status under its heading, with the number of people.
func (r *request) statusFilters(counts map[idp.UserStatus]int, query idp.UserQuery) []okta.StatusFilter {
	all := 0
	for _, n := range counts {
		all += n
	}
	filters := []okta.StatusFilter{{Name: "Everyone", Count: all, Current: query.Status == "",
		Path: r.path(peoplePath, "q", query.Text)}}
	group := ""
	for _, status := range idp.UserStatuses {
		filter := okta.StatusFilter{Name: status.Label(), Count: counts[status], Current: query.Status == status,
			Path: r.path(peoplePath, "status", string(status), "q", query.Text)}
		if g := status.Group(); g != group {
			group, filter.Group = g, g
		}
		filters = append(filters, filter)
	}
	return filters
}

func (r *request) personRow(user idp.User) okta.PersonRow {
	return okta.PersonRow{Name: user.Name(), Username: user.Login(), Email: user.Email(),
		Status: user.Status.Label(), Tone: tone(user.Status), Path: r.path(personPath(user.ID))}
}

// tone returns the colour of a status: "good" when the person can sign in, "bad" when they cannot, and "warning" when
// somebody must act first.
func tone(status idp.UserStatus) string {
	switch status {
	case idp.Active:
		return "good"
	case idp.Deprovisioned, idp.Suspended, idp.LockedOut:
		return "bad"
	}
	return "warning"
}

// addPersonForm is the form of Add person.
type addPersonForm struct {
	UserType       string   `form:"userType"`
	FirstName      string   `form:"firstName"`
	LastName       string   `form:"lastName"`
	Login          string   `form:"login"`
	Email          string   `form:"email"`
	SecondaryEmail string   `form:"secondEmail"`
	Groups         []string `form:"groups"`
	Activation     string   `form:"activation"` // "now" or "later"
	SetPassword    bool     `form:"setPassword"`
	Password       string   `form:"password"`
	MustChange     bool     `form:"mustChange"`
	SendEmail      bool     `form:"sendEmail"`
	Another        bool     `form:"another"` // Save and Add Another
}

// newUser converts the form. It ignores checkboxes that do not apply, because a browser without scripts shows all of them.
func (f addPersonForm) newUser(baseURL string) idp.NewUser {
	user := idp.NewUser{
		Profile: idp.Profile{
			"firstName": strings.TrimSpace(f.FirstName), "lastName": strings.TrimSpace(f.LastName),
			"login": strings.TrimSpace(f.Login), "email": strings.TrimSpace(f.Email),
			"secondEmail": strings.TrimSpace(f.SecondaryEmail),
		},
		GroupIDs: f.Groups,
		Activate: f.Activation != "later",
	}
	switch {
	case f.SetPassword:
		user.Password, user.ChangePassword = f.Password, f.MustChange
	case user.Activate && f.SendEmail:
		user.EmailBase = baseURL
	}
	return user
}

// check refuses an empty password with "I will set password". For the org, no password means that the person chooses it.
func (f addPersonForm) check() error {
	var c problem.Check
	c.Require(!f.SetPassword || f.Password != "", "password", "Please enter a password")
	return c.Err()
}

// newPerson shows the form of Add person with its default values.
func (r *request) newPerson() error {
	view, err := r.addPersonView(addPersonForm{Activation: "now", MustChange: true, SendEmail: true})
	if err != nil {
		return err
	}
	return r.render("Add person", okta.AddPerson(view))
}

// addPerson creates the person.
func (r *request) addPerson() error {
	var form addPersonForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	err := form.check()
	if err == nil {
		_, err = r.org.CreateUser(r.ctx(), r.actor(), form.newUser(r.address.MailBase()))
	}
	if isFormError(err) {
		view, viewErr := r.addPersonView(form)
		if viewErr != nil {
			return viewErr
		}
		view.Errors = okta.ErrorsOf(err)
		return r.invalid("Add person", view.Errors, okta.AddPerson(view))
	}
	if err != nil {
		return err
	}
	name := strings.TrimSpace(form.FirstName) + " " + strings.TrimSpace(form.LastName)
	if form.Another {
		return r.done(peoplePath+"/new", name+" was added.")
	}
	return r.done(peoplePath, name+" was added.")
}

// addPersonView returns the form of Add person. It lists at most 500 groups, and never contains the typed password.
func (r *request) addPersonView(form addPersonForm) (okta.AddPersonForm, error) {
	policy, err := r.org.PasswordPolicy(r.ctx())
	if err != nil {
		return okta.AddPersonForm{}, err
	}
	groups, err := r.org.Groups(r.ctx(), idp.GroupQuery{Type: idp.OktaGroup, Size: 500})
	if err != nil {
		return okta.AddPersonForm{}, err
	}
	view := okta.AddPersonForm{
		Action: r.path(peoplePath + "/new"), Cancel: r.path(peoplePath),
		UserTypes: []okta.Option{{Value: "user", Label: "User", Selected: true}},
		FirstName: form.FirstName, LastName: form.LastName, Username: form.Login,
		Email: form.Email, SecondaryEmail: form.SecondaryEmail,
		ActivateLater: form.Activation == "later",
		SetPassword:   form.SetPassword, MustChange: form.MustChange, SendEmail: form.SendEmail,
		Requirements: policy.Requirements(),
	}
	view.GroupsTruncated = groups.Total > len(groups.Items)
	chosen := map[string]bool{}
	for _, id := range form.Groups {
		chosen[id] = true
	}
	for _, group := range groups.Items {
		view.Groups = append(view.Groups, okta.Option{Value: group.ID, Label: group.Name, Hint: group.Description,
			Selected: chosen[group.ID]})
	}
	return view, nil
}
