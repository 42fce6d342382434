package idp

import (
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// convertible selects the individual assignments of users who also have the app through a group.
const convertible = ` WHERE a.app_id = $1 AND a.own IS NOT NULL AND EXISTS (SELECT 1 FROM okta_app_groups AS ag
	JOIN okta_group_members AS m ON m.group_id = ag.group_id WHERE ag.app_id = a.app_id AND m.user_id = a.user_id)
		ORDER BY u.search, a.id`

// ConvertibleUsers lists the individual assignments of an app that can be converted to group assignments.
func (o *Org) ConvertibleUsers(ctx context.Context, appID string) (list []AppUser, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAppUser, appUserQuery+convertible, appID)
		return err
	})
	return list, err
}

// ConvertAssignments converts individual assignments to group assignments. The values typed on the individual
// assignments are replaced by those of the groups. It returns the number of converted assignments; Conflict when there
// are none.
func (o *Org) ConvertAssignments(ctx context.Context, a Actor, appID string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		list, err := store.List(tx, scanAppUser, appUserQuery+convertible, appID)
		if err != nil {
			return err
		}
		if n = len(list); n == 0 {
			return problem.New(problem.Conflict,
				"No user has the application both individually and through a group.")
		}
		for _, au := range list {
			if err := tx.Exec(`UPDATE okta_app_users SET own = NULL, custom_name = 0 WHERE id = $1`, au.ID); err != nil {
				return err
			}
			if err := o.reconcile(tx, a, appID, au.UserID); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
