package idp

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// The matches that an import suggests. Source: Okta help, "User Creation & Matching".
const (
	MatchExact   = "EXACT"   // username or email address
	MatchPartial = "PARTIAL" // first and last name
	MatchNone    = "NONE"
)

// The states of an import.
const (
	ImportRunning = "RUNNING"
	ImportDone    = "DONE"
	ImportFailed  = "FAILED"
)

// Import is the latest import of an app, with its progress while it runs.
type Import struct {
	AppID     string
	State     string // empty if there was no import
	Scanned   int
	Total     int // totalResults of the app's response
	Added     int
	Updated   int
	Unchanged int
	Removed   int
	Groups    int
	Error     string
	Started   time.Time
	Finished  time.Time
}

// ImportUser is a user that an import found at the app and an administrator has to confirm.
type ImportUser struct {
	AppID      string
	ExternalID string
	UserName   string
	FirstName  string
	LastName   string
	Email      string
	Profile    map[string]string // by the variable names of the app user profile
	Match      string
	MatchUser  string // ID of the suggested user; empty for MatchNone
	MatchName  string
	MatchLogin string
}

// ImportChoice is an administrator's decision about an imported user: link to the user UserID, or create a user if
// UserID is empty.
type ImportChoice struct {
	ExternalID string
	UserID     string
	Ignore     bool // do nothing; the next import finds the user again
}

// StartImport queues an import of an app's users, and of its groups where they are imported ("Import Now"). An import
// that is already queued is not queued again.
func (o *Org) StartImport(ctx context.Context, a Actor, appID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled {
			return problem.New(problem.Conflict, provisioningOff)
		}
		waits, err := tx.Exists(`SELECT 1 FROM okta_jobs WHERE lane = $1 AND state = 'queued' AND kind = $2`,
			job.ImportLane(appID), job.ImportUsers)
		if err != nil || waits {
			return err
		}
		if err := beginImport(tx, appID); err != nil {
			return err
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if err := succeeded(tx, a, "system.import.start", application.Target()); err != nil {
			return err
		}
		return o.enqueue(tx, job.Job{Lane: job.ImportLane(appID), Kind: job.ImportUsers, AppID: appID})
	})
}

// beginImport resets the row of an app's latest import to running.
func beginImport(tx *store.Tx, appID string) error {
	return tx.Exec(`INSERT INTO okta_imports (app_id, state, started_ms) VALUES ($1, $2, $3)
		ON CONFLICT (app_id) DO UPDATE SET state = excluded.state, scanned = 0, total = 0, added = 0, updated = 0,
			unchanged = 0, removed = 0,
			groups = 0, error = '', started_ms = excluded.started_ms, finished_ms = 0`, appID, ImportRunning,
		store.Millis(tx.Now()))
}

// BeginImport resets the progress of an import when the runner starts a try.
func (o *Org) BeginImport(ctx context.Context, appID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error { return beginImport(tx, appID) })
}

// Import returns the state of an app's latest import.
func (o *Org) Import(ctx context.Context, appID string) (im Import, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		im, err = importState(tx, appID)
		return err
	})
	return im, err
}

func importState(tx *store.Tx, appID string) (Import, error) {
	im, err := store.One(tx, "none", func(r store.Row) (im Import, err error) {
		var started, finished int64
		err = r.Scan(&im.AppID, &im.State, &im.Scanned, &im.Total, &im.Added, &im.Updated, &im.Unchanged, &im.Removed,
			&im.Groups, &im.Error, &started, &finished)
		im.Started, im.Finished = store.Time(started), store.Time(finished)
		return im, err
	}, `SELECT app_id, state, scanned, total, added, updated, unchanged, removed, groups, error, started_ms, finished_ms
		FROM okta_imports WHERE app_id = $1`, appID)
	if problem.Is(err, problem.NotFound) {
		return Import{AppID: appID}, nil
	}
	return im, err
}

// SaveImportPage stores one page of an import. Users who are linked already are skipped; the others wait for a
// decision, with a suggested match. jobID identifies the import over all its tries.
func (o *Org) SaveImportPage(ctx context.Context, appID string, jobID int64, people []ImportUser, total int) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		im, err := importState(tx, appID)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := saveImportUser(tx, &im, appID, jobID, p); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE okta_imports SET scanned = scanned + $2, total = $3, added = $4, updated = $5,
			unchanged = $6 WHERE app_id = $1`,
			appID, len(people), total, im.Added, im.Updated, im.Unchanged)
	})
}

func saveImportUser(tx *store.Tx, im *Import, appID string, jobID int64, p ImportUser) error {
	linked, err := tx.Exists(`SELECT 1 FROM okta_app_users WHERE app_id = $1 AND external_id = $2`, appID, p.ExternalID)
	if err != nil {
		return err
	}
	if linked {
		im.Unchanged++
		return tx.Exec(`DELETE FROM okta_import_users WHERE app_id = $1 AND external_id = $2`, appID, p.ExternalID)
	}
	if p.Match, p.MatchUser, err = matchImport(tx, p); err != nil {
		return err
	}
	profile, err := json.Marshal(p.Profile)
	if err != nil {
		return err
	}
	known, err := tx.Exists(`SELECT 1 FROM okta_import_users WHERE app_id = $1 AND external_id = $2 AND found_by <> $3`,
		appID, p.ExternalID, jobID)
	if err != nil {
		return err
	}
	if known {
		im.Updated++
	} else {
		im.Added++
	}
	return tx.Exec(`INSERT INTO okta_import_users (app_id, external_id, user_name, first_name, last_name, email,
		profile, match, match_user, seen, found_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (app_id, external_id) DO UPDATE
			SET user_name = excluded.user_name, first_name = excluded.first_name, last_name = excluded.last_name,
			email = excluded.email, profile = excluded.profile, match = excluded.match,
				match_user = excluded.match_user, seen = excluded.seen`,
		appID, p.ExternalID, p.UserName, p.FirstName, p.LastName, p.Email, string(profile), p.Match, p.MatchUser, store.Millis(im.Started), jobID)
}

// matchImport finds the user in Okta who is most likely the imported one: first by username or email address, then by
// first and last name.
func matchImport(tx *store.Tx, p ImportUser) (match, userID string, err error) {
	one := store.Text
	found, err := store.List(tx, one, `SELECT id FROM okta_users WHERE status <> $3
		AND (login_key = $1 OR lower(email) = $2) ORDER BY login_key = $1 DESC LIMIT 1`,
		strings.ToLower(p.UserName), strings.ToLower(p.Email), Deprovisioned)
	if err != nil {
		return "", "", err
	}
	if len(found) > 0 {
		return MatchExact, found[0], nil
	}
	found, err = store.List(tx, one, `SELECT id FROM okta_users WHERE status <> $3 AND first_name = $1
		AND last_name = $2 ORDER BY created_ms LIMIT 1`,
		p.FirstName, p.LastName, Deprovisioned)
	if err != nil || len(found) == 0 {
		return MatchNone, "", err
	}
	return MatchPartial, found[0], nil
}

// ImportFinished marks an import as done within tx. If the import read users, those that it no longer found leave the
// list.
func (o *Org) ImportFinished(tx *store.Tx, appID string, people bool) error {
	var removed int64
	var err error
	if people {
		removed, err = tx.Change(`DELETE FROM okta_import_users WHERE app_id = $1 AND seen < (SELECT started_ms
			FROM okta_imports WHERE app_id = $1)`, appID)
	}
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_imports SET state = $2, removed = $3, finished_ms = $4 WHERE app_id = $1`, appID,
		ImportDone, removed, store.Millis(tx.Now()))
}

// ImportFailed marks an import as failed within tx. reason is a sentence for the administrator.
func (o *Org) ImportFailed(tx *store.Tx, appID, reason string) error {
	return tx.Exec(`UPDATE okta_imports SET state = $2, error = $3, finished_ms = $4 WHERE app_id = $1`, appID,
		ImportFailed, reason, store.Millis(tx.Now()))
}

// ImportUsers lists the imported users that wait for a decision, exact matches first.
func (o *Org) ImportUsers(ctx context.Context, appID string, page, size int) (p Page[ImportUser], err error) {
	number, limit, offset := window(page, size, 25)
	p.Number, p.Size = number, limit
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		if err := tx.QueryRow(`SELECT count(*) FROM okta_import_users WHERE app_id = $1`,
			appID).Scan(&p.Total); err != nil {
			return err
		}
		p.Items, err = store.List(tx, scanImportUser,
			importUserQuery+` WHERE i.app_id = $1
			ORDER BY i.match, lower(i.user_name) LIMIT $2 OFFSET $3`, appID, limit, offset)
		return err
	})
	return p, err
}

// ImportUser returns an imported user that waits for a decision; NotFound when there is none.
func (o *Org) ImportUser(ctx context.Context, appID, externalID string) (p ImportUser, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		p, err = store.One(tx, "One of these users is no longer in the list. Reload the page.", scanImportUser,
			importUserQuery+` WHERE i.app_id = $1 AND i.external_id = $2`, appID, externalID)
		return err
	})
	return p, err
}

const importUserQuery = `SELECT i.app_id, i.external_id, i.user_name, i.first_name, i.last_name, i.email, i.profile,
	i.match, i.match_user,
	coalesce(u.first_name || ' ' || u.last_name, ''), coalesce(u.login, '') FROM okta_import_users AS i
		LEFT JOIN okta_users AS u ON u.id = i.match_user`

func scanImportUser(r store.Row) (p ImportUser, err error) {
	var profile string
	err = r.Scan(&p.AppID, &p.ExternalID, &p.UserName, &p.FirstName, &p.LastName, &p.Email, &profile, &p.Match,
		&p.MatchUser, &p.MatchName, &p.MatchLogin)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(profile), &p.Profile)
}

// ConfirmImport carries out decisions. Each chosen user is assigned the app and linked to the user at the app.
// Without a user in Okta, a staged one is created. Nothing is sent to the app. It returns the number of confirmed
// users.
func (o *Org) ConfirmImport(ctx context.Context, a Actor, appID string, choices []ImportChoice) (n int, err error) {
	for _, c := range choices {
		if c.Ignore {
			continue
		}
		if err := o.confirmImport(ctx, a, appID, c); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// confirmImport carries out one decision.
func (o *Org) confirmImport(ctx context.Context, a Actor, appID string, c ImportChoice) error {
	p, err := o.ImportUser(ctx, appID, c.ExternalID)
	if err != nil {
		return err
	}
	if c.UserID == "" {
		u, err := o.CreateUser(ctx, a, NewUser{Profile: Profile{"firstName": p.FirstName, "lastName": p.LastName,
			"login": p.UserName, "email": orUserName(p)}})
		if err != nil {
			return err
		}
		c.UserID = u.ID
	}
	if _, err := o.AssignUser(ctx, a, appID, c.UserID, Assignment{UserName: p.UserName, Profile: p.Profile}); err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := o.Linked(tx, appID, c.UserID, p.ExternalID); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM okta_import_users WHERE app_id = $1 AND external_id = $2`, appID, p.ExternalID)
	})
}

// orUserName returns the email address, or the username if there is none.
func orUserName(p ImportUser) string {
	if p.Email == "" {
		return p.UserName
	}
	return p.Email
}

// ClearUnconfirmed removes all imported users that wait for a decision.
func (o *Org) ClearUnconfirmed(ctx context.Context, a Actor, appID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Change(`DELETE FROM okta_import_users WHERE app_id = $1`, appID)
		if err != nil || n == 0 {
			return err
		}
		return recordAppAction(tx, a, appID, "Clear Unconfirmed Users", int(n))
	})
}
