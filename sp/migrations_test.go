package sp_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"understudy/seed/base/store"
	"understudy/sp"
)

// migrationsBefore are the migrations whose names come before a name.
func migrationsBefore(t *testing.T, name string) fs.FS {
	t.Helper()
	older := fstest.MapFS{}
	names, err := fs.Glob(sp.Migrations(), "*.sql")
	must(t, err)
	for _, n := range names {
		if n < name {
			text, err := fs.ReadFile(sp.Migrations(), n)
			must(t, err)
			older[n] = &fstest.MapFile{Data: text}
		}
	}
	return older
}

// The file of a lab from before a migration that rebuilds the audit log keeps its entries in their order.
func TestAnOlderLabKeepsItsAuditLog(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo"})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	must(t, db.Migrate(t.Context(), sp.MigrationSet, migrationsBefore(t, "007")))
	must(t, db.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO sigma_audit (seq, id, at_ms, type, name, status, actor_kind, request_uri)
			VALUES (3, 'c', 30, 'TEAMS', 'CREATE_TEAM', 'Success', 'system', '/c'), (7, 'g', 70, 'TEAMS', 'DELETE_TEAM', 'Failure', 'system', '/g')`)
	}))
	organization, err := sp.Open(t.Context(), db, sp.Options{Keys: keys})
	must(t, err)
	must(t, organization.Record(t.Context(), sp.System(), sp.Event{Type: sp.TeamEvents, Name: "UPDATE_TEAM"}))
	log, err := organization.AuditLog(t.Context(), sp.System(), sp.AuditQuery{Type: sp.TeamEvents})
	must(t, err)
	var names []string
	for _, e := range log.Items {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "UPDATE_TEAM DELETE_TEAM CREATE_TEAM" || log.Items[1].Seq != 7 || log.Items[1].ID != "g" ||
		log.Items[1].Status != "Failure" || log.Items[1].Actor.Client.RequestURI != "/g" {
		t.Errorf("the audit log has %s: %+v", got, log.Items)
	}
}
