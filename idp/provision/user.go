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

// users is the SCIM endpoint of users (RFC 7644, section 3.2).
const users = "Users"

// pageSize is the count that Okta sends with every list request.
const pageSize = 100

// createUser searches the app by application username. It creates the user, or links and updates the user that it found.
func (t *task) createUser(ctx context.Context) error {
	au, err := t.assignment(ctx)
	if err != nil {
		return err
	}
	if au.ExternalID != "" {
		return t.updateUser(ctx)
	}
	prefix := "Error while creating user " + t.job.Payload.Name
	found, err := t.findUser(ctx, au.UserName)
	if err != nil {
		return remoteFailure(prefix, err)
	}
	if found != nil {
		return t.link(ctx, au, found)
	}
	body, err := t.newUser(ctx, au)
	if err != nil {
		return err
	}
	created, err := t.client.Create(ctx, users, body)
	if err != nil {
		return remoteFailure(prefix, err)
	}
	if created.ID() == "" {
		return remoteFailure(prefix, errNoUser)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Linked(tx, t.job.AppID, t.job.UserID, created.ID()); err != nil {
			return err
		}
		return t.recordSuccess(tx, t.userTargets(),
			"application.provision.user.push", "app.user_management.push_new_user_success")
	})
}

// assignment loads the current assignment, and copies its names to the payload of the job, for messages.
func (t *task) assignment(ctx context.Context) (idp.AppUser, error) {
	au, err := t.org.AppUser(ctx, t.job.AppID, t.job.UserID)
	if err == nil {
		t.job.Payload.UserName, t.job.Payload.Name = au.UserName, au.User.Name()
	}
	return au, err
}

// findUser returns the app's user with this userName; nil when there is none. Okta takes a 404 for an empty list.
func (t *task) findUser(ctx context.Context, userName string) (*scim.Object, error) {
	request := scim.ListRequest{Filter: scim.Equality("userName", userName), StartIndex: 1, Count: pageSize}
	page, err := list(ctx, t.client, users, request)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// An app that ignores the filter returns all users, so compare the name again (userName is case-insensitive, RFC 7643
	// section 4.1.1).
	for _, o := range page.Resources {
		if strings.EqualFold(o.Text("userName"), userName) && o.ID() != "" {
			return o, nil
		}
	}
	return nil, nil
}

// link links the person to an existing user of the app. It activates the user if necessary, and pushes the profile.
func (t *task) link(ctx context.Context, au idp.AppUser, found *scim.Object) error {
	id := found.ID()
	prefix := "Error while trying to push profile update for " + au.UserName
	active, known := found.Bool("active")
	inactive := known && !active
	if inactive {
		if _, err := t.client.Patch(ctx, users, id, setActive(true)); err != nil {
			return remoteFailure("Error while reactivating user "+t.job.Payload.Name, err)
		}
	}
	if err := t.putProfile(ctx, au, id); err != nil {
		return remoteFailure(prefix, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Linked(tx, t.job.AppID, t.job.UserID, id); err != nil {
			return err
		}
		events := []string{"application.provision.user.verify_exists"}
		if inactive {
			events = append(events, "application.provision.user.reactivate")
		}
		return t.recordSuccess(tx, t.userTargets(), append(events, "application.provision.user.push_profile")...)
	})
}

// updateUser pushes the profile. For a person without a user in the app it creates one, if Create Users is on.
func (t *task) updateUser(ctx context.Context) error {
	au, err := t.assignment(ctx)
	if err != nil {
		return err
	}
	if au.ExternalID == "" {
		if au.BeforeProv || !t.in.CreateUsers {
			return t.runner.discard(ctx, t.job)
		}
		return t.createUser(ctx)
	}
	prefix := "Error while trying to push profile update for " + au.UserName
	err = t.putProfile(ctx, au, au.ExternalID)
	if status(err) == http.StatusNotFound {
		return remoteFailure(prefix, userGone(au.ExternalID))
	}
	if err != nil {
		return remoteFailure(prefix, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Synced(tx, t.job.AppID, t.job.UserID); err != nil {
			return err
		}
		return t.recordSuccess(tx, t.userTargets(), "application.provision.user.push_profile")
	})
}

// putProfile reads the app's user, sets the values of Okta, and replaces the user (RFC 7644, section 3.5.1). So attributes
// that Okta does not know keep their values.
func (t *task) putProfile(ctx context.Context, au idp.AppUser, id string) error {
	current, err := t.client.Get(ctx, users, id)
	if err != nil {
		return err
	}
	if current.ID() == "" { // without the current user, a PUT would delete the attributes that Okta does not know
		return userGone(id)
	}
	if err := t.setProfile(ctx, current, au, true); err != nil {
		return err
	}
	_, err = t.client.Replace(ctx, users, id, current)
	return err
}

// deactivateUser sends active = false after an assignment has ended. Okta never deletes users of an app.
func (t *task) deactivateUser(ctx context.Context) error {
	prefix := "Error while deactivating user " + t.job.Payload.Name
	id := t.job.Payload.ExternalID
	if id == "" { // an interrupted job may have created the user
		found, err := t.findUser(ctx, t.job.Payload.UserName)
		if err != nil {
			return remoteFailure(prefix, err)
		}
		// Deactivate only a user that Okta created: its externalId is the ID of the Okta user.
		if found == nil || found.Text("externalId") != t.job.UserID {
			return t.runner.discard(ctx, t.job)
		}
		id = found.ID()
	}
	_, err := t.client.Patch(ctx, users, id, setActive(false))
	if err != nil && status(err) != http.StatusNotFound { // a deleted user needs no deactivation
		return remoteFailure(prefix, err)
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		return t.recordSuccess(tx, t.userTargets(), "application.provision.user.deactivate")
	})
}

// setActive returns the operation that activates or deactivates a user. Okta sends it without a path.
func setActive(active bool) scim.Operation {
	return scim.Operation{Op: "replace", Value: scim.NewObject("active", active)}
}

// newUser returns the body of a POST for a new user. The password is random and stored nowhere; Okta sends one even when
// Sync Password is off.
func (t *task) newUser(ctx context.Context, au idp.AppUser) (*scim.Object, error) {
	o := scim.NewObject("schemas", []string{scim.CoreUser})
	if err := t.setProfile(ctx, o, au, false); err != nil {
		return nil, err
	}
	return o.Set("groups", []any{}).Set("password", rand.Text()[:8]).Set("active", true), nil
}

// setProfile sets the values of the assignment's profile in o, by external name. In an update, an attribute that was
// cleared in Okta is sent empty. An attribute that never had a value in Okta keeps the value of the app.
func (t *task) setProfile(ctx context.Context, o *scim.Object, au idp.AppUser, update bool) error {
	schema, err := t.org.AppSchema(ctx, t.job.AppID)
	if err != nil {
		return err
	}
	o.Set("userName", au.UserName).Set("externalId", au.UserID)
	for _, attribute := range schema {
		value := au.Profile[attribute.Name]
		cleared := update && slices.Contains(au.Cleared, attribute.Name)
		switch {
		case attribute.Name == "userName", attribute.ExternalName == "":
			continue
		case value == "" && !cleared, update && attribute.CreateOnly:
			continue
		}
		setExternal(o, attribute, value)
	}
	return nil
}

// setExternal sets a value by external name, which is a SCIM attribute path: userType, name.givenName, or
// emails[type eq "work"].value for one of several values.
func setExternal(o *scim.Object, attribute idp.Attribute, value string) {
	name, inner, filtered := strings.Cut(attribute.ExternalName, "[")
	if filtered {
		kind := "work"
		if _, quoted, ok := strings.Cut(inner, `"`); ok {
			kind, _, _ = strings.Cut(quoted, `"`)
		}
		setValueOfType(o, name, kind, value)
		return
	}
	if ns := attribute.ExternalNamespace; ns != "" && ns != scim.CoreUser {
		name = ns + ":" + name
		if schemas := o.Texts("schemas"); !containsFold(schemas, ns) {
			o.Set("schemas", append(schemas, ns))
		}
	}
	o.Set(name, jsonValue(attribute, value))
}

// jsonValue converts the text of an attribute to the JSON type of its data type. A text that does not fit stays a string.
func jsonValue(attribute idp.Attribute, text string) any {
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

// setValueOfType sets the value with the given type in a multi-valued attribute, and adds the value if it is missing.
func setValueOfType(o *scim.Object, name, kind, value string) {
	values := o.Objects(name)
	for _, v := range values {
		if strings.EqualFold(v.Text("type"), kind) || (len(values) == 1 && v.Text("type") == "") {
			v.Set("value", value)
			return
		}
	}
	if value == "" { // cleared in Okta, and the app has no value
		return
	}
	added := scim.NewObject("primary", len(values) == 0, "value", value, "type", kind)
	o.Set(name, append(values, added))
}

// containsFold reports whether the list contains a string, ignoring case.
func containsFold(list []string, wanted string) bool {
	for _, s := range list {
		if strings.EqualFold(s, wanted) {
			return true
		}
	}
	return false
}
