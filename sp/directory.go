package sp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// DirectoryToken is a bearer token for SCIM. It belongs to the Admin who created it.
type DirectoryToken struct {
	ID         string
	Name       string
	MemberID   string // who created the token
	MemberName string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time // zero: never
	RevokedAt  time.Time
	Problem    string // why the token does not work; empty if it works
}

// Directory is the section Account Type and Team Provisioning.
type Directory struct {
	On      bool
	Offered bool   // Setup is possible
	Reason  string // why Setup is not possible
	Tokens  []DirectoryToken
}

// DirectorySetup is the setup dialog. Fields of an error: understood, name, days.
type DirectorySetup struct {
	Understood bool
	Name       string
	Days       int // until the token expires; 0: never
}

// Directory returns the state of provisioning. Admins only.
func (o *Organization) Directory(ctx context.Context, by Actor) (d Directory, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("see provisioning"); err != nil {
			return err
		}
		a, err := loadAuthentication(tx)
		if err != nil {
			return err
		}
		d.On, d.Reason = a.DirectoryOn, notOffered(a)
		d.Offered = d.Reason == ""
		if d.Tokens, err = store.List(tx, scanDirectoryToken, selectTokens+` ORDER BY k.created_ms DESC, k.id`); err != nil {
			return err
		}
		for i := range d.Tokens {
			access, err := loadDirectoryAccess(tx, d.Tokens[i])
			if err != nil {
				return err
			}
			d.Tokens[i].Problem = access.problem(tx.Now())
		}
		return nil
	})
	return d, err
}

// notOffered says why Setup is not possible; empty if it is.
func notOffered(a Authentication) string {
	if a.Method.Password() {
		return fmt.Sprintf("Provisioning is not possible while members can sign in with a password. The authentication method is %s: "+
			"select SAML first.", a.Method)
	}
	return ""
}

// SetUpDirectory creates a token and turns SCIM on. Only this call returns the token; the database has its hash. Admins
// only.
func (o *Organization) SetUpDirectory(ctx context.Context, by Actor, in DirectorySetup) (
	token string, t DirectoryToken, err error,
) {
	in.Name = strings.TrimSpace(in.Name)
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("set up provisioning"); err != nil {
			return err
		}
		if v.member.ID == "" {
			return problem.New(problem.Forbidden, "A token belongs to the Admin who creates it. Sign in as an Admin.")
		}
		a, err := loadAuthentication(tx)
		if err != nil {
			return err
		}
		if reason := notOffered(a); reason != "" {
			return v.refuse("NOT_OFFERED", reason,
				Event{Type: Provisioning, Name: "CREATE_DIRECTORY_TOKEN", Object: Object{"directoryToken", "", in.Name}})
		}
		var c problem.Check
		c.Require(in.Understood, "understood", "Confirm that you have read and understand the guidance.")
		c.Require(in.Name != "" && len(in.Name) <= 100, "name", "Enter a token name of at most 100 characters.")
		c.Require(in.Days >= 0 && in.Days <= 3650, "days", "Enter a number of days from 1 to 3650, or leave the field empty.")
		if err := c.Err(); err != nil {
			return err
		}
		token = tx.Secret(48)
		t = DirectoryToken{ID: tx.UUID(), Name: in.Name, MemberID: v.member.ID, MemberName: v.member.Name(),
			CreatedAt: tx.Now()}
		if in.Days > 0 {
			t.ExpiresAt = tx.Now().AddDate(0, 0, in.Days)
		}
		if err := tx.Exec(`INSERT INTO sigma_directory_tokens (id, name, hash, member_id, created_ms, expires_ms)
			VALUES ($1, $2, $3, $4, $5, $6)`, t.ID, t.Name, store.Hash(token), t.MemberID, store.Millis(t.CreatedAt), store.Millis(t.ExpiresAt)); err != nil {
			return err
		}
		if err := record(tx, by, Event{Type: Provisioning, Name: "CREATE_DIRECTORY_TOKEN",
			Object: Object{"directoryToken", t.ID, t.Name}}); err != nil {
			return err
		}
		return turnDirectory(tx, by, true, "")
	})
	if err != nil {
		return "", t, err
	}
	return token, t, nil
}

// RevokeDirectoryToken revokes a token. SCIM stays on. Admins only.
func (o *Organization) RevokeDirectoryToken(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("revoke directory tokens"); err != nil {
			return err
		}
		t, err := store.One(tx, "There is no such token.", scanDirectoryToken, selectTokens+` WHERE k.id = $1`, id)
		if err != nil || !t.RevokedAt.IsZero() {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_directory_tokens SET revoked_ms = $1 WHERE id = $2`, store.Millis(tx.Now()), id); err != nil {
			return err
		}
		return record(tx, by, Event{Type: Provisioning, Name: "REVOKE_DIRECTORY_TOKEN",
			Object: Object{"directoryToken", id, t.Name}})
	})
}

// SetDirectoryOn turns SCIM off ("Disable provisioning"), so that people and teams can be edited again, or on. Admins only.
func (o *Organization) SetDirectoryOn(ctx context.Context, by Actor, on bool) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("turn provisioning on or off"); err != nil {
			return err
		}
		a, err := loadAuthentication(tx)
		if err != nil || a.DirectoryOn == on {
			return err
		}
		if reason := notOffered(a); on && reason != "" {
			return v.refuse("NOT_OFFERED", reason, Event{Type: Provisioning, Name: "ENABLE_PROVISIONING"})
		}
		return turnDirectory(tx, by, on, "")
	})
}

// turnDirectory turns SCIM on or off. It does nothing if the state does not change.
func turnDirectory(tx *store.Tx, by Actor, on bool, reason string) error {
	n, err := tx.Change(`UPDATE sigma_organization SET directory_on = $1 WHERE id = 1 AND directory_on <> $1`, flag(on))
	if err != nil || n == 0 {
		return err
	}
	name := "DISABLE_PROVISIONING"
	if on {
		name = "ENABLE_PROVISIONING"
	}
	return record(tx, by, Event{Type: Provisioning, Name: name, Reason: reason,
		Object: Object{"provisioning", "", "Account Type and Team Provisioning"}})
}

// AuthenticateDirectory returns the Admin to whom a bearer token belongs. The error is Unauthenticated, code
// DIRECTORY_TOKEN, if the token is unknown, revoked or expired, if SCIM is off, or if the member is no longer an active
// Admin. The message says which.
func (o *Organization) AuthenticateDirectory(ctx context.Context, bearer string, c Client) (by Actor, err error) {
	by = Actor{Kind: ByToken, Client: c}
	now, message := o.db.Now(), "The bearer token is missing or unknown."
	var access directoryAccess
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		access, err = keptDirectoryAccess(tx, store.Hash(bearer))
		return err
	})
	token := access.token
	var about Object
	switch known := bearer != "" && !problem.Is(err, problem.NotFound); {
	case known && err != nil:
		return Actor{}, err
	case known:
		by.MemberID, by.Name, by.Email = access.owner.ID, access.owner.Name(), access.owner.Email
		message, about = access.problem(now), Object{"directoryToken", token.ID, token.Name}
	}
	if message != "" {
		failed := Event{Type: Provisioning, Name: "DIRECTORY_REQUEST", Failure: true, Reason: message, Object: about}
		if err := o.Record(ctx, by, failed); err != nil {
			return Actor{}, err
		}
		return Actor{}, &problem.Error{Kind: problem.Unauthenticated, Code: "DIRECTORY_TOKEN", Message: message}
	}
	// Writing at most once a minute saves a write for every request of a large push.
	if now.Sub(token.LastUsedAt) >= time.Minute {
		err = o.db.Write(ctx, func(tx *store.Tx) error {
			return tx.Exec(`UPDATE sigma_directory_tokens SET last_used_ms = $1 WHERE id = $2`, store.Millis(tx.Now()), token.ID)
		})
	}
	if err != nil {
		return Actor{}, err
	}
	return by, nil
}

// directoryAccess is what decides whether a directory token works.
type directoryAccess struct {
	token          DirectoryToken
	owner          Member // who created the token
	ownerIsAdmin   bool
	authentication Authentication
}

type directoryAccessKey string // hash of a token

// keptDirectoryAccess finds a token by its hash. The error is NotFound if there is none.
func keptDirectoryAccess(tx *store.Tx, hash string) (directoryAccess, error) {
	return store.Keep(tx, directoryAccessKey(hash), func() (directoryAccess, error) {
		t, err := store.OneByRow(tx, []string{"sigma_directory_tokens", "sigma_members"}, "There is no such token.", scanDirectoryToken,
			`SELECT k.rowid, m.rowid, `+tokenColumns+tokenFrom+` WHERE k.hash = $1`, hash)
		if err != nil {
			return directoryAccess{}, err
		}
		return loadDirectoryAccess(tx, t)
	})
}

func loadDirectoryAccess(tx *store.Tx, t DirectoryToken) (a directoryAccess, err error) {
	a.token = t
	if a.owner, err = keptMember(tx, t.MemberID); err != nil {
		return a, err
	}
	kind, err := keptAccountType(tx, a.owner.AccountTypeID)
	if err != nil {
		return a, err
	}
	a.ownerIsAdmin = kind.Admin()
	a.authentication, err = keptAuthentication(tx)
	return a, err
}

// problem says why a token does not work; empty if it works.
func (a directoryAccess) problem(now time.Time) string {
	t := a.token
	switch {
	case !t.RevokedAt.IsZero():
		return fmt.Sprintf("The token %q has been revoked.", t.Name)
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return fmt.Sprintf("The token %q has expired.", t.Name)
	case a.owner.Status != MemberActive:
		return fmt.Sprintf("%s, who created the token %q, has been deactivated. Set up provisioning again as another Admin.",
			t.MemberName, t.Name)
	case !a.ownerIsAdmin:
		return fmt.Sprintf("%s, who created the token %q, is no longer an Admin. Set up provisioning again as another Admin.",
			t.MemberName, t.Name)
	case a.authentication.Method.Password():
		return fmt.Sprintf("Provisioning does not work while the authentication method is %s.", a.authentication.Method)
	case !a.authentication.DirectoryOn:
		return "Provisioning is turned off in Sigma."
	}
	return ""
}

const (
	tokenColumns = `k.id, k.name, k.member_id, trim(m.first_name || ' ' || m.last_name), k.created_ms,
	k.last_used_ms, k.expires_ms, k.revoked_ms`
	tokenFrom    = ` FROM sigma_directory_tokens k JOIN sigma_members m ON m.id = k.member_id`
	selectTokens = `SELECT ` + tokenColumns + tokenFrom
)

func scanDirectoryToken(r store.Row) (t DirectoryToken, err error) {
	var created, used, expires, revoked int64
	err = r.Scan(&t.ID, &t.Name, &t.MemberID, &t.MemberName, &created, &used, &expires, &revoked)
	t.CreatedAt, t.LastUsedAt = store.Time(created), store.Time(used)
	t.ExpiresAt, t.RevokedAt = store.Time(expires), store.Time(revoked)
	return t, err
}
