package idp

import (
	"context"
	"database/sql"
	"errors"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func isAdmin(tx *store.Tx, userID string) (bool, error) {
	return tx.Exists(`SELECT 1 FROM okta_user_roles WHERE user_id = $1`, userID)
}

// Roles lists a user's administrator roles.
func (o *Org) Roles(ctx context.Context, userID string) (list []RoleAssignment, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, func(r store.Row) (role RoleAssignment, err error) {
			var granted int64
			err = r.Scan(&role.Role, &granted)
			role.Label, role.Granted = "Super Administrator", store.Time(granted)
			return role, err
		}, `SELECT role, granted_ms FROM okta_user_roles WHERE user_id = $1 ORDER BY role`, userID)
		return err
	})
	return list, err
}

// GrantRole gives a user an administrator role. Field of the problem: role.
func (o *Org) GrantRole(ctx context.Context, a Actor, userID, role string) error {
	if role != SuperAdmin {
		return problem.InvalidField("role", "Choose a role.")
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		if u.Status == Deprovisioned {
			return stateProblem("made an administrator", u)
		}
		n, err := tx.Change(`INSERT INTO okta_user_roles (user_id, role, granted_ms) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, u.ID, role, store.Millis(tx.Now()))
		if err != nil || n == 0 {
			return err
		}
		return succeeded(tx, a, "user.account.privilege.grant", u.Target())
	})
}

// RevokeRole takes an administrator role from a user. Conflict for the last active Super Administrator, because
// nobody could grant the role again.
func (o *Org) RevokeRole(ctx context.Context, a Actor, userID, role string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		others, err := tx.Exists(`SELECT 1 FROM okta_user_roles AS r JOIN okta_users AS u ON u.id = r.user_id
			WHERE r.role = $1 AND u.id <> $2 AND u.status = $3`, role, u.ID, Active)
		if err != nil {
			return err
		}
		if !others {
			return problem.New(problem.Conflict, u.Name()+" is the last Super Administrator and keeps the role.")
		}
		n, err := tx.Change(`DELETE FROM okta_user_roles WHERE user_id = $1 AND role = $2`, u.ID, role)
		if err != nil || n == 0 {
			return err
		}
		return succeeded(tx, a, "user.account.privilege.revoke", u.Target())
	})
}

// Administrators lists the users with an administrator role, sorted by name.
func (o *Org) Administrators(ctx context.Context) (list []User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanUser, `SELECT `+userColumns+` FROM okta_users WHERE id IN (SELECT user_id
			FROM okta_user_roles) ORDER BY lower(first_name), lower(last_name)`)
		return err
	})
	return list, err
}
