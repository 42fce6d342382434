package idp

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// UserSchema is Okta's default user profile, as far as pages offer it (okta-wire 3.5).
func UserSchema() []Attribute {
	list := []Attribute{
		{Name: "login", Title: "Username", Required: true}, {Name: "firstName", Title: "First name", Required: true},
		{Name: "lastName", Title: "Last name", Required: true}, {Name: "email", Title: "Primary email", Required: true},
		{Name: "secondEmail", Title: "Secondary email"}, {Name: "displayName", Title: "Display name"}, {Name: "nickName", Title: "Nickname"},
		{Name: "title", Title: "Title"}, {Name: "mobilePhone", Title: "Mobile phone"}, {Name: "primaryPhone", Title: "Primary phone"},
		{Name: "city", Title: "City"}, {Name: "countryCode", Title: "Country code"}, {Name: "preferredLanguage", Title: "Preferred language"},
		{Name: "locale", Title: "Locale"}, {Name: "timezone", Title: "Time zone"}, {Name: "userType", Title: "User type"},
		{Name: "employeeNumber", Title: "Employee number"}, {Name: "costCenter", Title: "Cost center"}, {Name: "organization", Title: "Organization"},
		{Name: "division", Title: "Division"}, {Name: "department", Title: "Department"}, {Name: "manager", Title: "Manager"},
	}
	for i := range list {
		list[i].Type, list[i].Base = "string", true
	}
	return list
}

// ProfileTypes lists what Directory > Profile Editor shows.
func (o *Org) ProfileTypes(ctx context.Context) ([]ProfileType, error) {
	apps, err := o.Apps(ctx, AppQuery{})
	list := []ProfileType{{Title: "User (default)", Type: "Okta"}}
	for _, a := range apps {
		list = append(list, ProfileType{AppID: a.ID, Title: a.Label + " User", Type: "Application"})
	}
	return list, err
}

// AppSchema gives the attributes of an app's user profile, in order.
func (o *Org) AppSchema(ctx context.Context, appID string) (list []Attribute, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = appSchema(tx, appID)
		return err
	})
	return list, err
}

func appSchema(tx *store.Tx, appID string) ([]Attribute, error) {
	return store.List(tx, func(r store.Row) (at Attribute, err error) {
		var text string
		if err := r.Scan(&text); err != nil {
			return at, err
		}
		err = json.Unmarshal([]byte(text), &at)
		return at, err
	}, `SELECT definition FROM okta_app_attributes WHERE app_id = $1 ORDER BY position, name`, appID)
}

func saveAttribute(tx *store.Tx, appID string, position int, at Attribute) error {
	text, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO okta_app_attributes (app_id, name, position, definition) VALUES ($1, $2, $3, $4)
		ON CONFLICT (app_id, name) DO UPDATE SET definition = excluded.definition`, appID, at.Name, position, string(text))
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,49}$`)

// checkDefinition judges an attribute as the Profile Editor saves it. Fields: name, title, enum, groupValues.
func checkDefinition(at *Attribute) error {
	at.Name, at.Title = strings.TrimSpace(at.Name), strings.TrimSpace(at.Title)
	var check problem.Check
	check.Require(variableName.MatchString(at.Name), "name", "The variable name may have letters, digits and underscores, and begins with a letter.")
	check.Require(at.Title != "", "title", "Display name is required.")
	if at.Type == "" {
		at.Type = "string"
	}
	check.Require(!at.Combine || at.Type == "array", "groupValues", "Only an attribute of the data type string array can combine values. Choose Use group priority.")
	seen := map[string]bool{}
	var kept []Choice
	for _, choice := range at.Enum {
		choice.Title, choice.Value = strings.TrimSpace(choice.Title), strings.TrimSpace(choice.Value)
		if choice.Title == "" && choice.Value == "" {
			continue
		}
		check.Require(choice.Title != "" && choice.Value != "", "enum", "Each row needs a display name and a value.")
		check.Require(!seen["v "+choice.Value] && !seen["t "+choice.Title], "enum", "Display names and values must each be different: "+choice.Title+" occurs twice.")
		seen["v "+choice.Value], seen["t "+choice.Title] = true, true
		kept = append(kept, choice)
	}
	at.Enum = kept
	return check.Err()
}

// SaveAttribute adds or changes an attribute of an app's user profile. Of a base attribute name, type and external name
// stay. Fields of the problem: name, title, enum.
func (o *Org) SaveAttribute(ctx context.Context, a Actor, appID string, at Attribute) error {
	if err := checkDefinition(&at); err != nil {
		return err
	}
	return o.changeSchema(ctx, a, appID, func(tx *store.Tx, schema []Attribute) error {
		position := len(schema)
		for i, known := range schema {
			if known.Name != at.Name {
				continue
			}
			position, at.Base = i, known.Base
			if known.Base {
				at.Type, at.ExternalName, at.ExternalNamespace, at.Personal = known.Type, known.ExternalName, known.ExternalNamespace, known.Personal
			}
		}
		return saveAttribute(tx, appID, position, at)
	})
}

// RemoveAttribute removes a custom attribute.
func (o *Org) RemoveAttribute(ctx context.Context, a Actor, appID, name string) error {
	return o.changeSchema(ctx, a, appID, func(tx *store.Tx, schema []Attribute) error {
		for _, known := range schema {
			if known.Name == name && known.Base {
				return problem.New(problem.Conflict, known.Title+" came with the application and cannot be removed.")
			}
		}
		n, err := tx.Change(`DELETE FROM okta_app_attributes WHERE app_id = $1 AND name = $2`, appID, name)
		if err == nil && n == 0 {
			err = problem.New(problem.NotFound, "There is no such attribute.")
		}
		return err
	})
}

func (o *Org) changeSchema(ctx context.Context, a Actor, appID string, f func(tx *store.Tx, schema []Attribute) error) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		schema, err := appSchema(tx, appID)
		if err != nil {
			return err
		}
		if err := f(tx, schema); err != nil {
			return err
		}
		if err := succeeded(tx, a, "directory.app_user_profile.update", application.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: AppSchemaChanged, AppID: appID, Actor: a}); err != nil {
			return err
		}
		return o.reconcileApp(tx, a, appID)
	})
}
