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
		token, _, err = insertSession(tx, c, m, "guide", time.Hour)
		return err
	})
	return token, err
}
