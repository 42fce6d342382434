package idp

import (
	"context"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// The purposes of one-time tokens.
const (
	purposeActivation = "activation"
	purposeReset      = "reset"
	purposeState      = "state"
)

// tokenLife is the time after which a token of each purpose expires.
var tokenLife = map[string]time.Duration{purposeActivation: 7 * 24 * time.Hour, purposeReset: time.Hour,
	purposeState: 10 * time.Minute}

// newToken makes a one-time token. Older tokens of the user with the same purpose become invalid.
func newToken(tx *store.Tx, userID, purpose string) (string, error) {
	if err := tx.Exec(`DELETE FROM okta_user_tokens WHERE user_id = $1 AND purpose = $2`, userID, purpose); err != nil {
		return "", err
	}
	token := tx.Secret(24)
	return token, tx.Exec(`INSERT INTO okta_user_tokens (hash, user_id, purpose, created_ms, expires_ms)
		VALUES ($1, $2, $3, $4, $5)`,
		store.Hash(token), userID, purpose, store.Millis(tx.Now()), store.Millis(tx.Now().Add(tokenLife[purpose])))
}

// newLink makes a link with a new token of the purpose: activation or reset.
func newLink(tx *store.Tx, userID, purpose string) (Link, error) {
	token, err := newToken(tx, userID, purpose)
	path := "/welcome/" + token
	if purpose == purposeReset {
		path = "/signin/reset-password/" + token
	}
	return Link{Path: path, Token: token}, err
}

// dropLinks makes all tokens of a user invalid.
func dropLinks(tx *store.Tx, userID string) error {
	return tx.Exec(`DELETE FROM okta_user_tokens WHERE user_id = $1`, userID)
}

// tokenUser returns the user to whom a token belongs; NotFound when the token is unknown, used or expired.
func tokenUser(tx *store.Tx, token string, purposes ...string) (User, error) {
	for _, purpose := range purposes {
		u, err := store.One(tx, "none", scanUser,
			`SELECT `+userColumnsOf("u")+` FROM okta_user_tokens AS t JOIN okta_users AS u ON u.id = t.user_id
			WHERE t.hash = $1 AND t.purpose = $2 AND t.expires_ms > $3`, store.Hash(token), purpose, store.Millis(tx.Now()))
		if !problem.Is(err, problem.NotFound) {
			return u, err
		}
	}
	return User{}, &problem.Error{Kind: problem.NotFound, Code: "TOKEN_USED",
		Message: "This link or page is no longer valid. It was already used, or it has expired."}
}

// StateUser returns the user whose sign-in requires a new password, by the state token.
func (o *Org) StateUser(ctx context.Context, stateToken string) (u User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, stateToken, purposeState)
		return err
	})
	return u, err
}

// LinkUser returns the user to whom an activation or reset link belongs.
func (o *Org) LinkUser(ctx context.Context, token string) (u User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = tokenUser(tx, token, purposeActivation, purposeReset)
		return err
	})
	return u, err
}
