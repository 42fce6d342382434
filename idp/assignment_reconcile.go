package idp

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"understudy/idp/expression"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// reconcile updates the row of an app user from the assignments, the groups and the user's profile. It queues the
// provisioning jobs and records the events of what changed. Everything that can affect an assignment calls it.
//
// An individual assignment takes precedence over groups. Among groups, each attribute has the value of the group of
// highest priority that sets it. Source: Okta help, "Group priority".
func (o *Org) reconcile(tx *store.Tx, a Actor, appID, userID string) error {
	before, had, err := maybeAppUser(tx, appID, userID)
	if err != nil {
		return err
	}
	u, err := user(tx, userID)
	if err != nil {
		return err
	}
	groups, err := appGroupsOf(tx, appID, userID)
	if err != nil {
		return err
	}
	direct := had && before.Own != nil
	switch {
	case u.Status == Deprovisioned || (!direct && len(groups) == 0):
		if !had {
			return nil
		}
		return o.removeAppUser(tx, a, before)
	case !had:
		return o.addAppUser(tx, a, appID, u, nil, "", groups)
	}
	return o.updateAppUser(tx, a, before, u, groups)
}

// effectiveProfile returns the effective profile of an app user. own is nil unless the assignment is individual; then the values
// of groups do not count. s is about the user, with the application username.
func effectiveProfile(schema []Attribute, s expression.Subject, own map[string]string,
	groups []AppGroup) (map[string]string, error) {
	profile := map[string]string{}
	s.AppUser = own
	for _, attribute := range schema {
		value := own[attribute.Name]
		if own == nil {
			value = groupsValue(attribute, groups)
		}
		if value == "" && attribute.Mapping != "" {
			mapped, err := evaluateText(attribute.Mapping, s)
			if err != nil {
				return nil, err
			}
			value = mapped
		}
		if value != "" {
			profile[attribute.Name] = value
		}
	}
	return profile, nil
}

// groupsValue returns an attribute's value from a user's groups, highest priority first: the first value that is set,
// or all values if the attribute combines them.
func groupsValue(attribute Attribute, groups []AppGroup) string {
	var all []string
	for _, g := range groups {
		value := g.Profile[attribute.Name]
		if value != "" && !attribute.Combine {
			return value
		}
		for _, one := range attribute.Values(value) {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return strings.Join(all, ", ")
}

// addAppUser writes a new app user, records it and queues its provisioning. own is nil for an assignment through
// groups, which must then not be empty. userName is empty unless it was typed.
func (o *Org) addAppUser(tx *store.Tx, a Actor, appID string, u User, own map[string]string, userName string,
	groups []AppGroup) error {
	application, err := app(tx, appID)
	if err != nil {
		return err
	}
	schema, err := appSchema(tx, appID)
	if err != nil {
		return err
	}
	custom := userName != ""
	subject := subjectOf(tx, application, u)
	if !custom {
		if userName, err = userNameOf(application, subject, u); err != nil {
			return err
		}
	}
	subject.UserName = userName
	scope, groupID := UserScope, ""
	if own == nil {
		scope, groupID = GroupScope, groups[0].GroupID
	}
	values, err := effectiveProfile(schema, subject, own, groups)
	if err != nil {
		return err
	}
	profile, err := json.Marshal(values)
	if err != nil {
		return err
	}
	now := store.Millis(tx.Now())
	err = tx.Exec(`INSERT INTO okta_app_users (id, app_id, user_id, scope, group_id, user_name, custom_name, profile,
		own, status, sync_state, created_ms, updated_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
		tx.ID("0ua"), appID, u.ID, scope, groupID, userName, custom, string(profile), ownText(own), string(Active), SyncDisabled, now)
	if err != nil {
		return err
	}
	after, err := appUser(tx, appID, u.ID)
	if err != nil {
		return err
	}
	if err := succeeded(tx, a, "application.user_membership.add", after.Target(), application.Target(),
		u.Target()); err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: AppUserAdded, AppID: appID, UserID: u.ID, After: &after, Actor: a})
}

// ownText returns the stored form of the values of an individual assignment; NULL for nil.
func ownText(own map[string]string) sql.NullString {
	if own == nil {
		return sql.NullString{}
	}
	text, _ := json.Marshal(own) // a map of strings can always be marshalled
	return sql.NullString{String: string(text), Valid: true}
}

// updateAppUser recomputes the username, the scope and the profile of an app user, and stores them if they differ.
func (o *Org) updateAppUser(tx *store.Tx, a Actor, before AppUser, u User, groups []AppGroup) error {
	application, err := app(tx, before.AppID)
	if err != nil {
		return err
	}
	schema, err := appSchema(tx, before.AppID)
	if err != nil {
		return err
	}
	after := before
	var custom bool
	if err := tx.QueryRow(`SELECT custom_name FROM okta_app_users WHERE id = $1`, before.ID).Scan(&custom); err != nil {
		return err
	}
	subject := subjectOf(tx, application, u)
	if !custom {
		if after.UserName, err = userNameOf(application, subject, u); err != nil {
			return err
		}
	}
	subject.UserName = after.UserName
	after.Scope, after.GroupID = UserScope, ""
	if before.Own == nil {
		after.Scope, after.GroupID = GroupScope, groups[0].GroupID
	}
	if after.Profile, err = effectiveProfile(schema, subject, before.Own, groups); err != nil {
		return err
	}
	if after.UserName == before.UserName && after.Scope == before.Scope && after.GroupID == before.GroupID &&
		maps.Equal(after.Profile, before.Profile) {
		return nil
	}
	return o.writeAppUser(tx, a, application, before, after)
}

// writeAppUser stores a changed app user. Only a change that the app can see is recorded and provisioned.
func (o *Org) writeAppUser(tx *store.Tx, a Actor, application App, before, after AppUser) error {
	profile, err := json.Marshal(after.Profile)
	if err != nil {
		return err
	}
	err = tx.Exec(`UPDATE okta_app_users SET scope = $2, group_id = $3, user_name = $4, profile = $5, cleared = $6,
		updated_ms = $7 WHERE id = $1`,
		before.ID, after.Scope, after.GroupID, after.UserName, string(profile), strings.Join(clearedNow(before, after),
			" "), store.Millis(tx.Now()))
	if err != nil {
		return err
	}
	if after, err = appUser(tx, before.AppID, before.UserID); err != nil {
		return err
	}
	if after.UserName == before.UserName && maps.Equal(after.Profile, before.Profile) {
		return nil
	}
	if err := succeeded(tx, a, "application.user_membership.update", after.Target(), application.Target(),
		after.User.Target()); err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: AppUserChanged, AppID: before.AppID, UserID: before.UserID, Before: &before,
		After: &after, Actor: a})
}

// clearedNow names the attributes that had a value at some time of the assignment and have none now.
func clearedNow(before, after AppUser) (names []string) {
	for _, name := range before.Cleared {
		if after.Profile[name] == "" {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Profile)) {
		if before.Profile[name] != "" && after.Profile[name] == "" {
			names = append(names, name)
		}
	}
	return names
}

// removeAppUser deletes an app user, records it and queues its deprovisioning.
func (o *Org) removeAppUser(tx *store.Tx, a Actor, before AppUser) error {
	application, err := app(tx, before.AppID)
	if err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM okta_app_users WHERE id = $1`, before.ID); err != nil {
		return err
	}
	if err := succeeded(tx, a, "application.user_membership.remove", before.Target(), application.Target(),
		before.User.Target()); err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: AppUserRemoved, AppID: before.AppID, UserID: before.UserID, Before: &before,
		Actor: a})
}

// maybeAppUser loads the assignment of an app to a user; had is false when there is none.
func maybeAppUser(tx *store.Tx, appID, userID string) (au AppUser, had bool, err error) {
	au, err = appUser(tx, appID, userID)
	if problem.Is(err, problem.NotFound) {
		return au, false, nil
	}
	return au, err == nil, err
}

// reconcileUser reconciles every app that a user has or may get through a group.
func (o *Org) reconcileUser(tx *store.Tx, a Actor, userID string) error {
	apps, err := store.List(tx, store.Text, `SELECT app_id FROM okta_app_users WHERE user_id = $1
		UNION SELECT g.app_id FROM okta_app_groups AS g JOIN okta_group_members AS m ON m.group_id = g.group_id
			WHERE m.user_id = $1 ORDER BY 1`, userID)
	if err != nil {
		return err
	}
	for _, appID := range apps {
		if err := o.reconcile(tx, a, appID, userID); err != nil {
			return err
		}
	}
	return nil
}

// reconcileApp reconciles every user of an app.
func (o *Org) reconcileApp(tx *store.Tx, a Actor, appID string) error {
	return o.reconcileAll(tx, a, appID, `SELECT user_id FROM okta_app_users WHERE app_id = $1 ORDER BY created_ms, id`,
		appID)
}

// reconcileGroup reconciles every member of a group for one app.
func (o *Org) reconcileGroup(tx *store.Tx, a Actor, appID, groupID string) error {
	return o.reconcileAll(tx, a, appID, `SELECT user_id FROM okta_group_members WHERE group_id = $1
		ORDER BY added_ms, user_id`, groupID)
}

func (o *Org) reconcileAll(tx *store.Tx, a Actor, appID, query string, arg any) error {
	people, err := store.List(tx, store.Text, query, arg)
	if err != nil {
		return err
	}
	for _, userID := range people {
		if err := o.reconcile(tx, a, appID, userID); err != nil {
			return err
		}
	}
	return nil
}

// endAssignments removes every app of a user who was deactivated. A later activation does not restore individual
// assignments.
func (o *Org) endAssignments(tx *store.Tx, a Actor, userID string) error {
	return o.reconcileUser(tx, a, userID)
}
