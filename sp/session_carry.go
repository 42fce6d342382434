package sp

import (
	"context"

	"understudy/seed/base/store"
)

// heldSession is a session as it is kept.
type heldSession struct {
	id, hash, memberID, via, ip, agent string
	browser                            string
	created, seen, expiry              int64
	window                             int
}

// CarrySessions remembers who is signed in now. The function that it gives signs the same browsers in again, once the lab
// has been taken to another point in time, where there is such a member who is not inactive; others stay signed out.
func (o *Organization) CarrySessions(ctx context.Context) (restore func(context.Context) error, err error) {
	var held []heldSession
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		held, err = store.List(tx, func(r store.Row) (s heldSession, err error) {
			return s, r.Scan(&s.id, &s.hash, &s.memberID, &s.via, &s.ip, &s.agent, &s.created, &s.seen, &s.expiry, &s.window, &s.browser)
		}, `SELECT id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser FROM sigma_sessions`)
		return err
	})
	return func(ctx context.Context) error {
		return o.db.Write(ctx, func(tx *store.Tx) error {
			for _, s := range held {
				// The lab's identifiers begin again where the restored file left off, so the old id may be given out once more.
				s.id = tx.Secret(16)
				err := tx.Exec(`INSERT INTO sigma_sessions (id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser)
					SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12 WHERE EXISTS (SELECT 1 FROM sigma_members WHERE id = $3 AND status <> $10)
					ON CONFLICT DO NOTHING`, s.id, s.hash, s.memberID, s.via, s.ip, s.agent, s.created, s.seen, s.expiry, MemberInactive, s.window, s.browser)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}
