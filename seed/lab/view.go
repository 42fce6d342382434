package lab

import (
	"context"
	"time"

	"understudy/idp"
	"understudy/sp"
)

// View is the state of a lab for the checks of a script: both halves in the shapes of the products' APIs (Okta Management API v1,
// Sigma REST API v2) and the messages between them. It contains no secret.
type View struct {
	Okta    OktaView       `json:"okta"`
	Sigma   SigmaView      `json:"sigma"`
	Traffic []ExchangeView `json:"traffic"` // oldest first
	Faults  []FaultView    `json:"faults"`  // those that were started, oldest first

	Copied []string `json:"copied"` // labels of the fields that somebody copied from
	Pasted []string `json:"pasted"` // labels of the fields that a copied value was pasted into
}

// OktaView is the Okta half.
type OktaView struct {
	Visited []string       `json:"visited"` // paths within the half of the pages that somebody opened
	Users   []UserView     `json:"users"`
	Groups  []GroupView    `json:"groups"`
	Apps    []AppView      `json:"apps"`
	Logs    []idp.LogEvent `json:"logs"` // newest first
}

// UserView is a user object of the Okta API.
type UserView struct {
	ID      string         `json:"id"`
	Status  idp.UserStatus `json:"status"`
	Profile idp.Profile    `json:"profile"`
	New     bool           `json:"isNew"` // was created in the lab, not by the scenario
}

// GroupView is a group object of the Okta API, with the logins of its people and the labels of its applications.
type GroupView struct {
	ID      string        `json:"id"`
	Type    idp.GroupType `json:"type"`
	Profile GroupProfile  `json:"profile"`
	Members []string      `json:"members"`
	Apps    []string      `json:"apps"`
	New     bool          `json:"isNew"`
}

// GroupProfile is a group's profile.
type GroupProfile struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// AppView is an application object of the Okta API, with its assignments and pushed groups.
type AppView struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Label      string         `json:"label"`
	Status     idp.AppStatus  `json:"status"`
	SignOnMode idp.SignOnMode `json:"signOnMode"`
	Features   []string       `json:"features"` // PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, PUSH_USER_DEACTIVATION, IMPORT_NEW_USERS, GROUP_PUSH
	RelayState string         `json:"defaultRelayState"`
	UserTypes  []string       `json:"userTypes"` // values of the attribute userType
	Users      []AppUserView  `json:"users"`
	Groups     []AppGroupView `json:"groups"` // highest priority first
	Pushes     []PushView     `json:"pushes"`
}

// AppUserView is an application user object of the Okta API.
type AppUserView struct {
	Login     string            `json:"login"`
	Scope     idp.Scope         `json:"scope"`
	SyncState string            `json:"syncState"`
	Waiting   bool              `json:"waiting"` // for Provision User
	Profile   map[string]string `json:"profile"`
}

// AppGroupView is an application group assignment of the Okta API.
type AppGroupView struct {
	Name     string            `json:"name"`
	Priority int               `json:"priority"`
	Profile  map[string]string `json:"profile"`
}

// PushView is a group push mapping of the Okta API.
type PushView struct {
	Name   string `json:"name"`
	Status string `json:"status"` // as the page shows it: Pushing, Active, Inactive, Error
	Error  string `json:"error"`
}

// SigmaView is the Sigma half.
type SigmaView struct {
	Visited        []string           `json:"visited"`
	Authentication AuthenticationView `json:"authentication"`
	Tokens         []TokenView        `json:"tokens"`
	Members        []MemberView       `json:"members"`
	Teams          []TeamView         `json:"teams"`
	AccountTypes   []AccountTypeView  `json:"accountTypes"`
	Audit          []AuditView        `json:"audit"` // newest first
}

// AuthenticationView is Administration > Authentication.
type AuthenticationView struct {
	Method      string `json:"method"`
	LoginURL    string `json:"loginURL"`
	Certificate string `json:"certificate"` // SHA-256 fingerprint of the first
	Directory   bool   `json:"directory"`   // SCIM is on
}

// TokenView is a directory token, without the token.
type TokenView struct {
	Name  string `json:"name"`
	Owner string `json:"owner"`
	Works bool   `json:"works"`
}

// MemberView is a member object of the Sigma API.
type MemberView struct {
	ID          string   `json:"memberId"`
	Email       string   `json:"email"`
	FirstName   string   `json:"firstName"`
	LastName    string   `json:"lastName"`
	AccountType string   `json:"memberType"`
	Wanted      string   `json:"wantedType"` // requested by the directory; the account type does not exist yet
	Inactive    bool     `json:"isInactive"`
	Teams       []string `json:"teams"`
}

// TeamView is a team object of the Sigma API.
type TeamView struct {
	ID       string   `json:"teamId"`
	Name     string   `json:"name"`
	Archived bool     `json:"isArchived"`
	Members  []string `json:"members"` // email addresses
}

// AccountTypeView is an account type object of the Sigma API.
type AccountTypeView struct {
	ID          string          `json:"accountTypeId"`
	Name        string          `json:"name"`
	Custom      bool            `json:"isCustom"`
	Permissions []sp.Permission `json:"permissions"`
}

// AuditView is an entry of Sigma's audit log.
type AuditView struct {
	Type   sp.EventType `json:"type"`
	Name   string       `json:"name"` // LOGIN, CREATE_TEAM, …
	Status string       `json:"status"`
	Reason string       `json:"reason"`
	Actor  string       `json:"actor"` // email address
	At     time.Time    `json:"at"`
}

// ExchangeView is one message between the halves.
type ExchangeView struct {
	Kind   string `json:"kind"` // "SAML request", "SAML response", "SCIM"
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"`
	Server string `json:"server"` // another server, such as http://127.0.0.1:8090; empty for this lab's Okta and Sigma
}

// FaultView is a fault that was started in the lab.
type FaultView struct {
	ID     string `json:"id"` // such as expired-certificate
	Active bool   `json:"isActive"`
	Fixed  bool   `json:"isFixed"`
}

// viewSize is the largest number of entries of each list in a view.
const viewSize = 500

func (l *Lab) viewCopied(ctx context.Context, v *View) error {
	items, err := l.Clipboard(ctx)
	for _, item := range items {
		v.Copied = append(v.Copied, item.Label)
	}
	return err
}

func (l *Lab) viewPasted(ctx context.Context, v *View) error {
	labels, err := l.PastedFields(ctx)
	v.Pasted = append(v.Pasted, labels...)
	return err
}

func (l *Lab) viewUsers(ctx context.Context, v *View) error {
	initial, err := l.initial(ctx)
	if err != nil {
		return err
	}
	users, err := l.Org.Users(ctx, idp.UserQuery{Size: viewSize})
	for _, u := range users.Items {
		v.Okta.Users = append(v.Okta.Users, UserView{ID: u.ID, Status: u.Status, Profile: u.Profile, New: !initial[u.ID]})
	}
	return err
}

func (l *Lab) viewGroups(ctx context.Context, v *View) error {
	groups, err := l.Org.Groups(ctx, idp.GroupQuery{Size: viewSize})
	if err != nil {
		return err
	}
	members, err := l.Org.MembersByGroup(ctx, viewSize)
	if err != nil {
		return err
	}
	initial, err := l.initial(ctx)
	if err != nil {
		return err
	}
	labels, err := l.Org.AppLabelsByGroup(ctx)
	for _, g := range groups.Items {
		v.Okta.Groups = append(v.Okta.Groups, GroupView{ID: g.ID, Type: g.Type, Profile: GroupProfile{Name: g.Name, Description: g.Description},
			Members: append([]string{}, members[g.ID]...), Apps: append([]string{}, labels[g.ID]...), New: !initial[g.ID]})
	}
	return err
}

func (l *Lab) viewApps(ctx context.Context, v *View) error {
	apps, err := l.Org.Apps(ctx, idp.AppQuery{})
	if err != nil {
		return err
	}
	for _, a := range apps {
		app, err := l.viewApp(ctx, a)
		if err != nil {
			return err
		}
		v.Okta.Apps = append(v.Okta.Apps, app)
	}
	return nil
}

func (l *Lab) viewApp(ctx context.Context, a idp.App) (AppView, error) {
	v := AppView{
		Features: []string{}, UserTypes: []string{}, Users: []AppUserView{}, Groups: []AppGroupView{}, Pushes: []PushView{},
		ID: a.ID, Name: a.Name, Label: a.Label, Status: a.Status, SignOnMode: a.SignOnMode, RelayState: a.SignOn.DefaultRelayState,
	}
	in, err := l.Org.Integration(ctx, a.ID)
	if err != nil {
		return v, err
	}
	for _, feature := range []struct {
		name string
		on   bool
	}{
		{"IMPORT_NEW_USERS", true}, {"GROUP_PUSH", true}, {"PUSH_NEW_USERS", in.CreateUsers},
		{"PUSH_PROFILE_UPDATES", in.UpdateUsers}, {"PUSH_USER_DEACTIVATION", in.DeactivateUsers},
	} {
		if in.Enabled && feature.on {
			v.Features = append(v.Features, feature.name)
		}
	}
	schema, err := l.Org.AppSchema(ctx, a.ID)
	if err != nil {
		return v, err
	}
	for _, attribute := range schema {
		if attribute.Name == "userType" {
			for _, choice := range attribute.Enum {
				v.UserTypes = append(v.UserTypes, choice.Value)
			}
		}
	}
	people, err := l.Org.AppUsers(ctx, a.ID, idp.AppUserQuery{Size: viewSize})
	if err != nil {
		return v, err
	}
	for _, u := range people.Items {
		v.Users = append(v.Users, AppUserView{Login: u.User.Login(), Scope: u.Scope, SyncState: u.SyncState, Waiting: u.BeforeProv, Profile: u.Profile})
	}
	groups, err := l.Org.AppGroups(ctx, a.ID)
	if err != nil {
		return v, err
	}
	for _, g := range groups {
		v.Groups = append(v.Groups, AppGroupView{Name: g.GroupName, Priority: g.Priority, Profile: g.Profile})
	}
	pushes, err := l.Org.PushMappings(ctx, a.ID, "")
	for _, m := range pushes {
		v.Pushes = append(v.Pushes, PushView{Name: m.GroupName, Status: m.Label(), Error: m.Error})
	}
	return v, err
}

func (l *Lab) viewAuthentication(ctx context.Context, v *View) error {
	authentication, err := l.Organization.Authentication(ctx)
	if err != nil {
		return err
	}
	v.Sigma.Authentication = AuthenticationView{Method: string(authentication.Method), LoginURL: authentication.IdPLoginURL, Directory: authentication.DirectoryOn}
	if len(authentication.Certificates) > 0 {
		v.Sigma.Authentication.Certificate = authentication.Certificates[0].Fingerprint
	}
	return nil
}

func (l *Lab) viewTokens(ctx context.Context, v *View) error {
	directory, err := l.Organization.Directory(ctx, sp.System())
	for _, t := range directory.Tokens {
		v.Sigma.Tokens = append(v.Sigma.Tokens, TokenView{Name: t.Name, Owner: t.MemberName, Works: t.Problem == ""})
	}
	return err
}

func (l *Lab) viewAccountTypes(ctx context.Context, v *View) error {
	types, err := l.Organization.AccountTypes(ctx, sp.System(), "")
	for _, t := range types {
		view := AccountTypeView{ID: t.ID, Name: t.Name, Custom: t.Deletable()}
		for _, permission := range sp.AllPermissions() {
			if t.Permissions[permission.Permission] {
				view.Permissions = append(view.Permissions, permission.Permission)
			}
		}
		v.Sigma.AccountTypes = append(v.Sigma.AccountTypes, view)
	}
	return err
}

// viewPeople reads Sigma's members and teams with the memberships.
func (l *Lab) viewPeople(ctx context.Context, v *View) error {
	teamsOf := map[string][]string{}
	people, err := l.Organization.TeamPeople(ctx)
	if err != nil {
		return err
	}
	for _, inactive := range []bool{false, true} {
		teams, err := l.Organization.Teams(ctx, sp.System(), sp.TeamQuery{Inactive: inactive, Size: viewSize})
		if err != nil {
			return err
		}
		for _, t := range teams.Items {
			team := TeamView{Members: []string{}, ID: t.ID, Name: t.Name, Archived: !t.Active}
			for _, m := range people[t.ID] {
				team.Members = append(team.Members, m.Email)
				if t.Active {
					teamsOf[m.ID] = append(teamsOf[m.ID], t.Name)
				}
			}
			v.Sigma.Teams = append(v.Sigma.Teams, team)
		}
	}
	members, err := l.Organization.Members(ctx, sp.System(), sp.MemberQuery{
		Statuses: []sp.MemberStatus{sp.MemberActive, sp.MemberPending, sp.MemberInactive}, Size: viewSize})
	for _, m := range members.Items {
		v.Sigma.Members = append(v.Sigma.Members, MemberView{ID: m.ID, Email: m.Email, FirstName: m.FirstName, LastName: m.LastName, AccountType: m.AccountType,
			Wanted: m.RequestedType, Inactive: m.Status == sp.MemberInactive, Teams: teamsOf[m.ID]})
	}
	return err
}
