package idp

import (
	"context"
	"encoding/json"

	"understudy/idp/password"
	"understudy/seed/base/store"
)

// PasswordPolicy returns the policy of the org.
func (o *Org) PasswordPolicy(ctx context.Context) (p password.Policy, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		p, err = passwordPolicy(tx)
		return err
	})
	return p, err
}

func passwordPolicy(tx *store.Tx) (p password.Policy, err error) {
	var text string
	if err := tx.QueryRow(`SELECT password_policy FROM okta_org`).Scan(&text); err != nil || text == "" {
		return password.Default, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// UpdatePasswordPolicy changes the policy. The requirements apply to passwords that are set from now on, the maximum age
// to all. Fields of the problem: those of [password.Policy.Validate].
func (o *Org) UpdatePasswordPolicy(ctx context.Context, a Actor, p password.Policy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE okta_org SET password_policy = $1`, string(text)); err != nil {
			return err
		}
		return succeeded(tx, a, "policy.lifecycle.update", LogTarget{
			ID: "00pdefaultpasswordpol", Type: "PolicyEntity", AlternateID: "unknown", DisplayName: "Default Policy",
			DetailEntry: map[string]string{"policyType": "Password"},
		})
	})
}

// expireByAge sets the status PASSWORD_EXPIRED on an active user whose password is older than the policy allows. It returns
// the user with the status that they have then.
func expireByAge(tx *store.Tx, u User) (User, error) {
	if u.Status != Active || !u.HasPassword {
		return u, nil
	}
	policy, err := passwordPolicy(tx)
	if err != nil || !policy.Expired(u.PasswordChanged, tx.Now()) {
		return u, err
	}
	if err := setStatus(tx, u.ID, PasswordExpired); err != nil {
		return u, err
	}
	u.Status = PasswordExpired
	return u, succeeded(tx, System(Client{}), "user.account.expire_password", u.Target())
}
