package idp

import (
	"cmp"
	"context"
	"strings"
	"time"

	"understudy/idp/job"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Integration holds the settings of an app's Provisioning tab.
type Integration struct {
	AppID           string
	Enabled         bool
	BaseURL         string // SCIM 2.0 base URL, without a trailing slash
	Token           string // bearer token; pages never show it
	ImportGroups    bool
	CreateUsers     bool
	UpdateUsers     bool
	DeactivateUsers bool
	LastUpdated     time.Time
}

// Credentials is the input of Configure API Integration. An empty token keeps the current one.
type Credentials struct {
	Enabled      bool
	BaseURL      string
	Token        string
	ImportGroups bool
}

// ToApp is the input of Provisioning > To App.
type ToApp struct {
	CreateUsers     bool
	UpdateUsers     bool
	DeactivateUsers bool
}

const integrationColumns = `app_id, enabled, base_url, token, import_groups, create_users, update_users,
	deactivate_users, updated_ms`

// Integration returns an app's provisioning settings; all off if they were never saved.
func (o *Org) Integration(ctx context.Context, appID string) (in Integration, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := app(tx, appID); err != nil {
			return err
		}
		in, err = integration(tx, appID)
		return err
	})
	return in, err
}

// integration loads the provisioning settings of an app. If there are none, all is off and groups would be imported.
func integration(tx *store.Tx, appID string) (Integration, error) {
	in, err := store.One(tx, "none", scanIntegration,
		`SELECT `+integrationColumns+` FROM okta_integrations WHERE app_id = $1`, appID)
	if problem.Is(err, problem.NotFound) {
		return Integration{AppID: appID, ImportGroups: true}, nil
	}
	return in, err
}

func scanIntegration(r store.Row) (in Integration, err error) {
	var updated int64
	err = r.Scan(&in.AppID, &in.Enabled, &in.BaseURL, &in.Token, &in.ImportGroups, &in.CreateUsers, &in.UpdateUsers,
		&in.DeactivateUsers, &updated)
	in.LastUpdated = store.Time(updated)
	return in, err
}

// CheckCredentials returns the credentials as they would be saved, with the current token if none was typed. Fields of
// the problem: baseUrl, token.
func (o *Org) CheckCredentials(ctx context.Context, appID string, c Credentials) (Credentials, error) {
	in, err := o.Integration(ctx, appID)
	if err != nil {
		return c, err
	}
	return checkCredentials(address.From(ctx), in, c)
}

// checkCredentials trims and checks credentials. The token is sent as an HTTP header (RFC 6750 section 2.1), so it
// has no spaces or control characters.
func checkCredentials(at address.Address, in Integration, c Credentials) (Credentials, error) {
	c.BaseURL = strings.TrimRight(strings.TrimSpace(c.BaseURL), "/")
	c.Token = strings.TrimSpace(c.Token)
	// Users sometimes paste the whole Authorization header.
	c.Token = strings.TrimSpace(strings.TrimPrefix(c.Token, "Bearer "))
	if c.Token == "" {
		c.Token = in.Token
	}
	message := cmp.Or(address.URLProblem(c.BaseURL), at.HalfProblem(c.BaseURL, "sigma"))
	if message == "" && strings.ContainsAny(c.BaseURL, "?#") {
		message = "It must have no query and no fragment."
	}
	var check problem.Check
	check.Require(message == "", "baseUrl", "Enter the SCIM base URL that the application shows. "+message)
	check.Require(c.Token != "", "token", "Enter the API token that the application shows.")
	invalid := func(r rune) bool { return r <= ' ' || r >= 0x7f } // not allowed in a header
	check.Require(!strings.ContainsFunc(c.Token, invalid), "token",
		"The token contains a character that is not allowed, such as a space or a line break. Copy the token again.")
	return c, check.Err()
}

// SaveCredentials stores the API credentials. Disabling the integration keeps the settings and drops queued jobs.
// Otherwise failed jobs are queued again, because their cause may be fixed. The Admin Console tests the credentials
// before it saves them. Fields of the problem: baseUrl, token.
func (o *Org) SaveCredentials(ctx context.Context, a Actor, appID string, c Credentials) (in Integration, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		before, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if c.Enabled {
			if c, err = checkCredentials(address.From(ctx), before, c); err != nil {
				return err
			}
		} else {
			c.BaseURL, c.Token = before.BaseURL, before.Token
		}
		in = before
		in.Enabled, in.BaseURL, in.Token, in.ImportGroups = c.Enabled, c.BaseURL, c.Token, c.ImportGroups
		if err := o.saveIntegration(tx, a, application, before, &in); err != nil {
			return err
		}
		if !in.Enabled {
			return endProvisioning(tx, appID)
		}
		if err := o.requeueFailed(tx, appID); err != nil {
			return err
		}
		if in.ImportGroups && (!before.Enabled || before.BaseURL != in.BaseURL || !before.ImportGroups) {
			return o.enqueue(tx, job.Job{Lane: job.ImportLane(appID), Kind: job.ImportGroups, AppID: appID})
		}
		return nil
	})
	return in, err
}

// endProvisioning deletes queued jobs: Okta does not send later what changed while provisioning was off. A request
// that is under way is not cancelled.
func endProvisioning(tx *store.Tx, appID string) error {
	if err := tx.Exec(`DELETE FROM okta_jobs WHERE app_id = $1 AND state = 'queued'`, appID); err != nil {
		return err
	}
	err := tx.Exec(`UPDATE okta_app_users SET sync_state = CASE external_id WHEN '' THEN $3 ELSE $4 END
		WHERE app_id = $1 AND sync_state = $2`,
		appID, SyncSyncing, SyncDisabled, SyncOutOfSync)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_push_mappings SET pushing = 0 WHERE app_id = $1`, appID)
}

// SaveToApp stores which changes are sent to the app. When Create Users is enabled, users who are assigned already
// and are not provisioned stay so until Provision User is selected. Conflict unless the integration is enabled.
func (o *Org) SaveToApp(ctx context.Context, a Actor, appID string, t ToApp) (in Integration, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		before, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !before.Enabled {
			return problem.New(problem.Conflict, "Configure the API integration first.")
		}
		in = before
		in.CreateUsers, in.UpdateUsers, in.DeactivateUsers = t.CreateUsers, t.UpdateUsers, t.DeactivateUsers
		return o.saveIntegration(tx, a, application, before, &in)
	})
	return in, err
}

// saveIntegration stores the settings and records the update. When Create Users becomes enabled, users who are not
// provisioned are marked as assigned before provisioning.
func (o *Org) saveIntegration(tx *store.Tx, a Actor, application App, before Integration, in *Integration) error {
	in.LastUpdated = tx.Now()
	err := tx.Exec(`INSERT INTO okta_integrations (`+integrationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (app_id) DO UPDATE SET enabled = excluded.enabled, base_url = excluded.base_url, token = excluded.token,
			import_groups = excluded.import_groups, create_users = excluded.create_users,
				update_users = excluded.update_users,
			deactivate_users = excluded.deactivate_users, updated_ms = excluded.updated_ms`,
		in.AppID, in.Enabled, in.BaseURL, in.Token, in.ImportGroups, in.CreateUsers, in.UpdateUsers, in.DeactivateUsers, store.Millis(in.LastUpdated))
	if err != nil {
		return err
	}
	if in.Enabled && in.CreateUsers && (!before.Enabled || !before.CreateUsers) {
		if err := tx.Exec(`UPDATE okta_app_users SET before_prov = 1, sync_state = $2 WHERE app_id = $1
			AND external_id = ''`, in.AppID, SyncDisabled); err != nil {
			return err
		}
	}
	_, err = Record(tx, a, Event{Type: "application.lifecycle.update", Targets: []LogTarget{application.Target()}})
	return err
}
