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

// commonPasswords are refused; what is a variant of one is too easy as well, but a lab needs no larger list.
const commonPasswords = " password password1 passw0rd 12345678 123456789 1234567890 qwertyui qwertyuiop qwerty123 iloveyou letmein1 welcome1 abc12345 abcd1234 11111111 00000000 sunshine princess football baseball superman trustno1 "

// checkPassword holds a new password to Sigma's rule: at least 8 characters, not common, not similar to what is known of
// its owner (Sigma help: manage authentication).
func checkPassword(c *problem.Check, email, password string) {
	lower := strings.ToLower(password)
	name, _, _ := strings.Cut(strings.ToLower(email), "@")
	c.Require(len(password) >= 8, "password", "Use at least 8 characters.")
	c.Require(len(password) <= 72, "password", "Use at most 72 characters.")
	c.Require(!strings.Contains(commonPasswords, " "+lower+" "), "password", "This password is too common. Choose another one.")
	c.Require(email == "" || lower != strings.ToLower(email) && lower != name, "password", "Choose a password that is not your e-mail address.")
}

// ResetPassword mails a member a link to choose a new password; the present one works until then. Refused while SCIM is on,
// and where nobody signs in with a password.
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

// ForgotPassword mails an active member a link to choose a new password. Whether there is such a member is not told.
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

func requirePasswords(tx *store.Tx) error {
	a, err := loadAuthentication(tx)
	if err == nil && !a.Method.Password() {
		err = errPasswordOff
	}
	return err
}

func emailReset(tx *store.Tx, by Actor, base BaseURL, m Member) error {
	token := tx.Secret(32)
	if err := tx.Exec(`UPDATE sigma_members SET reset_hash = $1, reset_until_ms = $2 WHERE id = $3`,
		store.Hash(token), store.Millis(tx.Now().Add(resetWindow)), m.ID); err != nil {
		return err
	}
	if err := tx.Mail(store.Mail{Sender: "Sigma", ToName: m.Name(), ToAddr: m.Email, Subject: "Reset your Sigma password",
		Body: fmt.Sprintf("Open this link within 24 hours to choose a new password:\n%s\n\nWithout that, your password stays as it is.\n",
			base.url("/reset-password/"+token))}); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "RESET_PASSWORD", Object: Object{"member", m.ID, m.Name()}, Detail: map[string]string{"email": m.Email}})
}

// PasswordReset gives the member behind the link of a password reset.
func (o *Organization) PasswordReset(ctx context.Context, token string) (m Member, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		m, err = resetting(tx, token)
		return err
	})
	return m, err
}

func resetting(tx *store.Tx, token string) (Member, error) {
	return store.One(tx, "This link has been used, replaced, or is too old. Ask for a new one.", scanMember,
		memberColumns+` WHERE m.reset_hash = $1 AND m.reset_hash <> '' AND m.reset_until_ms > $2 AND m.status = 'active'`,
		store.Hash(token), store.Millis(tx.Now()))
}

// ChoosePassword ends a password reset: the member has the new password, and no browser is signed in with the old one.
// Fields of a problem: password.
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
		if m, err = resetting(tx, token); err != nil { // it counts once only
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
