package idp

import (
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// convertible are the people who have an app individually although a group of theirs gives it to them.
const convertible = ` WHERE a.app_id = $1 AND a.own IS NOT NULL AND EXISTS (SELECT 1 FROM okta_app_groups AS ag
	JOIN okta_group_members AS m ON m.group_id = ag.group_id WHERE ag.app_id = a.app_id AND m.user_id = a.user_id)
		ORDER BY u.search, a.id`

// ConvertibleUsers lists whose individual assignments of an app can be converted to their groups'.
func (o *Org) ConvertibleUsers(ctx context.Context, appID string) (list []AppUser, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAppUser, appUserQuery+convertible, appID)
		return err
	})
	return list, err
}

// ConvertAssignments makes individual assignments those of the people's groups: what was typed for the person is given
// up for what the groups say. Conflict when there is nobody to convert. It gives how many it converted.
func (o *Org) ConvertAssignments(ctx context.Context, a Actor, appID string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		list, err := store.List(tx, scanAppUser, appUserQuery+convertible, appID)
		if err != nil {
			return err
		}
		if n = len(list); n == 0 {
			return problem.New(problem.Conflict,
				"There is no individual assignment of somebody who also has the application through a group.")
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
