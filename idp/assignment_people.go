package idp

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"understudy/idp/expression"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

var appUserQuery = `SELECT a.id, a.app_id, a.user_id, a.scope, a.group_id, coalesce(g.name, ''), a.user_name, a.profile,
	a.own, a.cleared, a.status, a.sync_state, a.sync_error, a.external_id,
	a.before_prov, a.created_ms, a.updated_ms, a.last_sync_ms, p.label, p.name, p.status, ` + userColumnsOf("u") + `
	FROM okta_app_users AS a JOIN okta_users AS u ON u.id = a.user_id JOIN okta_apps AS p ON p.id = a.app_id
		LEFT JOIN okta_groups AS g ON g.id = a.group_id`

// prefixed is a row that scans its first columns into mine and the rest into the destinations of [scanUser].
type prefixed struct {
	row  store.Row
	mine []any
}

// Scan implements store.Row.
func (p prefixed) Scan(dest ...any) error { return p.row.Scan(append(p.mine, dest...)...) }

func scanAppUser(r store.Row) (au AppUser, err error) {
	var profile, cleared string
	var own sql.NullString
	var created, updated, synced int64
	au.User, err = scanUser(prefixed{row: r, mine: []any{
		&au.ID, &au.AppID, &au.UserID, &au.Scope, &au.GroupID, &au.GroupName, &au.UserName, &profile, &own, &cleared,
		&au.Status, &au.SyncState, &au.SyncError, &au.ExternalID,
		&au.BeforeProv, &created, &updated, &synced, &au.AppLabel, &au.AppName, &au.AppStatus,
	}})
	if err != nil {
		return au, err
	}
	au.Cleared = strings.Fields(cleared)
	au.Created, au.LastUpdated, au.LastSync = store.Time(created), store.Time(updated), store.Time(synced)
	if own.Valid {
		if err := json.Unmarshal([]byte(own.String), &au.Own); err != nil {
			return au, err
		}
	}
	err = json.Unmarshal([]byte(profile), &au.Profile)
	return au, err
}

// appUser loads the assignment of an app to a user; NotFound when there is none.
func appUser(tx *store.Tx, appID, userID string) (AppUser, error) {
	return store.One(tx, "The application is not assigned to this person.", scanAppUser,
		appUserQuery+` WHERE a.app_id = $1 AND a.user_id = $2`, appID, userID)
}

// AppUser returns the assignment of an app to a user, individual or through groups; NotFound when there is none.
func (o *Org) AppUser(ctx context.Context, appID, userID string) (au AppUser, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		au, err = appUser(tx, appID, userID)
		return err
	})
	return au, err
}

// AppUsers lists the users of an app, sorted by name.
func (o *Org) AppUsers(ctx context.Context, appID string, q AppUserQuery) (p Page[AppUser], err error) {
	number, limit, offset := window(q.Page, q.Size, 25)
	p.Number, p.Size = number, limit
	where, args := "a.app_id = $1", []any{appID}
	for _, word := range searchWords(q.Text) {
		args = append(args, containing(word))
		where += fmt.Sprintf(` AND (u.search LIKE $%d ESCAPE '\' OR lower(a.user_name) LIKE $%d ESCAPE '\')`, len(args),
			len(args))
	}
	if q.Scope != "" {
		args = append(args, q.Scope)
		where += fmt.Sprintf(" AND a.scope = $%d", len(args))
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := app(tx, appID); err != nil {
			return err
		}
		p.Items, p.Total, err = store.ListPage(tx, scanAppUser,
			appUserQuery+` WHERE `+where+` ORDER BY lower(u.first_name), lower(u.last_name), a.id`,
			`SELECT count(*) FROM okta_app_users AS a JOIN okta_users AS u ON u.id = a.user_id
				WHERE `+where, limit, offset, args...)
		return err
	})
	return p, err
}

// AppsOf lists the apps of a user, sorted by label.
func (o *Org) AppsOf(ctx context.Context, userID string) (list []AppUser, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAppUser, appUserQuery+` WHERE a.user_id = $1 ORDER BY lower(p.label)`, userID)
		return err
	})
	return list, err
}

// DefaultAssignment returns the initial values of an assignment form: those that are mapped from the user's profile.
// The profile is empty if userID is.
func (o *Org) DefaultAssignment(ctx context.Context, appID, userID string) (as Assignment, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		schema, err := appSchema(tx, appID)
		if err != nil {
			return err
		}
		if userID == "" {
			as.Profile = map[string]string{}
			return nil
		}
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		subject := subjectOf(tx, application, u)
		if as.UserName, err = userNameOf(application, subject, u); err != nil {
			return err
		}
		subject.UserName = as.UserName
		as.Profile, err = effectiveProfile(schema, subject, map[string]string{}, nil)
		return err
	})
	return as, err
}

// own returns the values of a form that differ from the mapped ones. Only these are stored, so that the others follow
// the user's profile. s is about the user.
func (as Assignment) own(schema []Attribute, s expression.Subject) (map[string]string, error) {
	var check problem.Check
	own := map[string]string{}
	s.UserName = as.UserName
	for _, attribute := range schema {
		text, mapped := strings.TrimSpace(as.Profile[attribute.Name]), ""
		if attribute.Mapping != "" {
			var err error
			if mapped, err = evaluateText(attribute.Mapping, s); err != nil {
				return nil, err
			}
		}
		if text == "" {
			text = mapped
		}
		checkAttribute(&check, attribute, text)
		if text != mapped {
			own[attribute.Name] = text
		}
	}
	return own, check.Err()
}

func checkAttribute(check *problem.Check, attribute Attribute, text string) {
	check.Require(text != "" || !attribute.Required, attribute.Name, attribute.Title+" is required.")
	if text == "" || len(attribute.Enum) == 0 {
		return
	}
	for _, choice := range attribute.Enum {
		if choice.Value == text {
			return
		}
	}
	check.Require(false, attribute.Name, attribute.Title+" must be one of the listed values.")
}

// AssignUser assigns an app to a user individually. An assignment through a group becomes an individual one. Fields
// of the problem: names of attributes.
func (o *Org) AssignUser(ctx context.Context, a Actor, appID, userID string, as Assignment) (au AppUser, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		au, err = o.assignUser(tx, a, appID, userID, as)
		return err
	})
	return au, err
}

func (o *Org) assignUser(tx *store.Tx, a Actor, appID, userID string, as Assignment) (AppUser, error) {
	application, err := app(tx, appID)
	if err != nil {
		return AppUser{}, err
	}
	if application.Status != AppActive {
		return AppUser{}, problem.New(problem.Conflict, "Activate "+application.Label+" before you assign it.")
	}
	u, err := user(tx, userID)
	if err != nil {
		return AppUser{}, err
	}
	if u.Status == Deprovisioned {
		return AppUser{}, stateProblem("assigned an application", u)
	}
	schema, err := appSchema(tx, appID)
	if err != nil {
		return AppUser{}, err
	}
	subject := subjectOf(tx, application, u)
	own, err := as.own(schema, subject)
	if err != nil {
		return AppUser{}, err
	}
	usual, err := userNameOf(application, subject, u)
	if err != nil {
		return AppUser{}, err
	}
	userName := strings.TrimSpace(as.UserName)
	if userName == usual {
		userName = ""
	}
	before, had, err := maybeAppUser(tx, appID, userID)
	if err != nil {
		return AppUser{}, err
	}
	groups, err := appGroupsOf(tx, appID, userID)
	if err != nil {
		return AppUser{}, err
	}
	if !had {
		if err := o.addAppUser(tx, a, appID, u, own, userName, groups); err != nil {
			return AppUser{}, err
		}
		return appUser(tx, appID, userID)
	}
	err = tx.Exec(`UPDATE okta_app_users SET own = $2, custom_name = $3 WHERE id = $1`, before.ID, ownText(own),
		userName != "")
	if err != nil {
		return AppUser{}, err
	}
	after := before
	after.Scope, after.GroupID, after.Own = UserScope, "", own
	if after.UserName = userName; userName == "" {
		after.UserName = usual
	}
	subject.UserName = after.UserName
	if after.Profile, err = effectiveProfile(schema, subject, own, groups); err != nil {
		return AppUser{}, err
	}
	if err := o.writeAppUser(tx, a, application, before, after); err != nil {
		return AppUser{}, err
	}
	return appUser(tx, appID, userID)
}

// UpdateAppUser changes the assignment of an app to a user. An assignment through a group becomes an individual one.
func (o *Org) UpdateAppUser(ctx context.Context, a Actor, appID, userID string, as Assignment) (au AppUser, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := appUser(tx, appID, userID); err != nil {
			return err
		}
		au, err = o.assignUser(tx, a, appID, userID, as)
		return err
	})
	return au, err
}

// UnassignUser removes the individual assignment of an app to a user. A user who also has the app through a group
// keeps it through the group. Conflict when the user has the app only through a group.
func (o *Org) UnassignUser(ctx context.Context, a Actor, appID, userID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		before, err := appUser(tx, appID, userID)
		if err != nil {
			return err
		}
		if before.Own == nil {
			return problem.New(problem.Conflict,
				before.User.Name()+" has the application through the group "+before.GroupName+". "+
					"Remove the user from the group, or the application from the group.")
		}
		if err := tx.Exec(`UPDATE okta_app_users SET own = NULL, custom_name = 0 WHERE id = $1`, before.ID); err != nil {
			return err
		}
		return o.reconcile(tx, a, appID, userID)
	})
}

// AssignableApps lists the active apps for a user, or for a group if userID is empty.
func (o *Org) AssignableApps(ctx context.Context, userID, groupID, text string) (list []AssignableApp, err error) {
	apps, err := o.Apps(ctx, AppQuery{Text: text, Status: AppActive})
	if err != nil {
		return nil, err
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		for _, a := range apps {
			query, id := `SELECT 1 FROM okta_app_groups WHERE app_id = $1 AND group_id = $2`, groupID
			if userID != "" {
				query, id = `SELECT 1 FROM okta_app_users WHERE app_id = $1 AND user_id = $2 AND own IS NOT NULL`, userID
			}
			assigned, err := tx.Exists(query, a.ID, id)
			if err != nil {
				return err
			}
			list = append(list, AssignableApp{App: a, Assigned: assigned})
		}
		return nil
	})
	return list, err
}

// AssignmentErrors counts the assignments in error, by the ID of the app. Apps without one are left out.
func (o *Org) AssignmentErrors(ctx context.Context) (byApp map[string]AssignmentErrors, err error) {
	byApp = map[string]AssignmentErrors{}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT app_id, sum(sync_state = $1), sum(before_prov) FROM okta_app_users
			WHERE sync_state = $1 OR before_prov = 1 GROUP BY app_id`, []any{SyncError}, func(r store.Row) error {
			var app string
			var n AssignmentErrors
			err := r.Scan(&app, &n.Failed, &n.Waiting)
			byApp[app] = n
			return err
		})
	})
	return byApp, err
}

// AssignablePeople lists users for Assign to People, without deactivated ones. Assigned is true for individual
// assignments.
func (o *Org) AssignablePeople(ctx context.Context, appID string, q UserQuery) (p Page[Candidate], err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := app(tx, appID); err != nil {
			return err
		}
		page, err := users(tx, q)
		if err != nil {
			return err
		}
		p.Total, p.Number, p.Size = page.Total, page.Number, page.Size
		for _, u := range page.Items {
			if u.Status == Deprovisioned {
				continue
			}
			assigned, err := tx.Exists(`SELECT 1 FROM okta_app_users WHERE app_id = $1 AND user_id = $2
				AND own IS NOT NULL`, appID, u.ID)
			if err != nil {
				return err
			}
			p.Items = append(p.Items, Candidate{User: u, Assigned: assigned})
		}
		return nil
	})
	return p, err
}

// AssignableGroups lists groups for Assign to Groups.
func (o *Org) AssignableGroups(ctx context.Context, appID, text string) (list []AssignableGroup, err error) {
	groups, err := o.Groups(ctx, GroupQuery{Text: text, Size: 500})
	if err != nil {
		return nil, err
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		for _, g := range groups.Items {
			assigned, err := tx.Exists(`SELECT 1 FROM okta_app_groups WHERE app_id = $1 AND group_id = $2`, appID, g.ID)
			if err != nil {
				return err
			}
			list = append(list, AssignableGroup{Group: g, Assigned: assigned})
		}
		return nil
	})
	return list, err
}

// Tiles lists the apps on a user's My Apps: active, assigned and not hidden.
func (o *Org) Tiles(ctx context.Context, userID string) (tiles []Tile, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		apps, err := store.List(tx, scanApp, appQuery+` JOIN okta_app_users AS au ON au.app_id = a.id
			WHERE au.user_id = $1 AND a.status = $2 ORDER BY lower(a.label)`, userID, AppActive)
		for _, a := range apps {
			if !a.General.Hidden {
				tiles = append(tiles, Tile{AppID: a.ID, Label: a.Label, Path: a.EmbedPath(), Note: a.General.NotesEndUser})
			}
		}
		return err
	})
	return tiles, err
}
