package idp

import (
	"context"

	"understudy/seed/base/store"
)

// OpenSession returns the token of a new session of a user, without a sign-in: nothing is recorded in the System Log. The guide
// opens one to do a step for the learner, and ends it with [Org.EndWindow].
func (o *Org) OpenSession(ctx context.Context, login string, c Client) (token string, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, login)
		if err != nil {
			return err
		}
		var seen, failed int64
		if err := tx.QueryRow(`SELECT last_login_ms, failed_attempts FROM okta_users WHERE id = $1`, u.ID).Scan(&seen, &failed); err != nil {
			return err
		}
		s, err := startSession(tx, u, c)
		if err != nil {
			return err
		}
		token = s.Token
		return tx.Exec(`UPDATE okta_users SET last_login_ms = $2, failed_attempts = $3 WHERE id = $1`, u.ID, seen, failed)
	})
	return token, err
}
