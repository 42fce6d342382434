package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/idp/password"
	"understudy/seed/base/moment"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// maxSeedCost is the largest cost of a hash in a scenario: comparing one with a higher cost takes seconds or hours.
const maxSeedCost = 12

// seedHashes returns the password hashes of users: one for each distinct password, because hashing takes a millisecond.
func seedHashes(users []SeedUser) ([]string, error) {
	hashes, known := make([]string, len(users)), map[string]string{}
	for i, u := range users {
		if u.PasswordHash != "" {
			if cost, err := bcrypt.Cost([]byte(u.PasswordHash)); err != nil || cost > maxSeedCost {
				return nil, fmt.Errorf("user %s: %w", u.Login, problem.InvalidField("passwordHash",
					"The hash is not a bcrypt hash with a cost of at most 12. Write the password in place of it."))
			}
			hashes[i] = u.PasswordHash
			continue
		}
		hash, done := known[u.Password]
		if !done {
			var err error
			if hash, err = password.Hash(u.Password); err != nil {
				return nil, fmt.Errorf("user %s: %w", u.Login, err)
			}
			known[u.Password] = hash
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// userTimes stores when a user was created and signed in last.
func userTimes(tx *store.Tx, id string, s SeedUser) error {
	created, err := s.Created.At(tx.Now())
	if err != nil {
		return problem.InvalidField("created", err.Error())
	}
	login, err := s.LastLogin.At(tx.Now())
	if err != nil {
		return problem.InvalidField("lastLogin", err.Error())
	}
	if created.IsZero() && login.IsZero() {
		return nil
	}
	if created.IsZero() {
		created = tx.Now()
	}
	return tx.Exec(`UPDATE okta_users SET created_ms = $2, activated_ms = CASE activated_ms WHEN 0 THEN 0 ELSE $2 END,
		status_changed_ms = $2, last_login_ms = $3 WHERE id = $1`, id, store.Millis(created), store.Millis(login))
}

// populatePast sets the times that a scenario gives to users, and writes its System Log, oldest first. As in populateHistory, the
// events have numbers below 1.
func populatePast(tx *store.Tx, s Seed) error {
	for _, u := range s.Users {
		if u.Created == "" && u.LastLogin == "" {
			continue
		}
		who, err := user(tx, u.Username())
		if err == nil {
			err = userTimes(tx, who.ID, u)
		}
		if err != nil {
			return fmt.Errorf("user %s: %w", u.Username(), err)
		}
	}
	var before int64 // number of the oldest event
	if err := tx.QueryRow(`SELECT coalesce(min(seq), 1) FROM okta_log`).Scan(&before); err != nil {
		return err
	}
	for i, e := range s.Logs {
		if err := populateLog(tx, e, before-int64(len(s.Logs)-i)); err != nil {
			return fmt.Errorf("event %s: %w", e.Type, err)
		}
	}
	return nil
}

func populateLog(tx *store.Tx, s SeedLog, number int64) error {
	at, err := s.At.At(tx.Now())
	if err != nil {
		return problem.InvalidField("at", err.Error())
	}
	client := Client{IP: s.IP, UserAgent: s.UserAgent}
	actor := System(client)
	if s.By != "" {
		u, err := user(tx, s.By)
		switch {
		case problem.Is(err, problem.NotFound): // the user was deleted
			actor = Actor{Type: "User", ID: "unknown", AlternateID: s.By, DisplayName: s.By, Client: client}
		case err != nil:
			return err
		default:
			actor = Actor{Type: "User", ID: u.ID, AlternateID: u.Login(), DisplayName: u.Name(), Client: client}
		}
		if s.ByName != "" {
			actor.DisplayName = s.ByName
		}
		if s.ByName == "unknown" { // a sign-in that failed for a user whom the org did not have at that time
			actor.ID = "unknown"
		}
	}
	if s.Job {
		actor.JobID = tx.ID("gam")
	}
	event, err := newEvent(tx, actor, Event{Type: s.Type, Result: s.Result, Reason: s.Reason, Debug: s.Debug})
	if err != nil {
		return problem.InvalidField("type", err.Error())
	}
	if !at.IsZero() {
		event.Published = at.UTC().Format(logTime)
	}
	for _, t := range s.Targets {
		id, err := targetID(tx, t)
		if err != nil {
			return err
		}
		event.Targets = append(event.Targets, LogTarget{ID: id, Type: t.Type, AlternateID: t.AlternateID, DisplayName: t.Name,
			DetailEntry: t.Detail, ChangeDetails: t.Changed})
	}
	return saveEvent(tx, event, number)
}

// targetQueries find the object of a target by its alternate id or its name.
var targetQueries = map[string]string{
	"User":        `SELECT id FROM okta_users WHERE login = $1 OR login = $2 LIMIT 1`,
	"UserGroup":   `SELECT id FROM okta_groups WHERE name = $2 OR name = $1 LIMIT 1`,
	"AppInstance": `SELECT id FROM okta_apps WHERE label = $1 OR label = $2 LIMIT 1`,
}

func targetID(tx *store.Tx, t SeedLogTarget) (id string, err error) {
	id = t.ID
	query := targetQueries[t.Type]
	if query == "" || id != "" {
		return id, nil
	}
	err = tx.Each(query, []any{t.AlternateID, t.Name}, func(r store.Row) error { return r.Scan(&id) })
	return id, err
}

// maxSeedLogs is how many events of the System Log a scenario gets.
const maxSeedLogs = 5000

// seedLogs reads the newest events, oldest first.
func seedLogs(tx *store.Tx, now time.Time) (logs []SeedLog, err error) {
	events, err := store.List(tx, func(r store.Row) (e LogEvent, err error) {
		var text []byte
		if err := r.Scan(&text); err != nil {
			return e, err
		}
		return e, json.Unmarshal(text, &e)
	}, `SELECT event FROM okta_log ORDER BY seq DESC LIMIT $1`, maxSeedLogs)
	if err != nil {
		return nil, err
	}
	names := map[string]string{} // by login
	err = tx.Each(`SELECT login, trim(first_name || ' ' || last_name) FROM okta_users`, nil, func(r store.Row) error {
		var login, name string
		err := r.Scan(&login, &name)
		names[login] = name
		return err
	})
	for _, e := range slices.Backward(events) {
		at, parseErr := time.Parse(logTime, e.Published)
		if parseErr != nil {
			return nil, parseErr
		}
		made := SeedLog{At: moment.Before(now, at), Type: e.EventType, Result: e.Outcome.Result, Reason: text(e.Outcome.Reason), Debug: e.Debug.Data}
		if made.Result == "SUCCESS" {
			made.Result = "" // the default
		}
		made.Job = e.Transaction.Type == "JOB"
		if e.Actor.Type == "User" {
			made.By = e.Actor.AlternateID
			if e.Actor.DisplayName != names[e.Actor.AlternateID] {
				made.ByName = e.Actor.DisplayName
			}
		}
		made.IP = text(e.Client.IPAddress)
		if e.Client.UserAgent != nil {
			made.UserAgent = e.Client.UserAgent.Raw
		}
		for _, name := range []string{"requestId", "requestUri", "url"} { // they belong to one request
			delete(made.Debug, name)
		}
		for _, t := range e.Targets {
			target := SeedLogTarget{Type: t.Type, Name: t.DisplayName, AlternateID: t.AlternateID, Detail: t.DetailEntry, Changed: t.ChangeDetails}
			if id, err := targetID(tx, target); err != nil {
				return nil, err
			} else if id == "" {
				target.ID = t.ID
			}
			made.Targets = append(made.Targets, target)
		}
		logs = append(logs, made)
	}
	return logs, err
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// Link stores the identifiers that the SCIM service of the app with provisioning has given to users and groups; see link. It
// returns the identifiers of the linked users in Okta, by application username. It is for a new lab.
func (o *Org) Link(ctx context.Context, users, groups map[string]string) (linked map[string]string, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		apps, err := store.List(tx, store.Text, `SELECT app_id FROM okta_integrations WHERE enabled = 1 ORDER BY app_id`)
		if err != nil || len(apps) == 0 {
			return err
		}
		linked, err = o.link(tx, apps[0], users, groups)
		return err
	})
	return linked, err
}

// ReplaceText replaces a text in the settings of all apps, in SCIM base URLs and tokens, and in the System Log, for a new lab.
func (o *Org) ReplaceText(ctx context.Context, from, to string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE okta_integrations SET base_url = replace(base_url, $1, $2), token = replace(token, $1, $2)`, from, to); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE okta_log SET event = replace(event, $1, $2) WHERE instr(event, $1) > 0`, from, to); err != nil {
			return err
		}
		return tx.Exec(`UPDATE okta_apps SET general = replace(general, $1, $2), sign_on = replace(sign_on, $1, $2)`, from, to)
	})
}
