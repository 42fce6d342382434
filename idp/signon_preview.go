package idp

import (
	"context"
	"errors"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// errPreviewed rolls back the transaction of a preview.
var errPreviewed = errors.New("only a preview")

// PreviewSignOn returns what the assertion of [Org.SignOn] would contain, and changes nothing. Conflict when the user
// cannot sign in or the app is not active. Error: [ErrNotAssigned].
func (o *Org) PreviewSignOn(ctx context.Context, userID string, r SignOnRequest) (on SignOn, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		if u.Status != Active && u.Status != PasswordExpired && u.Status != Recovery {
			return problem.New(problem.Conflict, u.Name()+" cannot sign in to Okta: the account is "+u.Status.Label()+".")
		}
		if r.App.Status != AppActive {
			return problem.New(problem.Conflict, "The app "+r.App.Label+" is not active. Activate the app first.")
		}
		on.AppUser, err = appUser(tx, r.App.ID, userID)
		if problem.Is(err, problem.NotFound) {
			return ErrNotAssigned
		}
		if err != nil {
			return err
		}
		if err := o.fillSignOn(tx, &on, r, tx.Now()); err != nil {
			return err
		}
		return errPreviewed
	})
	if errors.Is(err, errPreviewed) {
		err = nil
	}
	return on, err
}
