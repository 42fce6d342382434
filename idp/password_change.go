package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"understudy/idp/password"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// checkNewPassword checks a new password, its repetition and the history. Fields of the problem: newPassword,
// repeatPassword.
func (o *Org) checkNewPassword(ctx context.Context, u User, chosen, repeat string) error {
	policy, err := o.PasswordPolicy(ctx)
	if err != nil {
		return err
	}
	var check problem.Check
	policy.Check(&check, "newPassword", chosen, u.Login())
	check.Require(chosen == repeat, "repeatPassword", "New passwords must match")
	if err := check.Err(); err != nil {
		return err
	}
	current, history, err := o.hashes(ctx, u.ID)
	if err != nil {
		return err
	}
	barred := append([]string{current}, history...)
	for _, old := range barred[:min(len(barred), policy.History)] {
		if old != "" && password.Matches(old, chosen) {
			return problem.InvalidField("newPassword",
				fmt.Sprintf("Password requirements were not met. Your password cannot be any of your last %d passwords.", policy.History))
		}
	}
	return nil
}

// hashes returns the hash of a user's current password and those of older ones, newest first, so that they can be
// compared outside a transaction.
func (o *Org) hashes(ctx context.Context, id string) (current string, history []string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		var list string
		if err := tx.QueryRow(`SELECT coalesce(password_hash, ''), password_history FROM okta_users WHERE id = $1`,
			id).Scan(&current, &list); err != nil {
			return err
		}
		return json.Unmarshal([]byte(list), &history)
	})
	return current, history, err
}

// savePassword stores a new hash and moves the old one to the history.
func savePassword(tx *store.Tx, u User, hash string) error {
	var current, list string
	if err := tx.QueryRow(`SELECT coalesce(password_hash, ''), password_history FROM okta_users WHERE id = $1`,
		u.ID).Scan(&current, &list); err != nil {
		return err
	}
	var history []string
	if err := json.Unmarshal([]byte(list), &history); err != nil {
		return err
	}
	if current != "" {
		history = append([]string{current}, history...)
	}
	policy, err := passwordPolicy(tx)
	if err != nil {
		return err
	}
	if keep := max(policy.History-1, 0); len(history) > keep { // the current password is one of the last History
		history = history[:keep]
	}
	text, err := json.Marshal(history)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_users SET password_hash = $2, password_history = $3, password_changed_ms = $4,
		updated_ms = $4, failed_attempts = 0 WHERE id = $1`,
		u.ID, hash, string(text), store.Millis(tx.Now()))
}

// ChangePassword changes the user's own password. Fields of the problem: oldPassword, newPassword, repeatPassword.
func (o *Org) ChangePassword(ctx context.Context, a Actor, userID, old, chosen, repeat string) error {
	u, err := o.User(ctx, userID)
	if err != nil {
		return err
	}
	current, _, err := o.hashes(ctx, u.ID)
	if err != nil {
		return err
	}
	if !password.Matches(current, old) {
		return problem.InvalidField("oldPassword", "The current password is incorrect.")
	}
	if err := o.checkNewPassword(ctx, u, chosen, repeat); err != nil {
		return err
	}
	hash, err := password.Hash(chosen)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		return o.passwordSet(tx, a, u, hash)
	})
}

// passwordSet stores a new password, records it and makes the user active.
func (o *Org) passwordSet(tx *store.Tx, a Actor, u User, hash string) error {
	if err := savePassword(tx, u, hash); err != nil {
		return err
	}
	if err := succeeded(tx, a, "user.account.update_password", u.Target()); err != nil {
		return err
	}
	if u.Status != Active {
		if err := setStatus(tx, u.ID, Active); err != nil {
			return err
		}
	}
	return o.changed(tx, Change{Kind: PasswordChanged, UserID: u.ID, Actor: a})
}

// ReplacePassword completes a sign-in that required a new password. Fields of the problem: newPassword,
// repeatPassword.
func (o *Org) ReplacePassword(ctx context.Context, c Client, stateToken, chosen, repeat string) (SignIn, error) {
	return o.redeem(ctx, c, stateToken, chosen, repeat, purposeState)
}

// PasswordByLink sets a password through an activation or reset link and signs the user in. Fields of the problem:
// newPassword, repeatPassword.
func (o *Org) PasswordByLink(ctx context.Context, c Client, token, chosen, repeat string) (SignIn, error) {
	return o.redeem(ctx, c, token, chosen, repeat, purposeActivation, purposeReset)
}

// redeem sets the password of the user to whom a token belongs, and signs the user in.
func (o *Org) redeem(ctx context.Context, c Client, token, chosen, repeat string, purposes ...string) (in SignIn,
	err error) {
	var u User
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, token, purposes...)
		return err
	})
	if err != nil {
		return in, err
	}
	if err := o.checkNewPassword(ctx, u, chosen, repeat); err != nil {
		return in, err
	}
	hash, err := password.Hash(chosen)
	if err != nil {
		return in, err
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tokenUser(tx, token, purposes...); err != nil { // the link may have been used in the meantime
			return err
		}
		if err := dropLinks(tx, u.ID); err != nil {
			return err
		}
		if err := o.passwordSet(tx, u.Actor(c), u, hash); err != nil {
			return err
		}
		in.Outcome = SignedIn
		in.Session, err = startSession(tx, u, c)
		return err
	})
	return in, err
}

// ForgotPassword emails a reset link to the user with this login, if there is one and the status allows it. The
// result does not tell whether there is one. emailBase is the base URL of the org for the link.
func (o *Org) ForgotPassword(ctx context.Context, c Client, emailBase, login string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		u, err := user(tx, strings.TrimSpace(login))
		if problem.Is(err, problem.NotFound) {
			return nil
		}
		if err != nil || (u.Status != Active && u.Status != PasswordExpired && u.Status != Recovery) {
			return err
		}
		link, err := newLink(tx, u.ID, purposeReset)
		if err != nil {
			return err
		}
		if err := mailReset(tx, u, emailBase, link); err != nil {
			return err
		}
		return succeeded(tx, u.Actor(c), "user.account.reset_password", u.Target())
	})
}
