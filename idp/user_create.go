package idp

import (
	"context"
	"encoding/json"
	"errors"
	"net/mail"
	"strings"

	"understudy/idp/password"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// checkProfile trims and checks the attributes of a user profile.
func (o *Org) checkProfile(check *problem.Check, p Profile) {
	for name, text := range p {
		p[name] = strings.TrimSpace(text)
	}
	for _, required := range []struct{ name, label string }{
		{"firstName", "First name"}, {"lastName", "Last name"}, {"login", "Username"}, {"email", "Primary email"},
	} {
		check.Require(p[required.name] != "", required.name, required.label+" is required.")
		check.Require(len(p[required.name]) <= 100, required.name, required.label+" is too long. Use at most 100 characters.")
	}
	check.Require(p["login"] == "" || validEmail(p["login"]), "login", "Username must be in the form of an email address.")
	check.Require(p["email"] == "" || validEmail(p["email"]), "email",
		"Primary email must be in the form of an email address.")
	check.Require(p["secondEmail"] == "" || validEmail(p["secondEmail"]), "secondEmail",
		"Secondary email must be in the form of an email address.")
	if o.options.AllowLogin == nil {
		return
	}
	for _, name := range []string{"login", "email"} {
		if err := o.options.AllowLogin(p[name]); err != nil && p[name] != "" {
			check.Require(false, name, sentenceOf(err))
		}
	}
}

// validEmail reports whether text is one email address (RFC 5322 addr-spec) with a dot in the domain.
func validEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && strings.Contains(text[strings.LastIndex(text, "@"):], ".")
}

// sentenceOf returns the message of an error's first field, else of the error itself.
func sentenceOf(err error) string {
	if p := problem.As(err); p != nil {
		if len(p.Fields) > 0 {
			return p.Fields[0].Message
		}
		return p.Message
	}
	return err.Error()
}

// CreateUser adds a user. Fields of the problem: names of attributes, password.
func (o *Org) CreateUser(ctx context.Context, a Actor, n NewUser) (u User, err error) {
	if n.Profile["login"] == "" {
		n.Profile["login"] = n.Profile["email"]
	}
	var check problem.Check
	o.checkProfile(&check, n.Profile)
	if n.Password != "" {
		policy, err := o.PasswordPolicy(ctx)
		if err != nil {
			return u, err
		}
		policy.Check(&check, "password", n.Password, n.Profile["login"])
	}
	if err := check.Err(); err != nil {
		return u, err
	}
	hash, err := password.Hash(n.Password) // outside the transaction, because it is slow
	if err != nil {
		return u, err
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		u, err = o.createUser(tx, a, n, hash)
		return err
	})
	return u, err
}

// createUser writes a user with the groups, and activates the user if asked for. hash is that of n.Password.
func (o *Org) createUser(tx *store.Tx, a Actor, n NewUser, hash string) (User, error) {
	u, err := insertUser(tx, n.Profile, hash)
	if err != nil {
		return u, err
	}
	if err := succeeded(tx, a, "user.lifecycle.create", u.Target()); err != nil {
		return u, err
	}
	for _, id := range n.GroupIDs {
		if err := o.addMember(tx, a, id, u.ID); err != nil {
			return u, err
		}
	}
	if n.ChangePassword && hash != "" {
		if err := tx.Exec(`UPDATE okta_users SET change_password = 1 WHERE id = $1`, u.ID); err != nil {
			return u, err
		}
	}
	if n.Activate {
		if _, err := o.activate(tx, a, u, n.emailBase(hash)); err != nil {
			return u, err
		}
	}
	if err := o.applyRulesTo(tx, a, u.ID); err != nil {
		return u, err
	}
	return user(tx, u.ID)
}

// emailBase returns [NewUser.EmailBase] where an activation email applies: a user with a password needs no activation link.
func (n NewUser) emailBase(hash string) string {
	if hash != "" {
		return ""
	}
	return n.EmailBase
}

// insertUser writes a staged user, who is a member of Everyone. An empty hash means no password.
func insertUser(tx *store.Tx, p Profile, hash string) (u User, err error) {
	taken, err := tx.Exists(`SELECT 1 FROM okta_users WHERE login_key = $1`, strings.ToLower(p["login"]))
	if err != nil {
		return u, err
	}
	if taken {
		return u, problem.InvalidField("login", "An object with this field already exists in the current organization.")
	}
	profile, err := json.Marshal(p)
	if err != nil {
		return u, err
	}
	id, now := tx.ID("00u"), store.Millis(tx.Now())
	var stored any // password hash or NULL
	var passwordChanged int64
	if hash != "" {
		stored, passwordChanged = hash, now
	}
	err = tx.Exec(`INSERT INTO okta_users (id, status, login, login_key, email, first_name, last_name, search, profile,
		password_hash, created_ms, status_changed_ms, updated_ms, password_changed_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $12)`,
		id, Staged, p["login"], strings.ToLower(p["login"]), p["email"], p["firstName"], p["lastName"], searchText(p),
		string(profile), stored, now, passwordChanged)
	if err != nil {
		return u, err
	}
	err = tx.Exec(`INSERT INTO okta_group_members (group_id, user_id, added_ms) SELECT id, $1, $2 FROM okta_groups
		WHERE type = $3`, id, now, BuiltIn)
	if err != nil {
		return u, err
	}
	return user(tx, id)
}

// UpdateProfile changes the attributes that are in p. Fields of the problem: names of attributes. Conflict for a
// deactivated user.
func (o *Org) UpdateProfile(ctx context.Context, a Actor, id string, p Profile) (u User, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if u, err = user(tx, id); err != nil {
			return err
		}
		if u.Status == Deprovisioned {
			return problem.New(problem.Conflict,
				"The profile of a deactivated user cannot be changed. Activate the user first.")
		}
		login := u.Login()
		for name, text := range p {
			u.Profile[name] = text
		}
		var check problem.Check
		o.checkProfile(&check, u.Profile)
		if !strings.EqualFold(login, u.Login()) {
			taken, err := tx.Exists(`SELECT 1 FROM okta_users WHERE login_key = $1 AND id <> $2`,
				strings.ToLower(u.Login()), u.ID)
			if err != nil {
				return err
			}
			check.Require(!taken, "login", "An object with this field already exists in the current organization.")
		}
		if err := check.Err(); err != nil {
			return err
		}
		if err := saveProfile(tx, u); err != nil {
			return err
		}
		if err := succeeded(tx, a, "user.account.update_profile", u.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: UserProfileChanged, UserID: u.ID, Actor: a}); err != nil {
			return err
		}
		if err := o.applyRulesTo(tx, a, u.ID); err != nil {
			return err
		}
		u, err = user(tx, u.ID)
		return err
	})
	return u, err
}

// activate makes a staged or deactivated user active. A user without a password gets a link to choose one, and an
// email with it if emailBase is not empty.
func (o *Org) activate(tx *store.Tx, a Actor, u User, emailBase string) (link Link, err error) {
	now := store.Millis(tx.Now())
	status := Active
	change, err := tx.Change(`UPDATE okta_users SET change_password = 0 WHERE id = $1 AND change_password = 1`, u.ID)
	if err != nil {
		return link, err
	}
	if change > 0 {
		status = PasswordExpired
	}
	if !u.HasPassword {
		status = Provisioned
		if link, err = newLink(tx, u.ID, purposeActivation); err != nil {
			return link, err
		}
	}
	if err := setStatus(tx, u.ID, status); err != nil {
		return link, err
	}
	if err := tx.Exec(`UPDATE okta_users SET activated_ms = $2 WHERE id = $1`, u.ID, now); err != nil {
		return link, err
	}
	if err := succeeded(tx, a, "user.lifecycle.activate", u.Target()); err != nil {
		return link, err
	}
	if link.Token == "" || emailBase == "" {
		return link, nil
	}
	return link, tx.Mail(store.Mail{
		Sender: "Okta", ToName: u.Name(), ToAddr: u.Email(), Subject: "Activate your account",
		Body: "Hi " + u.FirstName() + ",\n\nAn administrator created an account for you. Choose a password to activate it:\n\n" +
			emailBase + link.Path + "\n\nYour username is " + u.Login() + ". The link works for seven days.\n",
	})
}

var errNotThatState = errors.New("state")

// stateProblem is the error for a life-cycle action that the user's status does not allow.
func stateProblem(action string, u User) error {
	return &problem.Error{Kind: problem.Conflict, Code: "USER_STATE", Err: errNotThatState,
		Message: u.Name() + " cannot be " + action + " while the status is " + u.Status.Label() + "."}
}
