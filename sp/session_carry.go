package sp

import (
	"context"

	"understudy/seed/base/store"
)

// savedSession is a row of sigma_sessions.
type savedSession struct {
	id, hash, memberID, via, ip, agent string
	browser                            string
	created, seen, expiry              int64
	window                             int
}

// CarrySessions saves the present sessions. The returned function restores them after the lab was reset to a checkpoint. It
// leaves out the sessions of members who do not exist there or are inactive.
func (o *Organization) CarrySessions(ctx context.Context) (restore func(context.Context) error, err error) {
	var saved []savedSession
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		saved, err = store.List(tx, func(r store.Row) (s savedSession, err error) {
			return s, r.Scan(&s.id, &s.hash, &s.memberID, &s.via, &s.ip, &s.agent, &s.created, &s.seen, &s.expiry,
				&s.window, &s.browser)
		}, `SELECT id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser
			FROM sigma_sessions`)
		return err
	})
	return func(ctx context.Context) error {
		return o.db.Write(ctx, func(tx *store.Tx) error {
			for _, s := range saved {
				// The identifiers of the lab continue from the checkpoint, so the old id may be issued again.
				s.id = tx.Secret(16)
				carried, err := tx.Change(`INSERT INTO sigma_sessions
					(id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser)
					SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12
					WHERE EXISTS (SELECT 1 FROM sigma_members WHERE id = $3 AND status <> $10) ON CONFLICT DO NOTHING`,
					s.id, s.hash, s.memberID, s.via, s.ip, s.agent, s.created, s.seen, s.expiry, MemberInactive, s.window, s.browser)
				if err != nil {
					return err
				}
				if carried == 0 {
					continue
				}
				m, err := loadMember(tx, s.memberID)
				if err == nil {
					err = ensureHome(tx, m) // the checkpoint can be older than the first sign-in
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}
