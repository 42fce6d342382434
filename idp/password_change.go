package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// passwordCost keeps a room of people who sign in at once quick on two cores; the passwords are of a training lab.
const passwordCost = 4

// maxPassword is what bcrypt can tell apart, in bytes.
const maxPassword = 72

// hashPassword gives the form in which a password is stored; "" for "".
func hashPassword(password string) (string, error) {
	if password == "" {
		return "", nil
	}
	if len(password) > maxPassword {
		return "", problem.InvalidField("password", fmt.Sprintf("Password requirements were not met. Use at most %d characters.", maxPassword))
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), passwordCost)
	return string(hash), err
}

// nobodysHash is compared against when there is nobody of a name, so that the answer takes as long as for somebody.
const nobodysHash = "$2a$04$/JK5hh76eEw4LQU4X4Y.NO8K8toBIAjsuuRxYgJvr0D2ss9pCwN1i"

func passwordMatches(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}

// rule is one requirement with the sentence that lists it.
type passwordRule struct {
	text string
	met  func(password string, p Profile) bool
}

func (p PasswordPolicy) rules() []passwordRule {
	has := func(class func(rune) bool) func(string, Profile) bool {
		return func(password string, _ Profile) bool { return strings.ContainsFunc(password, class) }
	}
	rules := []passwordRule{{fmt.Sprintf("At least %d characters", p.MinLength), func(password string, _ Profile) bool {
		return len([]rune(password)) >= p.MinLength
	}}}
	if p.Lower {
		rules = append(rules, passwordRule{"A lowercase letter", has(unicode.IsLower)})
	}
	if p.Upper {
		rules = append(rules, passwordRule{"An uppercase letter", has(unicode.IsUpper)})
	}
	if p.Number {
		rules = append(rules, passwordRule{"A number", has(unicode.IsDigit)})
	}
	if p.Symbol {
		rules = append(rules, passwordRule{"A symbol", has(func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })})
	}
	if p.NoUsername {
		rules = append(rules, passwordRule{"No parts of your username", withoutParts})
	}
	return rules
}

// withoutParts looks for parts of the user name of four letters or more.
func withoutParts(password string, p Profile) bool {
	password = strings.ToLower(password)
	for _, part := range strings.FieldsFunc(strings.ToLower(p["login"]), func(r rune) bool { return strings.ContainsRune(".,-_#@", r) }) {
		if len(part) >= 4 && strings.Contains(password, part) {
			return false
		}
	}
	return true
}

// Requirements lists the policy's rules as the sign-in pages do.
func (p PasswordPolicy) Requirements() []string {
	var list []string
	for _, rule := range p.rules() {
		list = append(list, rule.text)
	}
	if p.History > 0 {
		list = append(list, fmt.Sprintf("Your password cannot be any of your last %d passwords", p.History))
	}
	return list
}

func checkPassword(check *problem.Check, field string, policy PasswordPolicy, password string, p Profile) {
	var unmet []string
	for _, rule := range policy.rules() {
		if !rule.met(password, p) {
			unmet = append(unmet, rule.text)
		}
	}
	check.Require(len(unmet) == 0, field, "Password requirements were not met. Missing: "+strings.Join(unmet, "; ")+".")
}

// checkNewPassword judges a new password with its repetition. Fields: newPassword, repeatPassword.
func (o *Org) checkNewPassword(ctx context.Context, u User, password, repeat string) error {
	policy, err := o.PasswordPolicy(ctx)
	if err != nil {
		return err
	}
	var check problem.Check
	checkPassword(&check, "newPassword", policy, password, u.Profile)
	check.Require(password == repeat, "repeatPassword", "New passwords must match")
	if err := check.Err(); err != nil {
		return err
	}
	current, history, err := o.hashes(ctx, u.ID)
	if err != nil {
		return err
	}
	barred := append([]string{current}, history...)
	for _, old := range barred[:min(len(barred), policy.History)] {
		if old != "" && passwordMatches(old, password) {
			return problem.InvalidField("newPassword", fmt.Sprintf("Password requirements were not met. Your password cannot be any of your last %d passwords.", policy.History))
		}
	}
	return nil
}

// hashes gives a person's current and older password hashes, so that they can be compared outside a transaction.
func (o *Org) hashes(ctx context.Context, id string) (current string, history []string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		var list string
		if err := tx.QueryRow(`SELECT coalesce(password_hash, ''), password_history FROM okta_users WHERE id = $1`, id).Scan(&current, &list); err != nil {
			return err
		}
		return json.Unmarshal([]byte(list), &history)
	})
	return current, history, err
}

// savePassword writes a new hash and files the old one.
func savePassword(tx *store.Tx, u User, hash string) error {
	var current, list string
	if err := tx.QueryRow(`SELECT coalesce(password_hash, ''), password_history FROM okta_users WHERE id = $1`, u.ID).Scan(&current, &list); err != nil {
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
	if keep := max(policy.History-1, 0); len(history) > keep { // the current one is the first that may not be used again
		history = history[:keep]
	}
	text, err := json.Marshal(history)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_users SET password_hash = $2, password_history = $3, password_changed_ms = $4, updated_ms = $4, failed_attempts = 0 WHERE id = $1`,
		u.ID, hash, string(text), store.Millis(tx.Now()))
}

// ChangePassword changes one's own password. Fields of the problem: oldPassword, newPassword, repeatPassword.
func (o *Org) ChangePassword(ctx context.Context, a Actor, userID, old, password, repeat string) error {
	u, err := o.User(ctx, userID)
	if err != nil {
		return err
	}
	current, _, err := o.hashes(ctx, u.ID)
	if err != nil {
		return err
	}
	if !passwordMatches(current, old) {
		return problem.InvalidField("oldPassword", "The current password is not right.")
	}
	if err := o.checkNewPassword(ctx, u, password, repeat); err != nil {
		return err
	}
	hash, err := hashPassword(password)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		return o.passwordSet(tx, a, u, hash)
	})
}

// passwordSet writes a person's new password and what follows from it.
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

// The purposes of one-time tokens, and how long each lives.
const (
	purposeActivation = "activation"
	purposeReset      = "reset"
	purposeState      = "state"
)

var tokenLife = map[string]time.Duration{purposeActivation: 7 * 24 * time.Hour, purposeReset: time.Hour, purposeState: 10 * time.Minute}

// newToken makes a one-time token; older ones of the same purpose end.
func newToken(tx *store.Tx, userID, purpose string) (string, error) {
	if err := tx.Exec(`DELETE FROM okta_user_tokens WHERE user_id = $1 AND purpose = $2`, userID, purpose); err != nil {
		return "", err
	}
	token := tx.Secret(24)
	return token, tx.Exec(`INSERT INTO okta_user_tokens (hash, user_id, purpose, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)`,
		store.Hash(token), userID, purpose, store.Millis(tx.Now()), store.Millis(tx.Now().Add(tokenLife[purpose])))
}

func newLink(tx *store.Tx, userID, purpose string) (Link, error) {
	token, err := newToken(tx, userID, purpose)
	path := "/welcome/" + token
	if purpose == purposeReset {
		path = "/signin/reset-password/" + token
	}
	return Link{Path: path, Token: token}, err
}

func dropLinks(tx *store.Tx, userID string) error {
	return tx.Exec(`DELETE FROM okta_user_tokens WHERE user_id = $1`, userID)
}

// tokenUser gives whom a token belongs to; NotFound when it is unknown, used or too old.
func tokenUser(tx *store.Tx, token string, purposes ...string) (User, error) {
	for _, purpose := range purposes {
		u, err := store.One(tx, "none", scanUser, `SELECT `+userColumnsOf("u")+` FROM okta_user_tokens AS t JOIN okta_users AS u ON u.id = t.user_id
			WHERE t.hash = $1 AND t.purpose = $2 AND t.expires_ms > $3`, store.Hash(token), purpose, store.Millis(tx.Now()))
		if !problem.Is(err, problem.NotFound) {
			return u, err
		}
	}
	return User{}, &problem.Error{Kind: problem.NotFound, Code: "TOKEN_USED", Message: "This link or page is no longer valid. It was used already, or it is too old."}
}

// StateUser gives whose password is to be changed with a state token.
func (o *Org) StateUser(ctx context.Context, stateToken string) (u User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, stateToken, purposeState)
		return err
	})
	return u, err
}

// LinkUser gives whom an activation or reset link belongs to.
func (o *Org) LinkUser(ctx context.Context, token string) (u User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, token, purposeActivation, purposeReset)
		return err
	})
	return u, err
}

// ReplacePassword finishes a sign-in that asked for a new password. Fields of the problem: newPassword, repeatPassword.
func (o *Org) ReplacePassword(ctx context.Context, c Client, stateToken, password, repeat string) (SignIn, error) {
	return o.redeem(ctx, c, stateToken, password, repeat, purposeState)
}

// PasswordByLink sets a password through an activation or reset link, and signs in.
func (o *Org) PasswordByLink(ctx context.Context, c Client, token, password, repeat string) (SignIn, error) {
	return o.redeem(ctx, c, token, password, repeat, purposeActivation, purposeReset)
}

func (o *Org) redeem(ctx context.Context, c Client, token, password, repeat string, purposes ...string) (in SignIn, err error) {
	var u User
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, token, purposes...)
		return err
	})
	if err != nil {
		return in, err
	}
	if err := o.checkNewPassword(ctx, u, password, repeat); err != nil {
		return in, err
	}
	hash, err := hashPassword(password)
	if err != nil {
		return in, err
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tokenUser(tx, token, purposes...); err != nil { // used meanwhile?
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

// ForgotPassword mails a reset link to an active person of that name; nobody learns whether there is one.
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
