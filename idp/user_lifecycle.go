package idp

import (
	"context"
	"slices"

	"understudy/seed/base/store"
)

// move carries out a life-cycle action on a person in one of the states from, in one transaction with its event.
func (o *Org) move(ctx context.Context, a Actor, id, action string, from []UserStatus,
	f func(tx *store.Tx, u User) error) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(from, u.Status) {
			return stateProblem(action, u)
		}
		return f(tx, u)
	})
}

// ActivateUser activates a staged or deactivated person. Without a password they get a link to choose one.
func (o *Org) ActivateUser(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	err = o.move(ctx, a, id, "activated", []UserStatus{Staged, Deprovisioned}, func(tx *store.Tx, u User) error {
		if link, err = o.activate(tx, a, u, emailBase); err != nil {
			return err
		}
		if u.Status == Deprovisioned {
			if err := o.changed(tx, Change{Kind: UserReactivated, UserID: u.ID, Actor: a}); err != nil {
				return err
			}
		}
		return o.settle(tx, a, u.ID)
	})
	return link, err
}

// ReactivateUser sends a person who has not finished activation a new link.
func (o *Org) ReactivateUser(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	err = o.move(ctx, a, id, "sent a new activation link", []UserStatus{Provisioned}, func(tx *store.Tx, u User) error {
		link, err = o.activate(tx, a, u, emailBase)
		return err
	})
	return link, err
}

// DeactivateUser ends a person's access: sessions and links end, app assignments are removed and not restored later.
func (o *Org) DeactivateUser(ctx context.Context, a Actor, id string) error {
	from := []UserStatus{Staged, Provisioned, Active, Suspended, Recovery, PasswordExpired, LockedOut}
	return o.move(ctx, a, id, "deactivated", from, func(tx *store.Tx, u User) error {
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil {
			return err
		}
		if err := setStatus(tx, u.ID, Deprovisioned); err != nil {
			return err
		}
		if err := succeeded(tx, a, "user.lifecycle.deactivate", u.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserDeactivated, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return o.endAssignments(tx, a, u.ID)
	})
}

// SuspendUser keeps a person out until they are unsuspended; assignments stay.
func (o *Org) SuspendUser(ctx context.Context, a Actor, id string) error {
	return o.move(ctx, a, id, "suspended", []UserStatus{Active}, func(tx *store.Tx, u User) error {
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil { // a reset link mailed before would make the person active again
			return err
		}
		if err := setStatus(tx, u.ID, Suspended); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserSuspended, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return succeeded(tx, a, "user.lifecycle.suspend", u.Target())
	})
}

// UnsuspendUser lets a suspended person in again.
func (o *Org) UnsuspendUser(ctx context.Context, a Actor, id string) error {
	return o.move(ctx, a, id, "unsuspended", []UserStatus{Suspended}, func(tx *store.Tx, u User) error {
		if err := setStatus(tx, u.ID, Active); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserUnsuspended, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return succeeded(tx, a, "user.lifecycle.unsuspend", u.Target())
	})
}

// UnlockUser lets a person try again who failed to sign in too often.
func (o *Org) UnlockUser(ctx context.Context, a Actor, id string) error {
	return o.move(ctx, a, id, "unlocked", []UserStatus{LockedOut}, func(tx *store.Tx, u User) error {
		if err := tx.Exec(`UPDATE okta_users SET failed_attempts = 0 WHERE id = $1`, u.ID); err != nil {
			return err
		}
		if err := setStatus(tx, u.ID, Active); err != nil {
			return err
		}
		return succeeded(tx, a, "user.account.unlock_by_admin", u.Target())
	})
}

// DeleteUser removes a deactivated person for good.
func (o *Org) DeleteUser(ctx context.Context, a Actor, id string) error {
	return o.move(ctx, a, id, "deleted", []UserStatus{Deprovisioned}, func(tx *store.Tx, u User) error {
		if err := succeeded(tx, a, "user.lifecycle.delete.initiated", u.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserDeleted, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM okta_users WHERE id = $1`, u.ID)
	})
}

// ExpirePassword makes the next sign-in ask for a new password.
func (o *Org) ExpirePassword(ctx context.Context, a Actor, id string) error {
	return o.move(ctx, a, id, "asked for a new password", []UserStatus{Active, Recovery}, func(tx *store.Tx, u User) error {
		if err := setStatus(tx, u.ID, PasswordExpired); err != nil {
			return err
		}
		return succeeded(tx, a, "user.account.expire_password", u.Target())
	})
}

// ResetPassword sends a person a link to choose a new password; the old one no longer works.
func (o *Org) ResetPassword(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	from := []UserStatus{Active, Recovery, PasswordExpired, LockedOut}
	err = o.move(ctx, a, id, "sent a password reset", from, func(tx *store.Tx, u User) error {
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		if err := setStatus(tx, u.ID, Recovery); err != nil {
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil { // the old password may have begun a forced change
			return err
		}
		if link, err = newLink(tx, u.ID, purposeReset); err != nil {
			return err
		}
		if emailBase != "" {
			if err := mailReset(tx, u, emailBase, link); err != nil {
				return err
			}
		}
		return succeeded(tx, a, "user.account.reset_password", u.Target())
	})
	return link, err
}

func mailReset(tx *store.Tx, u User, base string, link Link) error {
	return tx.Mail(store.Mail{
		Sender: "Okta", ToName: u.Name(), ToAddr: u.Email(), Subject: "Reset your password",
		Body: "Hi " + u.FirstName() + ",\n\nChoose a new password for " + u.Login() + ":\n\n" +
			base + link.Path + "\n\nIf you did not ask for this, tell your administrator. The link works for one hour.\n",
	})
}

// ClearSessions signs a person out everywhere.
func (o *Org) ClearSessions(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, id)
		if err != nil {
			return err
		}
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		return succeeded(tx, a, "user.session.clear", u.Target())
	})
}
