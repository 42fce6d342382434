package idp

import (
	"context"
	"sync"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// SignOnRequest is a request to sign a user on to a SAML app.
type SignOnRequest struct {
	App       App
	Settings  SAMLSettings
	RequestID string // ID of the AuthnRequest; empty for IdP-initiated sign-on
}

// SignOn holds what an assertion contains.
type SignOn struct {
	AppUser      AppUser
	Statements   []Statement
	ResponseID   string // "id" and decimal digits
	AssertionID  string
	SessionIndex string
	At           time.Time // of the response
	AuthTime     time.Time // when the user gave credentials (SAML core 2.7.2)
}

// Statement is an attribute of an assertion with its values.
type Statement struct {
	Name, Format string
	Values       []string
}

// ErrNotAssigned is the error for a user to whom the app is not assigned.
var ErrNotAssigned = &problem.Error{Kind: problem.Forbidden, Code: "NOT_ASSIGNED",
	Message: "User is not assigned to this application"}

// ErrReplayed is the error for an AuthnRequest that was already answered.
var ErrReplayed = &problem.Error{Kind: problem.Invalid, Code: "REPLAYED",
	Message: "This sign-in request was already answered. Start the sign-in again at the application."}

// SeeAuthnRequest stores that an AuthnRequest arrived and returns the time of its first arrival. [ErrReplayed] if it
// was already answered.
func (o *Org) SeeAuthnRequest(ctx context.Context, appID, requestID string) (first time.Time, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`INSERT INTO okta_saml_requests (app_id, request_id, answered_ms, seen_ms) VALUES ($1, $2, 0, $3)
			ON CONFLICT DO NOTHING`,
			appID, requestID, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		var seen, answered int64
		err = tx.QueryRow(`SELECT seen_ms, answered_ms FROM okta_saml_requests WHERE app_id = $1 AND request_id = $2`,
			appID, requestID).Scan(&seen, &answered)
		if err == nil && answered > 0 {
			return ErrReplayed
		}
		first = store.Time(seen)
		return err
	})
	return first, err
}

// SignOn decides whether the user of a session can use an app, and returns what the assertion contains. The decision
// and its System Log events commit together. Errors: [ErrNotAssigned], [ErrReplayed].
func (o *Org) SignOn(ctx context.Context, s Session, c Client, r SignOnRequest) (on SignOn, err error) {
	actor := s.Actor(c)
	var refused error
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		on.AppUser, err = appUser(tx, r.App.ID, s.UserID)
		if problem.Is(err, problem.NotFound) {
			refused = ErrNotAssigned
			_, err := Record(tx, actor, Event{Type: "app.generic.unauth_app_access_attempt", Result: "FAILURE",
				Targets: []LogTarget{r.App.Target()}})
			return err
		}
		if err != nil {
			return err
		}
		if err := answerRequest(tx, r); err != nil {
			return err
		}
		if err := o.fillSignOn(tx, &on, r, s.AuthTime); err != nil {
			return err
		}
		if err := appSession(tx, s, on, r); err != nil {
			return err
		}
		return recordSignOn(tx, actor, s, on, r)
	})
	if err == nil {
		err = refused
	}
	return on, err
}

// fillSignOn sets the IDs, the times and the attribute statements. A fault can set Okta's clock ahead; all times follow it.
func (o *Org) fillSignOn(tx *store.Tx, on *SignOn, r SignOnRequest, authTime time.Time) (err error) {
	skew, err := clockSkew(tx)
	if err != nil {
		return err
	}
	on.At, on.AuthTime = tx.Now().Add(skew), authTime.Add(skew)
	on.ResponseID, on.AssertionID = "id"+tx.RandomDigits(26), "id"+tx.RandomDigits(26)
	if on.SessionIndex = r.RequestID; on.SessionIndex == "" {
		on.SessionIndex = "id" + tx.Digits(26)
	}
	subject := subjectOf(tx, r.App, on.AppUser.User)
	subject.AppUser, subject.UserName, subject.AMR = on.AppUser.Profile, on.AppUser.UserName, []string{"pwd"}
	subject.Groups = sync.OnceValues(subject.Groups)
	for _, statement := range r.Settings.Attributes {
		values, err := statement.Values(subject)
		if err != nil {
			return err
		}
		if len(values) > 0 { // Okta leaves out attributes without a value
			on.Statements = append(on.Statements,
				Statement{Name: statement.Name, Format: statement.NameFormat, Values: values})
		}
	}
	return nil
}

// recordSignOn records the policy decision and the single sign-on. Source of the debug data: Okta's event type
// user.authentication.sso; see idp/OKTA.md.
func recordSignOn(tx *store.Tx, actor Actor, s Session, on SignOn, r SignOnRequest) error {
	policy := Event{Type: "policy.evaluate_sign_on", Result: "ALLOW",
		Reason: "Sign-on policy evaluation resulted in ALLOW", Targets: []LogTarget{
			{ID: "rstdefaultapppolicy0", Type: "PolicyEntity", AlternateID: "unknown", DisplayName: "Any one factor",
				DetailEntry: map[string]string{"policyType": "OktaSignOn"}},
			{ID: "rulcatchallrule00000", Type: "PolicyRule", AlternateID: "unknown", DisplayName: "Catch-all Rule"},
			r.App.Target(),
		}}
	if _, err := Record(tx, actor, policy); err != nil {
		return err
	}
	initiation := "SP_INITIATED"
	if r.RequestID == "" {
		initiation = "IDP_INITIATED"
	}
	app := r.App.Target()
	app.DetailEntry["signOnModeEvaluationResult"] = "AUTHENTICATED"
	_, err := Record(tx, actor, Event{Type: "user.authentication.sso", Targets: []LogTarget{app, on.AppUser.Target()},
		Debug: map[string]string{
			"audience": r.Settings.Audience, "subject": on.AppUser.UserName, "signOnMode": "SAML 2.0", "authenticationClassRef": r.Settings.AuthnContext,
			"authTime": s.AuthTime.Format(logTime), "issuer": r.App.Issuer(), "initiationType": initiation, "authnRequestId": r.RequestID,
			"expiryTime": on.At.Add(r.Settings.Lifetime).Format(logTime), "issuedAt": on.At.Format(logTime), "jti": on.AssertionID, "threatSuspected": "false",
		}})
	return err
}

// RefuseSignOn records that a request was refused before the assignment was checked.
func (o *Org) RefuseSignOn(ctx context.Context, a Actor, app App, reason string) error {
	return o.Record(ctx, a, Event{Type: "user.authentication.sso", Result: "FAILURE", Reason: reason,
		Targets: []LogTarget{app.Target()}})
}

// RefuseWithStatus records that a request is answered with a status and without an assertion. It returns the ID and time of
// the response. [ErrReplayed] if the request was already answered.
func (o *Org) RefuseWithStatus(ctx context.Context, a Actor, r SignOnRequest, reason string) (id string, at time.Time, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		skew, err := clockSkew(tx)
		if err != nil {
			return err
		}
		id, at = "id"+tx.Digits(26), tx.Now().Add(skew)
		if err := answerRequest(tx, r); err != nil {
			return err
		}
		_, err = Record(tx, a, Event{Type: "user.authentication.sso", Result: "FAILURE", Reason: reason,
			Targets: []LogTarget{r.App.Target()}})
		return err
	})
	return id, at, err
}

// answerRequest stores that a request is answered now. [ErrReplayed] if it was answered before.
func answerRequest(tx *store.Tx, r SignOnRequest) error {
	if r.RequestID == "" {
		return nil
	}
	n, err := tx.Change(`INSERT INTO okta_saml_requests (app_id, request_id, answered_ms, seen_ms)
		VALUES ($1, $2, $3, $3)
		ON CONFLICT (app_id, request_id) DO UPDATE SET answered_ms = excluded.answered_ms
			WHERE answered_ms = 0`, r.App.ID, r.RequestID, store.Millis(tx.Now()))
	if err == nil && n == 0 {
		return ErrReplayed
	}
	return err
}
