package lab

import (
	"context"

	"understudy/idp"
	"understudy/seed/base/store"
)

// recordInitial records the users and groups of Okta that a new lab has.
func (l *Lab) recordInitial(ctx context.Context) error {
	users, err := l.Org.Users(ctx, idp.UserQuery{Size: viewSize})
	if err != nil {
		return err
	}
	groups, err := l.Org.Groups(ctx, idp.GroupQuery{Size: viewSize})
	if err != nil {
		return err
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		for _, u := range users.Items {
			if err := tx.Exec(`INSERT INTO lab_initial (id) VALUES ($1)`, u.ID); err != nil {
				return err
			}
		}
		for _, g := range groups.Items {
			if err := tx.Exec(`INSERT INTO lab_initial (id) VALUES ($1)`, g.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// initial returns the IDs of the users and groups that the scenario created.
func (l *Lab) initial(ctx context.Context) (ids map[string]bool, err error) {
	ids = map[string]bool{}
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT id FROM lab_initial`, nil, func(r store.Row) error {
			var id string
			err := r.Scan(&id)
			ids[id] = true
			return err
		})
	})
	return ids, err
}
