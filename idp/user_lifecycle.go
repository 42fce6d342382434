package idp

import (
	"context"
	"slices"

	"understudy/seed/base/store"
)

// changeStatus carries out a life-cycle action on a user whose status is in from. f writes the change and its event in the
// same transaction. action completes "cannot be …".
func (o *Org) changeStatus(ctx context.Context, a Actor, id, action string, from []UserStatus,
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

// ActivateUser activates a staged or deactivated user. A user without a password gets a link to choose one. emailBase
// is the base URL of the org for an email with the link; empty: no email.
func (o *Org) ActivateUser(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	err = o.changeStatus(ctx, a, id, "activated", []UserStatus{Staged, Deprovisioned}, func(tx *store.Tx, u User) error {
		if link, err = o.activate(tx, a, u, emailBase); err != nil {
			return err
		}
		if u.Status == Deprovisioned {
			if err := o.changed(tx, Change{Kind: UserReactivated, UserID: u.ID, Actor: a}); err != nil {
				return err
			}
		}
		return o.applyRulesTo(tx, a, u.ID)
	})
	return link, err
}

// ReactivateUser gives a user who has not completed the activation a new link. emailBase: see [Org.ActivateUser].
func (o *Org) ReactivateUser(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	err = o.changeStatus(ctx, a, id, "sent a new activation link", []UserStatus{Provisioned}, func(tx *store.Tx, u User) error {
		link, err = o.activate(tx, a, u, emailBase)
		return err
	})
	return link, err
}

// DeactivateUser ends a user's access: sessions and links end, and app assignments are removed.
func (o *Org) DeactivateUser(ctx context.Context, a Actor, id string) error {
	from := []UserStatus{Staged, Provisioned, Active, Suspended, Recovery, PasswordExpired, LockedOut}
	return o.changeStatus(ctx, a, id, "deactivated", from, func(tx *store.Tx, u User) error {
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

// SuspendUser ends the sessions of an active user and prevents new ones. Assignments stay.
func (o *Org) SuspendUser(ctx context.Context, a Actor, id string) error {
	return o.changeStatus(ctx, a, id, "suspended", []UserStatus{Active}, func(tx *store.Tx, u User) error {
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil { // an earlier reset link would make the user active
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

// UnsuspendUser makes a suspended user active.
func (o *Org) UnsuspendUser(ctx context.Context, a Actor, id string) error {
	return o.changeStatus(ctx, a, id, "unsuspended", []UserStatus{Suspended}, func(tx *store.Tx, u User) error {
		if err := setStatus(tx, u.ID, Active); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserUnsuspended, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return succeeded(tx, a, "user.lifecycle.unsuspend", u.Target())
	})
}

// UnlockUser makes a user active who was locked out after too many failed sign-ins.
func (o *Org) UnlockUser(ctx context.Context, a Actor, id string) error {
	return o.changeStatus(ctx, a, id, "unlocked", []UserStatus{LockedOut}, func(tx *store.Tx, u User) error {
		if err := tx.Exec(`UPDATE okta_users SET failed_attempts = 0 WHERE id = $1`, u.ID); err != nil {
			return err
		}
		if err := setStatus(tx, u.ID, Active); err != nil {
			return err
		}
		return succeeded(tx, a, "user.account.unlock_by_admin", u.Target())
	})
}

// DeleteUser deletes a deactivated user. The user's events stay in the System Log.
func (o *Org) DeleteUser(ctx context.Context, a Actor, id string) error {
	return o.changeStatus(ctx, a, id, "deleted", []UserStatus{Deprovisioned}, func(tx *store.Tx, u User) error {
		if err := succeeded(tx, a, "user.lifecycle.delete.initiated", u.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserDeleted, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM okta_users WHERE id = $1`, u.ID)
	})
}

// ExpirePassword makes the next sign-in require a new password.
func (o *Org) ExpirePassword(ctx context.Context, a Actor, id string) error {
	return o.changeStatus(ctx, a, id, "asked for a new password", []UserStatus{Active, Recovery}, func(tx *store.Tx, u User) error {
		if err := setStatus(tx, u.ID, PasswordExpired); err != nil {
			return err
		}
		return succeeded(tx, a, "user.account.expire_password", u.Target())
	})
}

// ResetPassword makes a link for a new password and makes the old password invalid. emailBase: see
// [Org.ActivateUser].
func (o *Org) ResetPassword(ctx context.Context, a Actor, id, emailBase string) (link Link, err error) {
	from := []UserStatus{Active, Recovery, PasswordExpired, LockedOut}
	err = o.changeStatus(ctx, a, id, "sent a password reset", from, func(tx *store.Tx, u User) error {
		if err := endSessions(tx, u.ID); err != nil {
			return err
		}
		if err := setStatus(tx, u.ID, Recovery); err != nil {
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil { // a sign-in that requires a new password may be under way
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

// mailReset emails a reset link. base is the base URL of the org.
func mailReset(tx *store.Tx, u User, base string, link Link) error {
	return tx.Mail(store.Mail{
		Sender: "Okta", ToName: u.Name(), ToAddr: u.Email(), Subject: "Reset your password",
		Body: "Hi " + u.FirstName() + ",\n\nChoose a new password for " + u.Login() + ":\n\n" +
			base + link.Path + "\n\nIf you did not ask for this, tell your administrator. The link works for one hour.\n",
	})
}

// ClearSessions ends all sessions of a user.
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
