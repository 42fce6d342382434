package idp

import (
	"context"

	"understudy/seed/base/store"
)

// storedSession is a row of okta_sessions.
type storedSession struct {
	id, hash, userID, ip, agent     string
	browser                         string
	created, auth, lastUsed, expiry int64
	window                          int
}

// CarrySessions reads the current sessions. After the lab was restored to another state, restore writes those back
// whose user exists there and is active. So a reset does not sign the browsers out.
func (o *Org) CarrySessions(ctx context.Context) (restore func(context.Context) error, err error) {
	var sessions []storedSession
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		sessions, err = store.List(tx, func(r store.Row) (s storedSession, err error) {
			return s, r.Scan(&s.id, &s.hash, &s.userID, &s.created, &s.auth, &s.lastUsed, &s.expiry, &s.ip, &s.agent,
				&s.window, &s.browser)
		}, `SELECT id, token_hash, user_id, created_ms, auth_ms, last_used_ms, expires_ms, ip, user_agent,
			window_number, browser FROM okta_sessions`)
		return err
	})
	return func(ctx context.Context) error {
		return o.db.Write(ctx, func(tx *store.Tx) error {
			for _, s := range sessions {
				// After the restore, the lab may generate the old ID again for another session.
				s.id = "idx" + tx.Secret(16)
				err := tx.Exec(`INSERT INTO okta_sessions (id, token_hash, user_id, created_ms, auth_ms, last_used_ms,
					expires_ms, ip, user_agent, window_number, browser)
					SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12 WHERE EXISTS (SELECT 1 FROM okta_users
						WHERE id = $3 AND status = $10)
					ON CONFLICT DO NOTHING`, s.id, s.hash, s.userID, s.created, s.auth, s.lastUsed, s.expiry, s.ip,
					s.agent, Active, s.window, s.browser)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}
