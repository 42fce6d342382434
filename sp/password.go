package sp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// resetWindow is how long the link of a password reset works.
const resetWindow = 24 * time.Hour

// commonPasswords are refused. A short list is enough for a lab.
const commonPasswords = " password password1 passw0rd 12345678 123456789 1234567890 qwertyui qwertyuiop qwerty123 " +
	"iloveyou letmein1 welcome1 abc12345 abcd1234 11111111 00000000 sunshine princess football baseball superman trustno1 "

// checkPassword applies Sigma's rule for passwords: at least 8 characters, not common, not similar to the member's email
// address (Sigma help: manage authentication). The 72 bytes are the limit of bcrypt.
func checkPassword(c *problem.Check, email, password string) {
	lower := strings.ToLower(password)
	name, _, _ := strings.Cut(strings.ToLower(email), "@")
	c.Require(len(password) >= 8, "password", "Use at least 8 characters.")
	c.Require(len(password) <= 72, "password", "Use at most 72 characters.")
	c.Require(!strings.Contains(commonPasswords, " "+lower+" "), "password", "This password is too common. Enter another one.")
	c.Require(email == "" || lower != strings.ToLower(email) && lower != name, "password",
		"The password must not be your email address.")
}

// ResetPassword sends a member an email with a link to set a new password. The old password works until the member sets a
// new one. The actor needs the permission Manage users. The reset is refused while SCIM is on, and if the authentication method
// does not include passwords.
func (o *Organization) ResetPassword(ctx context.Context, by Actor, base BaseURL, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		m, err := changePeople(tx, v, "reset passwords", "RESET_PASSWORD", id)
		if err != nil {
			return err
		}
		if m.Status != MemberActive {
			return problem.New(problem.Conflict, m.Name()+" is not an active member.")
		}
		if err := requirePasswords(tx); err != nil {
			return err
		}
		return emailReset(tx, by, base, m)
	})
}

// ForgotPassword sends an active member an email with a link to set a new password. The result does not reveal whether there
// is a member with this address.
func (o *Organization) ForgotPassword(ctx context.Context, c Client, base BaseURL, email string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := requirePasswords(tx); err != nil {
			return err
		}
		m, found, err := memberByEmail(tx, email)
		if err != nil || !found || m.Status != MemberActive {
			return err
		}
		by := Actor{Kind: ByNobody, MemberID: m.ID, Name: m.Name(), Email: m.Email, Client: c}
		return emailReset(tx, by, base, m)
	})
}

// requirePasswords returns an error if the authentication method does not include passwords.
func requirePasswords(tx *store.Tx) error {
	a, err := loadAuthentication(tx)
	if err == nil && !a.Method.Password() {
		err = errPasswordOff
	}
	return err
}

// emailReset sends a link that sets a new password. Only the hash of its token is stored.
func emailReset(tx *store.Tx, by Actor, base BaseURL, m Member) error {
	token := tx.Secret(32)
	if err := tx.Exec(`UPDATE sigma_members SET reset_hash = $1, reset_until_ms = $2 WHERE id = $3`,
		store.Hash(token), store.Millis(tx.Now().Add(resetWindow)), m.ID); err != nil {
		return err
	}
	if err := tx.Mail(store.Mail{Sender: "Sigma", ToName: m.Name(), ToAddr: m.Email, Subject: "Reset your Sigma password",
		Body: fmt.Sprintf("Open this link within 24 hours to choose a new password:\n%s\n\nIf you do not open it, your password does not change.\n",
			base.url("/reset-password/"+token))}); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "RESET_PASSWORD", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email}})
}

// PasswordReset returns the member to whom the token of a password reset belongs.
func (o *Organization) PasswordReset(ctx context.Context, token string) (m Member, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		m, err = memberOfReset(tx, token)
		return err
	})
	return m, err
}

func memberOfReset(tx *store.Tx, token string) (Member, error) {
	return store.One(tx, "This link was used or replaced, or it has expired. Request a new one.", scanMember,
		selectMembers+` WHERE m.reset_hash = $1 AND m.reset_hash <> '' AND m.reset_until_ms > $2 AND m.status = 'active'`,
		store.Hash(token), store.Millis(tx.Now()))
}

// ChoosePassword finishes a password reset. It sets the new password and ends all sessions of the member. Fields of an error:
// password.
func (o *Organization) ChoosePassword(ctx context.Context, c Client, token, password string) error {
	m, err := o.PasswordReset(ctx, token)
	if err != nil {
		return err
	}
	var check problem.Check
	if checkPassword(&check, m.Email, password); check.Err() != nil {
		return check.Err()
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), passwordCost)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := requirePasswords(tx); err != nil {
			return err
		}
		if m, err = memberOfReset(tx, token); err != nil { // another request may have used the token
			return err
		}
		if err := tx.Exec(`UPDATE sigma_members SET password_hash = $1, reset_hash = '' WHERE id = $2`, string(hash), m.ID); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM sigma_sessions WHERE member_id = $1`, m.ID); err != nil {
			return err
		}
		return record(tx, Actor{Kind: ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email, Client: c},
			Event{Type: UserAccounts, Name: "CHANGE_PASSWORD", Object: Object{"member", m.ID, m.Name()}})
	})
}
