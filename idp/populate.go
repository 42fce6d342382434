package idp

import (
	"context"
	"crypto/rsa"
	"fmt"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Populate fills an empty org with a scenario. It leaves the provisioning queue empty, because nobody
// made these changes; the System Log has only the history of the scenario. The passwords in s are plain text and are stored as hashes.
func (o *Org) Populate(ctx context.Context, s Seed) error {
	hashes, err := seedHashes(s.Users)
	if err != nil {
		return err
	}
	keys := make([]*rsa.PrivateKey, len(s.Apps))
	for i := range s.Apps {
		key, err := o.options.Keys(ctx)
		if err != nil {
			return err
		}
		keys[i] = key
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE okta_org SET name = $1, subdomain = $2`, s.Name, s.Subdomain); err != nil {
			return err
		}
		if err := populateLabels(tx, s.Labels); err != nil {
			return err
		}
		if err := populateImportedGroups(tx, s.ImportedGroups); err != nil {
			return err
		}
		for i, u := range s.Users {
			if err := o.populateUser(tx, u, hashes[i]); err != nil {
				return fmt.Errorf("user %s: %w", u.Login, err)
			}
		}
		for _, g := range s.Groups {
			if err := o.populateGroup(tx, g); err != nil {
				return fmt.Errorf("group %s: %w", g.Name, err)
			}
		}
		for _, rule := range s.Rules {
			if err := o.populateRule(tx, rule); err != nil {
				return fmt.Errorf("rule %s: %w", rule.Name, err)
			}
		}
		for i, a := range s.Apps {
			if err := o.populateApp(tx, s, a, keys[i]); err != nil {
				return fmt.Errorf("app %s: %w", a.Label, err)
			}
		}
		if err := o.populateImportedGroups(tx, s.Groups); err != nil {
			return err
		}
		if err := forgetHistory(tx); err != nil {
			return err
		}
		if err := populateHistory(tx, s); err != nil {
			return err
		}
		return populatePast(tx, s)
	})
}

// populateUser writes a user with the status and role of the scenario.
func (o *Org) populateUser(tx *store.Tx, s SeedUser, hash string) error {
	p := Profile{}
	for name, text := range s.Profile {
		p[name] = text
	}
	p["firstName"], p["lastName"], p["email"], p["login"] = s.FirstName, s.LastName, s.Email, s.Username()
	u, err := insertUser(tx, p, hash)
	if err != nil {
		return err
	}
	status := s.Status
	if status == "" {
		status = Active
	}
	if s.ChangePassword {
		status = PasswordExpired
	}
	if err := setStatus(tx, u.ID, status); err != nil {
		return err
	}
	if status != Staged {
		if err := tx.Exec(`UPDATE okta_users SET activated_ms = created_ms WHERE id = $1`, u.ID); err != nil {
			return err
		}
	}
	if !s.Admin {
		return nil
	}
	return tx.Exec(`INSERT INTO okta_user_roles (user_id, role, granted_ms) VALUES ($1, $2, $3)`, u.ID, SuperAdmin,
		store.Millis(tx.Now()))
}

// populateGroup writes a group with its members.
func (o *Org) populateGroup(tx *store.Tx, s SeedGroup) error {
	actor := System(Client{})
	if s.App != "" {
		return nil // a group that was imported follows its app
	}
	g, err := o.createGroup(tx, actor, s.Name, s.Description)
	if err != nil {
		return err
	}
	for _, login := range s.Members {
		u, err := user(tx, login)
		if err != nil {
			return err
		}
		if err := o.addMember(tx, actor, g.ID, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// populateApp adds an app and assigns it to users individually.
func (o *Org) populateApp(tx *store.Tx, whole Seed, s SeedApp, key *rsa.PrivateKey) error {
	actor := System(Client{})
	entry, known := o.seedEntry(whole, s.CatalogKey)
	if !known {
		return problem.New(problem.NotFound, "The app catalog has no app "+s.CatalogKey+".")
	}
	made, err := o.addApp(tx, address.Address{}, actor, entry, NewApp{CatalogKey: s.CatalogKey, Label: s.Label, Fields: s.Fields, SignOn: s.SignOn}, key)
	if err != nil {
		return err
	}
	if err := saveSeedGeneral(tx, made, s); err != nil {
		return err
	}
	for i, attribute := range s.Attributes {
		if err := saveAttribute(tx, made.ID, len(entry.Schema)+i, attribute); err != nil {
			return err
		}
	}
	if err := o.populateAssignments(tx, made, s); err != nil {
		return err
	}
	if err := o.populateProvisioning(tx, made, s.Provisioning); err != nil || !s.Inactive {
		return err
	}
	return tx.Exec(`UPDATE okta_apps SET status = $2 WHERE id = $1`, made.ID, AppInactive)
}
