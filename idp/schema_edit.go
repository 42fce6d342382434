package idp

import (
	"context"
	"encoding/json"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// ProfileType is one row of Directory > Profile Editor.
type ProfileType struct {
	AppID string // empty for the Okta user profile
	Title string // "User (default)", "Sigma on AWS User"
	Type  string // "Okta" or "Application"
}

// ProfileTypes lists the rows of Directory > Profile Editor.
func (o *Org) ProfileTypes(ctx context.Context) ([]ProfileType, error) {
	apps, err := o.Apps(ctx, AppQuery{})
	list := []ProfileType{{Title: "User (default)", Type: "Okta"}}
	for _, a := range apps {
		list = append(list, ProfileType{AppID: a.ID, Title: a.Label + " User", Type: "Application"})
	}
	return list, err
}

// AppSchema returns the attributes of an app user profile, in their order.
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

// SaveAttribute adds or changes an attribute of an app user profile. The type, the scope and the external name of a
// base attribute do not change. Fields of the problem: name, title, enum, groupValues, mapping.
func (o *Org) SaveAttribute(ctx context.Context, a Actor, appID string, at Attribute) error {
	if err := at.Complete(); err != nil {
		return err
	}
	return o.changeSchema(ctx, a, appID, func(tx *store.Tx, schema []Attribute) error {
		position, mapping := len(schema), ""
		for i, known := range schema {
			if known.Name != at.Name {
				continue
			}
			position, mapping, at.Base = i, known.Mapping, known.Base
			if known.Base {
				at.Type, at.ExternalName, at.ExternalNamespace, at.Personal = known.Type, known.ExternalName, known.ExternalNamespace, known.Personal
			}
		}
		if at.Mapping != mapping { // the Profile Editor has no field for the mapping
			if err := o.checkMapping(tx, appID, at.Mapping, schema); err != nil {
				return err
			}
		}
		return saveAttribute(tx, appID, position, at)
	})
}

// RemoveAttribute deletes a custom attribute. Conflict for a base attribute, NotFound when there is none.
func (o *Org) RemoveAttribute(ctx context.Context, a Actor, appID, name string) error {
	return o.changeSchema(ctx, a, appID, func(tx *store.Tx, schema []Attribute) error {
		for _, known := range schema {
			if known.Name == name && known.Base {
				return problem.New(problem.Conflict, known.Title+" is a base attribute. It cannot be removed.")
			}
		}
		n, err := tx.Change(`DELETE FROM okta_app_attributes WHERE app_id = $1 AND name = $2`, appID, name)
		if err == nil && n == 0 {
			err = problem.New(problem.NotFound, "There is no such attribute.")
		}
		return err
	})
}

// changeSchema changes an app user profile, records the change, and reconciles the users of the app.
func (o *Org) changeSchema(ctx context.Context, a Actor, appID string,
	f func(tx *store.Tx, schema []Attribute) error) error {
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
