package sp

import (
	"context"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// RequestLifetime is how long an AuthnRequest can be answered. A person may have to change a password on the way.
const RequestLifetime = 30 * time.Minute

// AuthnRequest is a request that was sent to the identity provider.
type AuthnRequest struct {
	ID        string
	Window    int    // window of the lab where the sign-on began
	browser   string // hash of the secret of the browser that began it; empty for requests of older versions
	Next      string // path of this half to open after the sign-on
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero until it is answered
}

// BegunIn reports whether the sign-on began in the browser with this secret.
func (q AuthnRequest) BegunIn(browser string) bool {
	return q.browser == "" || q.browser == store.Hash(browser)
}

// StartSignOn stores a new AuthnRequest for an SP-initiated sign-on, and returns it with the present settings. browser is a secret
// of the browser that begins the sign-on. The error is Forbidden, code SAML_OFF, if the authentication method has no SAML part.
func (o *Organization) StartSignOn(
	ctx context.Context, browser string, window int, next string,
) (q AuthnRequest, a Authentication, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if a, err = loadAuthentication(tx); err != nil {
			return err
		}
		if !a.Method.SAML() {
			return &problem.Error{Kind: problem.Forbidden, Code: "SAML_OFF",
				Message: "Single sign-on is turned off for this organization. The authentication method is " + string(a.Method) + "."}
		}
		now := store.Millis(tx.Now())
		if err := tx.DeleteExpired("sigma_authn_requests", tx.Now().Add(-RequestLifetime)); err != nil {
			return err
		}
		// An xs:ID begins with a letter or underscore. The rest must be unguessable.
		q = AuthnRequest{ID: "_" + tx.Secret(20), Window: window, Next: next, CreatedAt: tx.Now(),
			ExpiresAt: tx.Now().Add(RequestLifetime)}
		return tx.Exec(`INSERT INTO sigma_authn_requests (id, window, relay_state, created_ms, expires_ms, browser_hash)
			VALUES ($1, $2, $3, $4, $5, $6)`, q.ID, window, next, now, store.Millis(q.ExpiresAt), store.Hash(browser))
	})
	return q, a, err
}

// SAMLState is the stored state that the checks of a response need, at one moment.
type SAMLState struct {
	Now            time.Time
	Authentication Authentication
	Request        *AuthnRequest // the request with the response's InResponseTo; nil if there is none
	Replayed       bool          // the assertion's ID was already used
	Member         *Member       // the member with the email address in NameID; nil if there is none
}

// SAMLState loads the state that a response refers to. An empty argument finds nothing.
func (o *Organization) SAMLState(ctx context.Context, inResponseTo, assertionID, email string) (s SAMLState, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = samlState(tx, inResponseTo, assertionID, email)
		return err
	})
	return s, err
}

func samlState(tx *store.Tx, inResponseTo, assertionID, email string) (s SAMLState, err error) {
	s.Now = tx.Now()
	if s.Authentication, err = loadAuthentication(tx); err != nil {
		return s, err
	}
	requests, err := store.List(tx, scanAuthnRequest,
		`SELECT id, window, relay_state, created_ms, expires_ms, used_ms, browser_hash FROM sigma_authn_requests WHERE id = $1`, inResponseTo)
	if err != nil {
		return s, err
	}
	if len(requests) > 0 {
		s.Request = &requests[0]
	}
	if s.Replayed, err = tx.Exists(`SELECT 1 FROM sigma_assertions WHERE id = $1`, assertionID); err != nil {
		return s, err
	}
	m, found, err := memberByEmail(tx, email)
	if found {
		s.Member = &m
	}
	return s, err
}

func scanAuthnRequest(r store.Row) (q AuthnRequest, err error) {
	var created, expires, used int64
	err = r.Scan(&q.ID, &q.Window, &q.Next, &created, &expires, &used, &q.browser)
	q.CreatedAt, q.ExpiresAt, q.UsedAt = store.Time(created), store.Time(expires), store.Time(used)
	return q, err
}

// SignOn has the facts of an assertion.
type SignOn struct {
	InResponseTo string // empty: the identity provider started the sign-on
	AssertionID  string
	Expires      time.Time // until then the assertion's ID is remembered
	Email        string
	FirstName    string
	LastName     string
	FullName     string        // used if first and last name are missing
	Roles        []string      // userRole
	Groups       []string      // userGroups
	HasGroups    bool          // the assertion has userGroups, even without values
	SessionLimit time.Duration // refreshTokenTimeoutSecs; 0: the organization's session length
}

// FinishSignOn signs a member in, in one transaction: it marks the request and the assertion as used, finds or creates the
// member, applies roles and groups, and starts the session in the window of the request. c is the browser that sent the
// response.
//
// accept gets the stored state inside the transaction. If it returns false, nothing changes and token is empty.
// FinishSignOn also makes the security checks that depend on the state. Their errors are Forbidden with the code SAML_OFF,
// REQUEST_SPENT, REPLAYED or MEMBER_INACTIVE, or Invalid with the code NAMES_MISSING.
func (o *Organization) FinishSignOn(
	ctx context.Context, c Client, in SignOn, accept func(SAMLState) bool,
) (token string, s Session, state SAMLState, err error) {
	refused := false
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if state, err = samlState(tx, in.InResponseTo, in.AssertionID, in.Email); err != nil {
			return err
		}
		if refused = !accept(state); refused {
			return nil
		}
		if state.Request != nil {
			c.Window = state.Request.Window
		}
		if err := markUsed(tx, state, in); err != nil {
			return err
		}
		by := Actor{Kind: BySSO, Name: "Identity provider", Email: in.Email, Client: c}
		m, err := memberForSignOn(tx, by, state, in)
		if err != nil {
			return err
		}
		if err := applyRole(tx, by, m, in.Roles); err != nil {
			return err
		}
		if in.HasGroups && !state.Authentication.DirectoryOn {
			if err := applyGroups(tx, by, m, in.Groups); err != nil {
				return err
			}
		}
		token, s, err = startSession(tx, c, m, "saml", state.Authentication, in.SessionLimit)
		return err
	})
	if err != nil || refused {
		return "", Session{}, state, err
	}
	return token, s, state, nil
}

// markUsed marks the request and the assertion as used. It refuses those that were used before or have expired.
func markUsed(tx *store.Tx, state SAMLState, in SignOn) error {
	forbidden := func(code, message string) error {
		return &problem.Error{Kind: problem.Forbidden, Code: code, Message: message}
	}
	if !state.Authentication.Method.SAML() {
		return forbidden("SAML_OFF", "Single sign-on is turned off for this organization.")
	}
	if in.InResponseTo != "" {
		if q := state.Request; q == nil || !q.UsedAt.IsZero() || !state.Now.Before(q.ExpiresAt) {
			return forbidden("REQUEST_SPENT", "The sign-in request was already answered, or has expired.")
		}
		if err := tx.Exec(`UPDATE sigma_authn_requests SET used_ms = $1 WHERE id = $2`,
			store.Millis(tx.Now()), in.InResponseTo); err != nil {
			return err
		}
	}
	if err := forgetOldestAssertions(tx); err != nil {
		return err
	}
	n, err := tx.Change(`INSERT INTO sigma_assertions (id, expires_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		in.AssertionID, store.Millis(in.Expires))
	if err == nil && n == 0 {
		return forbidden("REPLAYED", "This SAML response was already used.")
	}
	return err
}

// assertionsKept is the number of used assertions that are remembered.
const assertionsKept = 20_000

// forgetOldestAssertions limits the used assertions by their number, not by their age: the lab's clock can be moved ahead and
// back, and an assertion that has expired then becomes valid again.
func forgetOldestAssertions(tx *store.Tx) error {
	return tx.Exec(`DELETE FROM sigma_assertions WHERE rowid <= (SELECT max(rowid) FROM sigma_assertions) - $1`, assertionsKept-1)
}

// CarryUsedAssertions saves which assertions were used. The returned function adds them after the lab was reset or went back to a
// checkpoint: no assertion is accepted twice.
func (o *Organization) CarryUsedAssertions(ctx context.Context) (restore func(context.Context) error, err error) {
	type used struct {
		id      string
		expires int64
	}
	var saved []used
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		saved, err = store.List(tx, func(r store.Row) (u used, err error) {
			return u, r.Scan(&u.id, &u.expires)
		}, `SELECT id, expires_ms FROM sigma_assertions ORDER BY rowid`)
		return err
	})
	return func(ctx context.Context) error {
		return o.db.Write(ctx, func(tx *store.Tx) error {
			for _, u := range saved {
				err := tx.Exec(`INSERT INTO sigma_assertions (id, expires_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING`, u.id, u.expires)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}

// memberForSignOn returns the member, or creates a new one with the account type Viewer. The Invitation Default is only for
// invited people.
func memberForSignOn(tx *store.Tx, by Actor, state SAMLState, in SignOn) (Member, error) {
	if state.Member != nil {
		if state.Member.Status == MemberInactive {
			return Member{}, errInactive
		}
		return *state.Member, nil
	}
	first, last := strings.TrimSpace(in.FirstName), strings.TrimSpace(in.LastName)
	if first == "" && last == "" {
		first, last, _ = strings.Cut(strings.TrimSpace(in.FullName), " ")
	}
	if first == "" || !validEmail(in.Email) {
		return Member{}, &problem.Error{Kind: problem.Invalid, Code: "NAMES_MISSING",
			Message: "A new member needs firstName and lastName, or fullName, in the assertion."}
	}
	t, err := standardType(tx, StandardViewer)
	if err != nil {
		return Member{}, err
	}
	m, err := addMember(tx, Member{Email: in.Email, FirstName: first, LastName: strings.TrimSpace(last),
		AccountTypeID: t.ID, AccountType: t.Name, Status: MemberActive}, "")
	if err != nil {
		return m, err
	}
	return m, record(tx, by, Event{Type: UserAccounts, Name: "CREATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email, "accountType": t.Name, "via": "saml"}})
}

// applyRole sets the account type from the assertion's userRole: the first value that is an account type. Without such a
// value the member's type does not change.
func applyRole(tx *store.Tx, by Actor, m Member, roles []string) error {
	for _, name := range roles {
		t, found, err := resolveType(tx, name)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if t.ID == m.AccountTypeID {
			return nil
		}
		return setMemberType(tx, by, m, t.ID, t.Name, "The assertion has this account type in userRole.")
	}
	return nil
}

// applyGroups sets the member's teams to those in the assertion's userGroups. Unknown names are ignored.
func applyGroups(tx *store.Tx, by Actor, m Member, groups []string) error {
	named := map[string]bool{}
	for _, g := range groups {
		named[g] = true
	}
	teams, err := store.List(tx, scanTeam, selectTeams+` WHERE t.status = 'active'`)
	if err != nil {
		return err
	}
	for _, t := range teams {
		if named[t.Name] {
			_, err = joinTeam(tx, by, t, m.ID)
		} else {
			_, err = leaveTeam(tx, by, t, m.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
