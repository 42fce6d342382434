package provision

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/base/store"
)

const users = "Users"

// pageSize is what Okta asks for in every list (okta-wire 1.4).
const pageSize = 100

// createUser finds the person by application username; creates, or links and updates (okta-wire 1.4).
func (t *task) createUser(ctx context.Context) error {
	au, err := t.person(ctx)
	if err != nil {
		return err
	}
	if au.ExternalID != "" {
		return t.updateUser(ctx)
	}
	doing := "Error while creating user " + t.job.Payload.Name
	found, err := t.findUser(ctx, au.UserName)
	if err != nil {
		return remote(doing, err)
	}
	if found != nil {
		return t.link(ctx, au, found)
	}
	body, err := t.newUser(ctx, au)
	if err != nil {
		return err
	}
	made, err := t.client.Create(ctx, users, body)
	if err != nil {
		return remote(doing, err)
	}
	if made.ID() == "" {
		return remote(doing, errNoUser)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Linked(tx, t.job.AppID, t.job.UserID, made.ID()); err != nil {
			return err
		}
		if err := t.record(tx, "application.provision.user.push", "SUCCESS", "", t.userTargets()...); err != nil {
			return err
		}
		return t.record(tx, "app.user_management.push_new_user_success", "SUCCESS", "", t.userTargets()...)
	})
}

// person reads the assignment as it is now, and names it for messages.
func (t *task) person(ctx context.Context) (idp.AppUser, error) {
	au, err := t.org.AppUser(ctx, t.job.AppID, t.job.UserID)
	if err == nil {
		t.job.Payload.UserName, t.job.Payload.Name = au.UserName, au.User.Name()
	}
	return au, err
}

// findUser gives the person of that user name at the far side; nil when there is none. A 404 means the same as an empty
// list (okta-wire 1.4).
func (t *task) findUser(ctx context.Context, userName string) (*scim.Object, error) {
	page, err := list(ctx, t.client, users, scim.ListRequest{Filter: scim.Equality("userName", userName), StartIndex: 1, Count: pageSize})
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// A server that ignores the filter answers with everybody; only the person meant may be linked.
	for _, o := range page.Resources {
		if strings.EqualFold(o.Text("userName"), userName) && o.ID() != "" {
			return o, nil
		}
	}
	return nil, nil
}

// link takes a person whom the far side has already: activates where needed and pushes the profile.
func (t *task) link(ctx context.Context, au idp.AppUser, found *scim.Object) error {
	id := found.ID()
	doing := "Error while trying to push profile update for " + au.UserName
	active, known := found.Bool("active")
	inactive := known && !active
	if inactive {
		if _, err := t.client.Patch(ctx, users, id, setActive(true)); err != nil {
			return remote("Error while reactivating user "+t.job.Payload.Name, err)
		}
	}
	if err := t.putProfile(ctx, au, id); err != nil {
		return remote(doing, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Linked(tx, t.job.AppID, t.job.UserID, id); err != nil {
			return err
		}
		if err := t.record(tx, "application.provision.user.verify_exists", "SUCCESS", "", t.userTargets()...); err != nil {
			return err
		}
		if inactive {
			if err := t.record(tx, "application.provision.user.reactivate", "SUCCESS", "", t.userTargets()...); err != nil {
				return err
			}
		}
		return t.record(tx, "application.provision.user.push_profile", "SUCCESS", "", t.userTargets()...)
	})
}

// updateUser pushes the profile: what the far side has, with Okta's values laid over it (okta-wire 1.5).
func (t *task) updateUser(ctx context.Context) error {
	au, err := t.person(ctx)
	if err != nil {
		return err
	}
	if au.ExternalID == "" {
		if au.BeforeProv || !t.in.CreateUsers {
			return t.runner.drop(ctx, t.job)
		}
		return t.createUser(ctx)
	}
	doing := "Error while trying to push profile update for " + au.UserName
	err = t.putProfile(ctx, au, au.ExternalID)
	if status(err) == http.StatusNotFound {
		return remote(doing, personGone(au.ExternalID))
	}
	if err != nil {
		return remote(doing, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Synced(tx, t.job.AppID, t.job.UserID); err != nil {
			return err
		}
		return t.record(tx, "application.provision.user.push_profile", "SUCCESS", "", t.userTargets()...)
	})
}

func (t *task) putProfile(ctx context.Context, au idp.AppUser, id string) error {
	current, err := t.client.Get(ctx, users, id)
	if err != nil {
		return err
	}
	if current.ID() == "" { // laid over nothing, our values would wipe out what we do not know of
		return personGone(id)
	}
	if err := t.overlay(ctx, current, au, true); err != nil {
		return err
	}
	_, err = t.client.Replace(ctx, users, id, current)
	return err
}

// deactivateUser sends active = false for an assignment that has ended (okta-wire 1.6).
func (t *task) deactivateUser(ctx context.Context) error {
	doing := "Error while deactivating user " + t.job.Payload.Name
	id := t.job.Payload.ExternalID
	if id == "" { // the job that creates may have been cut short after it did
		found, err := t.findUser(ctx, t.job.Payload.UserName)
		if err != nil {
			return remote(doing, err)
		}
		// Whom somebody else made, and we never linked, is not ours to deactivate.
		if found == nil || found.Text("externalId") != t.job.UserID {
			return t.runner.drop(ctx, t.job)
		}
		id = found.ID()
	}
	_, err := t.client.Patch(ctx, users, id, setActive(false))
	if err != nil && status(err) != http.StatusNotFound { // somebody who is gone needs no deactivation
		return remote(doing, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		return t.record(tx, "application.provision.user.deactivate", "SUCCESS", "", t.userTargets()...)
	})
}

func setActive(active bool) scim.Operation {
	return scim.Operation{Op: "replace", Value: scim.NewObject("active", active)}
}

// newUser is the body of a creation (okta-wire 1.4 a). The password is a placeholder that nobody learns; Okta sends one
// even where passwords are not synchronised.
func (t *task) newUser(ctx context.Context, au idp.AppUser) (*scim.Object, error) {
	o := scim.NewObject("schemas", []string{scim.CoreUser})
	if err := t.overlay(ctx, o, au, false); err != nil {
		return nil, err
	}
	return o.Set("groups", []any{}).Set("password", rand.Text()[:8]).Set("active", true), nil
}

// overlay lays the assignment's profile over a resource: every mapped attribute that has a value, by its external name.
// What was cleared in Okta is sent empty in an update; what never had a value is left as the far side has it (okta-wire 1.5).
func (t *task) overlay(ctx context.Context, o *scim.Object, au idp.AppUser, update bool) error {
	schema, err := t.org.AppSchema(ctx, t.job.AppID)
	if err != nil {
		return err
	}
	o.Set("userName", au.UserName).Set("externalId", au.UserID)
	for _, attribute := range schema {
		value := au.Profile[attribute.Name]
		if attribute.Name == "userName" || attribute.ExternalName == "" || (value == "" && !(update && slices.Contains(au.Cleared, attribute.Name))) {
			continue
		}
		if update && attribute.CreateOnly {
			continue
		}
		setExternal(o, attribute, value)
	}
	return nil
}

// setExternal writes a value at an external name: "userType", "name.givenName", or "emails" with a filter for one of
// several values: emails[type eq "work"].value.
func setExternal(o *scim.Object, attribute idp.Attribute, value string) {
	name, inner, filtered := strings.Cut(attribute.ExternalName, "[")
	if filtered {
		kind := "work"
		if _, quoted, ok := strings.Cut(inner, `"`); ok {
			kind, _, _ = strings.Cut(quoted, `"`)
		}
		setTyped(o, name, kind, value)
		return
	}
	if ns := attribute.ExternalNamespace; ns != "" && ns != scim.CoreUser {
		name = ns + ":" + name
		if schemas := o.Texts("schemas"); !contains(schemas, ns) {
			o.Set("schemas", append(schemas, ns))
		}
	}
	o.Set(name, typed(attribute, value))
}

// typed gives an attribute's text in the JSON type of its data type; what does not fit stays a text.
func typed(attribute idp.Attribute, text string) any {
	switch attribute.Type {
	case "array":
		return attribute.Values(text)
	case "boolean":
		if value, err := strconv.ParseBool(text); err == nil {
			return value
		}
	case "integer", "number":
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			return value
		}
	}
	return text
}

// setTyped sets the value of a type among several, and makes it when there is none.
func setTyped(o *scim.Object, name, kind, value string) {
	values := o.Objects(name)
	for _, v := range values {
		if strings.EqualFold(v.Text("type"), kind) || (len(values) == 1 && v.Text("type") == "") {
			v.Set("value", value)
			return
		}
	}
	if value == "" { // cleared here, and not there at the far side
		return
	}
	added := scim.NewObject("primary", len(values) == 0, "value", value, "type", kind)
	o.Set(name, append(values, added))
}

func contains(list []string, wanted string) bool {
	for _, s := range list {
		if strings.EqualFold(s, wanted) {
			return true
		}
	}
	return false
}
