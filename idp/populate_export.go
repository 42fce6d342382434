package idp

import (
	"context"
	"reflect"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/base/moment"
	"understudy/seed/base/store"
)

// Seed returns the org as it is, as the Okta part of a scenario. Passwords are given as hashes. Sessions, links in emails and jobs
// under way are not part of a scenario.
func (o *Org) Seed(ctx context.Context) (s Seed, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		org, err := settings(tx)
		if err != nil {
			return err
		}
		s.Name, s.Subdomain = org.Name, org.Subdomain
		now := tx.Now()
		if s.Users, err = seedUsers(tx, now); err != nil {
			return err
		}
		if s.Groups, err = seedGroups(tx); err != nil {
			return err
		}
		if s.Rules, err = seedRules(tx); err != nil {
			return err
		}
		if s.Apps, s.Catalog, err = o.seedApps(tx); err != nil {
			return err
		}
		s.Logs, err = seedLogs(tx, now)
		return err
	})
	return s, err
}

func seedUsers(tx *store.Tx, now time.Time) (list []SeedUser, err error) {
	users, err := store.List(tx, scanUser, `SELECT `+userColumnsOf("u")+` FROM okta_users AS u ORDER BY u.rowid`)
	for _, u := range users {
		made := SeedUser{
			FirstName: u.FirstName(), LastName: u.LastName(), Login: u.Login(), Email: u.Email(), Status: u.Status,
			Profile: map[string]string{}, Created: moment.Before(now, u.Created), LastLogin: moment.Before(now, u.LastLogin),
		}
		if made.Status == Active {
			made.Status = "" // the default
		}
		for name, value := range u.Profile {
			if name != "firstName" && name != "lastName" && name != "login" && name != "email" && value != "" {
				made.Profile[name] = value
			}
		}
		row := tx.QueryRow(`SELECT coalesce(password_hash, ''), EXISTS (SELECT 1 FROM okta_user_roles WHERE user_id = $1 AND role = $2)
			FROM okta_users WHERE id = $1`, u.ID, SuperAdmin)
		if err := row.Scan(&made.PasswordHash, &made.Admin); err != nil {
			return nil, err
		}
		list = append(list, made)
	}
	return list, err
}

// seedGroups reads the groups, without the memberships that active rules have made.
func seedGroups(tx *store.Tx) (list []SeedGroup, err error) {
	type row struct {
		id string
		SeedGroup
	}
	groups, err := store.List(tx, func(r store.Row) (g row, err error) {
		return g, r.Scan(&g.id, &g.Name, &g.Description, &g.App)
	}, `SELECT g.id, g.name, g.description, coalesce((SELECT label FROM okta_apps AS a WHERE a.id = g.source_app_id), '')
		FROM okta_groups AS g WHERE g.type <> $1 ORDER BY g.source_app_id <> '', g.rowid`, BuiltIn)
	for _, g := range groups {
		made := g.SeedGroup
		made.Members, err = store.List(tx, store.Text, `SELECT u.login FROM okta_group_members AS m JOIN okta_users AS u ON u.id = m.user_id
			WHERE m.group_id = $1 AND NOT EXISTS (SELECT 1 FROM okta_group_rule_members AS r JOIN okta_group_rules AS a ON a.id = r.rule_id
				WHERE r.group_id = m.group_id AND r.user_id = m.user_id AND a.status = $2) ORDER BY m.rowid`, g.id, RuleActive)
		if err != nil {
			return nil, err
		}
		list = append(list, made)
	}
	return list, err
}

func seedRules(tx *store.Tx) (list []SeedGroupRule, err error) {
	rules, err := store.List(tx, scanGroupRule, groupRuleQuery+` WHERE status <> $1 ORDER BY rowid`, RuleInvalid)
	for _, rule := range rules {
		if err := rule.load(tx); err != nil {
			return nil, err
		}
		made := SeedGroupRule{
			Name: rule.Name, Inactive: rule.Status == RuleInactive, Attribute: rule.Attribute, Operator: rule.Operator, Value: rule.Value,
			Groups: rule.Groups, Except: rule.Exceptions,
		}
		if rule.Attribute == "" {
			made.Expression = rule.Expression
		}
		list = append(list, made)
	}
	return list, err
}

func (o *Org) seedApps(tx *store.Tx) (list []SeedApp, entries []catalog.Entry, err error) {
	apps, err := store.List(tx, scanApp, appQuery+` ORDER BY a.rowid`)
	for _, a := range apps {
		made := SeedApp{
			CatalogKey: a.CatalogKey, Label: a.Label, Fields: a.General.Fields, Inactive: a.Status != AppActive, Hidden: a.General.Hidden,
			AutoSubmit: a.General.AutoSubmit, NotesAdmin: a.General.NotesAdmin, NotesEndUser: a.General.NotesEndUser, SignOn: &a.SignOn,
		}
		attributes, err := appSchema(tx, a.ID)
		if err != nil {
			return nil, nil, err
		}
		for i, attribute := range attributes {
			if usual := o.Entry(a).Schema; i < len(usual) {
				entry := usual[i]
				if entry.Base = true; reflect.DeepEqual(attribute, entry) {
					continue
				}
			}
			made.Attributes = append(made.Attributes, attribute)
		}
		groups, err := store.List(tx, scanAppGroup, appGroupQuery+` WHERE a.app_id = $1 ORDER BY a.priority`, a.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, g := range groups {
			made.Groups = append(made.Groups, SeedAppGroup{g.GroupName, g.Profile})
		}
		if made.People, err = seedPeople(tx, a.ID); err != nil {
			return nil, nil, err
		}
		if made.Provisioning, err = seedProvisioning(tx, a.ID); err != nil {
			return nil, nil, err
		}
		list = append(list, made)
	}
	return list, o.seedCatalog(apps), err
}

// seedPeople reads the individual assignments of an app.
func seedPeople(tx *store.Tx, appID string) (list []SeedAppUser, err error) {
	assigned, err := store.List(tx, scanAppUser, appUserQuery+` WHERE a.app_id = $1 AND a.scope = $2 ORDER BY a.created_ms, a.rowid`,
		appID, UserScope)
	for _, a := range assigned {
		made := SeedAppUser{Login: a.User.Login(), Profile: a.Own}
		var custom bool
		if err := tx.QueryRow(`SELECT custom_name FROM okta_app_users WHERE id = $1`, a.ID).Scan(&custom); err != nil {
			return nil, err
		}
		if custom {
			made.UserName = a.UserName
		}
		list = append(list, made)
	}
	return list, err
}

func seedProvisioning(tx *store.Tx, appID string) (*SeedProvisioning, error) {
	in, err := integration(tx, appID)
	if err != nil || in.BaseURL == "" {
		return nil, err
	}
	made := &SeedProvisioning{
		Enabled: in.Enabled, BaseURL: in.BaseURL, Token: in.Token, ImportGroups: in.ImportGroups, CreateUsers: in.CreateUsers,
		UpdateUsers: in.UpdateUsers, DeactivateUsers: in.DeactivateUsers,
	}
	rules, err := store.List(tx, scanPushRule, pushRuleQuery+` WHERE app_id = $1 ORDER BY rowid`, appID)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, rule := range rules {
		names[rule.ID] = rule.Name
		made.PushRules = append(made.PushRules, SeedPushRule{rule.Name, rule.Match, rule.Value, rule.Memberships})
	}
	mappings, err := store.List(tx, scanMapping, mappingQuery+` WHERE m.app_id = $1 ORDER BY m.rowid`, appID)
	for _, m := range mappings {
		pushed := SeedPushGroup{Group: m.GroupName, Memberships: m.Memberships, Inactive: m.Status == PushInactive, Rule: names[m.RuleID]}
		if m.TargetName != m.GroupName {
			pushed.Target = m.TargetName
		}
		made.PushGroups = append(made.PushGroups, pushed)
	}
	return made, err
}
