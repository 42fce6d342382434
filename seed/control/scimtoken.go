package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/lab"
	"understudy/sp"
	"understudy/sp/directory"
)

// newSCIMToken creates a bearer token of the lab's SCIM server, by the rule of the page that creates one.
func (c *Control) newSCIMToken(r *request) error {
	in := api.NewSCIMToken{}
	if err := r.read(&in); err != nil {
		return err
	}
	if in.Name == "" {
		in.Name = "Control API"
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	state, err := l.Organization.Directory(r.ctx(), sp.System())
	if err != nil {
		return err
	}
	if !state.Offered {
		return &problem.Error{Kind: problem.Conflict, Code: "SCIM_NOT_OFFERED", Message: state.Reason + c.stepWithToken(r.ctx(), l)}
	}
	admin, err := sigmaAdmin(r.ctx(), l)
	if err != nil {
		return err
	}
	by := sp.Actor{Kind: sp.ByMember, MemberID: admin.ID, Name: admin.Name(), Email: admin.Email,
		Client: sp.Client{IP: r.Request().RemoteAddr, UserAgent: "Understudy control API", RequestURI: r.Request().URL.Path}}
	token, made, err := l.Organization.SetUpDirectory(r.ctx(), by, sp.DirectorySetup{Understood: true, Name: in.Name, Days: in.Days})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, api.SCIMToken{Token: token, Name: made.Name, Owner: admin.Email,
		BaseURL: r.origin() + l.Path(lab.Sigma) + directory.Path})
}

// stepWithToken says to which step a lab can be brought, so that a token can be created.
func (c *Control) stepWithToken(ctx context.Context, l *lab.Lab) string {
	g, err := c.Guide.Of(ctx, l)
	if err != nil {
		return ""
	}
	step, name := g.FirstStepReading("sigma.tokens"), l.Name
	if step == "" {
		return ""
	}
	return fmt.Sprintf(" In the guide that is done before step %s: understudy lab bring %s %s brings the lab there.", step, name, step)
}

// sigmaAdmin returns the Admin on the lab card, or else the first active Admin.
func sigmaAdmin(ctx context.Context, l *lab.Lab) (sp.Member, error) {
	people, err := l.Identities(ctx)
	if err != nil {
		return sp.Member{}, err
	}
	members, err := l.Organization.Members(ctx, sp.System(), sp.MemberQuery{Statuses: []sp.MemberStatus{sp.MemberActive}, Size: 500})
	if err != nil {
		return sp.Member{}, err
	}
	types, err := l.Organization.AccountTypes(ctx, sp.System(), "")
	if err != nil {
		return sp.Member{}, err
	}
	var first sp.Member
	for _, m := range members.Items {
		if !slices.ContainsFunc(types, func(t sp.AccountType) bool { return t.ID == m.AccountTypeID && t.Admin() }) {
			continue
		}
		if first.ID == "" {
			first = m
		}
		for _, i := range people {
			if i.Half == string(lab.Sigma) && i.Username == m.Email {
				return m, nil
			}
		}
	}
	if first.ID == "" {
		return first, problem.New(problem.Conflict, "Sigma has no active Admin to whom a token could belong. Make a member an Admin first.")
	}
	return first, nil
}
