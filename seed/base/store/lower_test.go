package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"understudy/seed/base/store"
)

// The SQL function lower changes the same letters as strings.ToLower, so that a search text can be compared with stored
// names.
func TestLowerHandlesAllAlphabets(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for sqlText, want := range map[string]sql.NullString{
		"lower('ÉQUIPE Öl')":                 {String: "équipe öl", Valid: true},
		"lower('Ёлка')":                      {String: "ёлка", Valid: true},
		"lower('Viewers 50%')":               {String: "viewers 50%", Valid: true},
		"lower('')":                          {String: "", Valid: true},
		"lower(7)":                           {String: "7", Valid: true},
		"lower(CAST('ABC' AS BLOB))":         {String: "abc", Valid: true},
		"lower(NULL)":                        {},
		"lower('É') LIKE '%é%'":              {String: "1", Valid: true},
		"lower('Straße') = lower('STRASSE')": {String: "0", Valid: true},
	} {
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			var got sql.NullString
			err := tx.QueryRow(`SELECT ` + sqlText).Scan(&got)
			if got != want {
				t.Errorf("%s is %+v, want %+v", sqlText, got, want)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", sqlText, err)
		}
	}
}
