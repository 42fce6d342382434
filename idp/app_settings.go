package idp

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"strings"

	"understudy/idp/catalog"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

const appQuery = `SELECT a.id, a.catalog_key, a.name, a.external_key, a.link_id, a.label, a.status, a.sign_on_mode,
	a.general, a.sign_on, a.key_id, a.created_ms, a.updated_ms, a.entry,
	(SELECT count(*) FROM okta_app_users AS u WHERE u.app_id = a.id), (SELECT count(*) FROM okta_app_groups AS g
		WHERE g.app_id = a.id) FROM okta_apps AS a`

func scanApp(r store.Row) (a App, err error) {
	var general, signOn string
	var created, updated int64
	err = r.Scan(&a.ID, &a.CatalogKey, &a.Name, &a.ExternalKey, &a.LinkID, &a.Label, &a.Status, &a.SignOnMode, &general,
		&signOn, &a.KeyID, &created, &updated, &a.entry, &a.People, &a.Groups)
	if err != nil {
		return a, err
	}
	a.Created, a.LastUpdated = store.Time(created), store.Time(updated)
	if err := json.Unmarshal([]byte(general), &a.General); err != nil {
		return a, err
	}
	a.General.Label = a.Label
	return a, json.Unmarshal([]byte(signOn), &a.SignOn)
}

const noApp = "There is no such application."

// app loads an app by ID; NotFound when there is none.
func app(tx *store.Tx, id string) (App, error) {
	return store.One(tx, noApp, scanApp, appQuery+` WHERE a.id = $1`, id)
}

// App returns an app; NotFound when there is none.
func (o *Org) App(ctx context.Context, id string) (a App, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		a, err = app(tx, id)
		return err
	})
	return a, err
}

// AppByExternalKey returns the app of a Sign on URL; NotFound when there is none.
func (o *Org) AppByExternalKey(ctx context.Context, exk string) (a App, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		a, err = store.One(tx, noApp, scanApp, appQuery+` WHERE a.external_key = $1`, exk)
		return err
	})
	return a, err
}

// Apps lists apps, sorted by label.
func (o *Org) Apps(ctx context.Context, q AppQuery) (list []App, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanApp, appQuery+` WHERE ($1 = '' OR a.status = $1)
			AND lower(a.label) LIKE $2 ESCAPE '\' ORDER BY lower(a.label)`,
			q.Status, containing(strings.TrimSpace(q.Text)))
		return err
	})
	return list, err
}

// AppCounts returns the number of apps by status.
func (o *Org) AppCounts(ctx context.Context) (map[AppStatus]int, error) {
	counts := map[AppStatus]int{AppActive: 0, AppInactive: 0}
	err := o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT status, count(*) FROM okta_apps GROUP BY status`, nil, func(r store.Row) error {
			var status AppStatus
			var n int
			err := r.Scan(&status, &n)
			counts[status] = n
			return err
		})
	})
	return counts, err
}

// AddApp adds an app from a catalog entry. A SAML app gets its own key and certificate. Fields of the problem: label,
// attributes, and the names of the entry's fields.
func (o *Org) AddApp(ctx context.Context, a Actor, n NewApp) (made App, err error) {
	entry, known := o.Catalog().Entry(n.CatalogKey)
	if !known {
		return made, problem.New(problem.NotFound, "The app catalog has no such integration.")
	}
	var key *rsa.PrivateKey
	if entry.SignOnMode == SAML2 {
		if key, err = o.options.Keys(ctx); err != nil { // outside the transaction, because making a key is slow
			return made, err
		}
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		made, err = o.addApp(tx, address.From(ctx), a, entry, n, key)
		return err
	})
	return made, err
}

// addApp writes an app with its key, certificate and app user profile. key is nil unless the app signs on by SAML.
func (o *Org) addApp(tx *store.Tx, at address.Address, a Actor, entry catalog.Entry, n NewApp, key *rsa.PrivateKey) (App, error) {
	general := AppGeneral{Label: n.Label, Hidden: n.Hidden, Fields: n.Fields}
	if general.Label == "" {
		general.Label = entry.Label
	}
	var check problem.Check
	signOn := newSignOn(at, &check, entry, n)
	checkSignOnExpressions(&check, entry, entry.Schema, signOn)
	if err := checkGeneral(tx, at, &check, "", entry, &general); err != nil {
		return App{}, err
	}
	id, now := tx.ID("0oa"), store.Millis(tx.Now())
	name, link, err := appName(tx, entry, general.Label)
	if err != nil {
		return App{}, err
	}
	generalText, err := json.Marshal(general)
	if err != nil {
		return App{}, err
	}
	signOnText, err := json.Marshal(signOn)
	if err != nil {
		return App{}, err
	}
	entryText, err := o.entryText(entry)
	if err != nil {
		return App{}, err
	}
	err = tx.Exec(`INSERT INTO okta_apps (id, catalog_key, name, external_key, link_id, label, status, sign_on_mode,
		general, sign_on, created_ms, updated_ms, entry)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)`,
		id, entry.Key, name, tx.ID("exk"), link, general.Label, AppActive, entry.SignOnMode, string(generalText), string(signOnText), now, entryText)
	if err != nil {
		return App{}, err
	}
	if key != nil {
		made, err := saveKey(tx, id, key, 10)
		if err != nil {
			return App{}, err
		}
		if err := tx.Exec(`UPDATE okta_apps SET key_id = $2 WHERE id = $1`, id, made.ID); err != nil {
			return App{}, err
		}
	}
	for i, attribute := range entry.Schema {
		attribute.Base = true
		if err := saveAttribute(tx, id, i, attribute); err != nil {
			return App{}, err
		}
	}
	made, err := app(tx, id)
	if err != nil {
		return made, err
	}
	if err := succeeded(tx, a, "application.lifecycle.create", made.Target()); err != nil {
		return made, err
	}
	return made, succeeded(tx, a, "application.lifecycle.activate", made.Target())
}

// newSignOn returns the checked sign-on settings of a new app.
func newSignOn(at address.Address, check *problem.Check, entry catalog.Entry, n NewApp) (s AppSignOn) {
	if n.SignOn != nil {
		s = *n.SignOn
	}
	if s.UserNameFormat == "" {
		s.UserNameFormat = entry.UserName
	}
	if s.UserNameFormat == "" {
		s.UserNameFormat = "login"
	}
	checkSignOn(at, check, &s)
	return s
}

// appName returns the name that stands for the app in URLs and the number of its embed link. The name is the entry's
// key, or "{subdomain}_{label}_{n}" for the wizard. Source: URLs of Okta orgs; see idp/OKTA.md.
func appName(tx *store.Tx, entry catalog.Entry, label string) (name string, link int, err error) {
	if err := tx.QueryRow(`SELECT count(*) + 1 FROM okta_apps`).Scan(&link); err != nil {
		return "", 0, err
	}
	link += 1000
	if !entry.Wizard {
		return entry.Key, link, nil
	}
	s, err := settings(tx)
	if err != nil {
		return "", 0, err
	}
	letters := strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, strings.ToLower(label))
	return fmt.Sprintf("%s_%s_%d", s.Subdomain, letters, link-1000), link, nil
}

// checkGeneral trims and checks general settings, and fills in the defaults of the entry's fields. Its error includes what
// check already holds.
func checkGeneral(tx *store.Tx, at address.Address, check *problem.Check, id string, entry catalog.Entry, g *AppGeneral) error {
	g.Label = strings.TrimSpace(g.Label)
	check.Require(g.Label != "", "label", "Application label is required.")
	check.Require(len(g.Label) <= 100, "label", "The label is too long. Use at most 100 characters.")
	taken, err := tx.Exists(`SELECT 1 FROM okta_apps WHERE lower(label) = $1 AND id <> $2`, strings.ToLower(g.Label), id)
	if err != nil {
		return err
	}
	check.Require(!taken, "label", "An application with this label already exists.")
	if entry.SignOnMode == Bookmark {
		at = address.Address{} // a tile may open any page
	}
	fields := map[string]string{}
	for _, field := range entry.Fields {
		text := strings.TrimSpace(g.Fields[field.Name])
		if text == "" {
			text = field.Default
		}
		check.Require(text != "" || !field.Required, field.Name, field.Label+" is required.")
		if field.URL {
			checkAddress(at, check, field.Name, field.Label, text)
		}
		fields[field.Name] = text // byte for byte: service providers compare it so
	}
	g.Fields = fields
	return check.Err()
}

// changeApp changes an app and records the event, in one transaction.
func (o *Org) changeApp(ctx context.Context, a Actor, id, event string,
	f func(tx *store.Tx, before App) error) (after App, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		before, err := app(tx, id)
		if err != nil {
			return err
		}
		if err := f(tx, before); err != nil {
			return err
		}
		if after, err = app(tx, id); err != nil {
			return err
		}
		return succeeded(tx, a, event, after.Target())
	})
	return after, err
}

// UpdateAppGeneral saves the General tab. Fields of the problem: label, and the names of the entry's fields.
func (o *Org) UpdateAppGeneral(ctx context.Context, a Actor, id string, g AppGeneral) (App, error) {
	return o.changeApp(ctx, a, id, "application.lifecycle.update", func(tx *store.Tx, before App) error {
		var check problem.Check
		if err := checkGeneral(tx, address.From(ctx), &check, id, o.Entry(before), &g); err != nil {
			return err
		}
		text, err := json.Marshal(g)
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE okta_apps SET label = $2, general = $3, updated_ms = $4 WHERE id = $1`, id, g.Label,
			string(text), store.Millis(tx.Now()))
	})
}

// UpdateAppSignOn saves the Sign On tab. Fields of the problem: see checkSignOn and
// checkSignOnExpressions.
func (o *Org) UpdateAppSignOn(ctx context.Context, a Actor, id string, s AppSignOn) (App, error) {
	return o.changeApp(ctx, a, id, "application.lifecycle.update", func(tx *store.Tx, before App) error {
		var check problem.Check
		if err := o.checkSignOn(tx, address.From(ctx), &check, before, &s); err != nil {
			return err
		}
		if err := check.Err(); err != nil {
			return err
		}
		return o.saveSignOn(tx, a, before, s)
	})
}

// saveSignOn stores checked settings. A changed username format changes the app users.
func (o *Org) saveSignOn(tx *store.Tx, a Actor, before App, s AppSignOn) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE okta_apps SET sign_on = $2, updated_ms = $3 WHERE id = $1`, before.ID, string(text),
		store.Millis(tx.Now())); err != nil {
		return err
	}
	if s.UserNameFormat == before.SignOn.UserNameFormat && s.UserNameTemplate == before.SignOn.UserNameTemplate {
		return nil
	}
	return o.reconcileApp(tx, a, before.ID)
}

// UpdateAppSAML saves Configure SAML, in one change: the entry's own fields (such as acs and audience) and the sign-on
// settings. Fields of the problem: those of [Org.UpdateAppGeneral] and [Org.UpdateAppSignOn].
func (o *Org) UpdateAppSAML(ctx context.Context, a Actor, id string, fields map[string]string, s AppSignOn) (App, error) {
	return o.changeApp(ctx, a, id, "application.lifecycle.update", func(tx *store.Tx, before App) error {
		var check problem.Check
		if err := o.checkSignOn(tx, address.From(ctx), &check, before, &s); err != nil {
			return err
		}
		general := before.General
		general.Fields = fields
		if err := checkGeneral(tx, address.From(ctx), &check, id, o.Entry(before), &general); err != nil {
			return err
		}
		text, err := json.Marshal(general)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE okta_apps SET general = $2 WHERE id = $1`, id, string(text)); err != nil {
			return err
		}
		return o.saveSignOn(tx, a, before, s)
	})
}

// ActivateApp makes an inactive app usable. Conflict when it is active.
func (o *Org) ActivateApp(ctx context.Context, a Actor, id string) error {
	return o.setAppStatus(ctx, a, id, AppActive, "application.lifecycle.activate", AppActivated)
}

// DeactivateApp stops sign-on and provisioning for an app. Its assignments stay. Conflict when it is inactive.
func (o *Org) DeactivateApp(ctx context.Context, a Actor, id string) error {
	return o.setAppStatus(ctx, a, id, AppInactive, "application.lifecycle.deactivate", AppDeactivated)
}

// setAppStatus sets the status of an app. Jobs of an inactive app stay queued.
func (o *Org) setAppStatus(ctx context.Context, a Actor, id string, status AppStatus, event string, kind ChangeKind) error {
	_, err := o.changeApp(ctx, a, id, event, func(tx *store.Tx, before App) error {
		if before.Status == status {
			return problem.New(problem.Conflict, before.Label+" is already "+strings.ToLower(string(status))+".")
		}
		if err := tx.Exec(`UPDATE okta_apps SET status = $2, updated_ms = $3 WHERE id = $1`, id, status,
			store.Millis(tx.Now())); err != nil {
			return err
		}
		if o.options.Wake != nil && status == AppActive { // the jobs that waited for the activation can run now
			tx.AfterCommit(o.options.Wake)
		}
		return o.changed(tx, Change{Kind: kind, AppID: id, Actor: a})
	})
	return err
}

// DeleteApp deletes an inactive app with its assignments, keys and imported groups. Conflict when it is active.
func (o *Org) DeleteApp(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		before, err := app(tx, id)
		if err != nil {
			return err
		}
		if before.Status != AppInactive {
			return problem.New(problem.Conflict, "Deactivate "+before.Label+" before you delete it.")
		}
		if err := o.changed(tx, Change{Kind: AppDeleted, AppID: id, Actor: a}); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_groups WHERE source_app_id = $1`, id); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_apps WHERE id = $1`, id); err != nil {
			return err
		}
		return succeeded(tx, a, "application.lifecycle.delete", before.Target())
	})
}

// PeerURL returns the base URL of another system of the lab by its name ("sigma"), without a trailing slash; "" when there
// is none. Handlers pass the Peer method of the request's address.
type PeerURL func(name string) string

// fill replaces each {name} in a template of the app's catalog entry by the app's setting of that name. If the
// setting with the name of the entry's peer is empty, the base URL of the peer takes its place. Between a base URL and a
// path there is one slash: "{base}/acs".
func (o *Org) fill(a App, peerURL PeerURL, template string) string {
	pairs := make([]string, 0, 4*len(a.General.Fields)+2)
	for name, text := range a.General.Fields {
		if text != "" {
			pairs = append(pairs, "{"+name+"}/", strings.TrimRight(text, "/")+"/", "{"+name+"}", text)
		}
	}
	if peer := o.Entry(a).Peer; peer != "" && a.General.Fields[peer] == "" {
		pairs = append(pairs, "{"+peer+"}", peerURL(peer))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// SAMLSettings returns what an app's responses contain; zero for an app without SAML.
func (o *Org) SAMLSettings(a App, peerURL PeerURL) SAMLSettings {
	entry := o.Entry(a)
	if entry.SAML == nil {
		return SAMLSettings{}
	}
	or := func(text, usual string) string {
		if text == "" {
			return usual
		}
		return text
	}
	options := a.SignOn.SAML
	s := SAMLSettings{
		ACS:      o.fill(a, peerURL, entry.SAML.ACS),
		Audience: o.fill(a, peerURL, entry.SAML.Audience),
		NameIDFormat: or(options.NameIDFormat, or(o.fill(a, peerURL, entry.SAML.NameIDFormat),
			"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")),
		AuthnContext: or(options.AuthnContext, or(entry.SAML.AuthnContext, PasswordProtectedTransport)),
		Lifetime:     assertionLife,
		RelayState:   a.SignOn.DefaultRelayState,
		ForceAuthn:   !a.SignOn.DisableForceAuthn,
		Options:      options,
	}
	s.Audience = or(a.General.Fields["audience"], s.Audience)
	s.Recipient = or(options.Recipient, or(o.fill(a, peerURL, entry.SAML.Recipient), s.ACS))
	s.Destination = or(options.Destination, or(o.fill(a, peerURL, entry.SAML.Destination), s.ACS))
	s.Attributes = append(append(s.Attributes, entry.SAML.Attributes...), a.SignOn.Attributes...)
	return s
}

// SCIMBaseURL returns the base URL that the app's catalog entry knows; empty when the administrator has to enter one.
func (o *Org) SCIMBaseURL(a App, peerURL PeerURL) string {
	entry := o.Entry(a)
	if entry.SCIM == nil {
		return ""
	}
	known := o.fill(a, peerURL, entry.SCIM.BaseURL)
	if address.URLProblem(known) != "" {
		return "" // such as in an org without the peer
	}
	return known
}

// BookmarkURL returns the address that the tile of a bookmark app opens.
func (o *Org) BookmarkURL(a App, peerURL PeerURL) string { return o.fill(a, peerURL, o.Entry(a).URL) }
