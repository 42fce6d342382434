package sp

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// OpenSession returns the token of a new session of a member, without a sign-in: nothing is recorded in the audit log. The guide
// opens one to do a step for the learner, and ends it with [Organization.EndWindow].
func (o *Organization) OpenSession(ctx context.Context, email string, c Client) (token string, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		m, found, err := memberByEmail(tx, email)
		if err != nil {
			return err
		}
		if !found || m.Status == MemberInactive {
			return errInactive
		}
		token = tx.Secret(32)
		now := tx.Now()
		return tx.Exec(`INSERT INTO sigma_sessions
			(id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser)
			VALUES ($1, $2, $3, 'guide', $4, $5, $6, $6, $7, $8, $9)`, tx.UUID(), store.Hash(token), m.ID, c.IP, c.UserAgent,
			store.Millis(now), store.Millis(now.Add(time.Hour)), c.Window, c.Browser)
	})
	return token, err
}
