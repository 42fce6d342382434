package main

import (
	"database/sql"
	"html"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/waittest"
)

const endlessQuery = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n`

// replaceTable returns SQL that puts something else in place of a table. It names the old table "old".
func replaceTable(table, with string) string {
	return "PRAGMA foreign_keys = 0; PRAGMA legacy_alter_table = 1; ALTER TABLE " + table + " RENAME TO old; " + with
}

// schemaOf returns the SQL of all tables, indexes, triggers and views of a lab's file.
func schemaOf(t *testing.T, s *running, lab string) (list []string) {
	t.Helper()
	if err := s.Registry.CloseIdle(-time.Hour); err != nil { // the file is locked while the lab is open
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Temporary, "labs", lab+".db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), `SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// Nothing of an imported file becomes a part of a lab except the rows of its tables.
func TestImportTakesOnlyRows(t *testing.T) {
	t.Parallel()
	s, v, file := exportedLab(t)
	plain := unpacked(t, file)
	own := schemaOf(t, s, "demo")
	triggers := ""
	for _, line := range own { // on each table, for each kind of change
		table, _, found := strings.Cut(strings.TrimPrefix(line, "table "), ":")
		if found && strings.HasPrefix(line, "table ") && !strings.HasPrefix(table, "sqlite_") {
			for _, kind := range []string{"INSERT", "UPDATE", "DELETE"} {
				triggers += "CREATE TRIGGER " + table + "_" + kind + " AFTER " + kind + " ON " + table + " BEGIN " + endlessQuery + "; END;"
			}
		}
	}
	for name, script := range map[string]string{
		"endless triggers": triggers,
		"large triggers":   strings.ReplaceAll(triggers, endlessQuery, "SELECT length(randomblob(900000000))"),
		"a view":           `CREATE VIEW more AS ` + endlessQuery,
		"an index":         `CREATE INDEX more ON okta_users (hex(zeroblob(length(login) * 100)))`,
		"a unique index":   `CREATE UNIQUE INDEX more ON okta_groups (id)`,
		"another table":    `CREATE TABLE more (a DEFAULT (randomblob(900000000)))`,
		"a virtual table":  `CREATE VIRTUAL TABLE more USING fts5 (a)`,
		"another column":   `ALTER TABLE okta_users ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(90)))`,
		"other constraints": replaceTable("lab_visit", `
			CREATE TABLE lab_visit (half TEXT, path TEXT CHECK (length(randomblob(900000000)) > 0)); INSERT INTO lab_visit SELECT * FROM old WHERE 0`),
		"other statistics":     `ANALYZE; UPDATE sqlite_stat1 SET stat = '9999999999 1 1'`,
		"another page size":    `PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM`,
		"another application":  `PRAGMA application_id = 77; PRAGMA user_version = 77`,
		"a table in old style": replaceTable("lab_window", `CREATE TABLE lab_window (name, number); INSERT INTO lab_window SELECT name, number FROM old`),
	} {
		as := "lab-" + strings.ReplaceAll(name, " ", "-")
		hostile := packed(t, labFileMark, altered(t, plain, script))
		imported := false
		waittest.Ends(t, "the import and use of "+name, func() { imported = v.importsAndUses(as, hostile) })
		if !imported {
			continue
		}
		if got := schemaOf(t, s, as); !slices.Equal(got, own) {
			t.Errorf("%s: the schema of the imported lab differs: %s", name, firstDifference(strings.Join(own, "\n"), strings.Join(got, "\n")))
		}
	}
}

// importsAndUses imports a file as a lab and works in it. It reports whether the file was imported.
func (v *visitor) importsAndUses(as string, file []byte) bool {
	v.Helper()
	if status, page := v.upload(as, file); status != http.StatusOK {
		v.Errorf("%s: status %d, %s", as, status, said(page))
		return false
	}
	v.wants(http.StatusOK)(v.post("/okta/"+as+"/login/login.htm", adaSignsIn()))
	v.wants(http.StatusOK)(v.post("/okta/"+as+"/admin/groups/new", map[string][]string{"name": {"Later"}}))
	v.wants(http.StatusOK, "Travellers", "Later")(v.get("/okta/" + as + "/admin/groups"))
	v.wants(http.StatusOK, "Maya Rivers")(v.post("/sigma/"+as+"/login", mayaSignsIn()))
	return true
}

// A file whose rows are not those of a lab is refused and not computed without end. The refusal is a sentence.
func TestImportRefusesRowsOfNoLab(t *testing.T) {
	t.Parallel()
	s, v, file := exportedLab(t)
	plain := unpacked(t, file)
	const (
		notALab  = "This file cannot be imported: the database in it is not a lab's. Nothing was changed."
		notWhole = "This file cannot be imported: it does not hold a whole lab. Nothing was changed."
		newer    = "This file cannot be imported: it was made by a newer version of this program. Nothing was changed."
		tooLarge = "This file cannot be imported: a value in it is too large. Nothing was changed."
		damaged  = "This file cannot be imported: the database in it is damaged. Nothing was changed."
	)
	costly := "'$2a$31$" + strings.Repeat("a", 53) + "'"
	for name, tt := range map[string]struct{ script, want string }{
		"a card that is no JSON":  {`UPDATE lab_about SET card = 'garbage'`, notWhole},
		"a card that is no list":  {`UPDATE lab_about SET card = '{"a": 1}'`, notWhole},
		"an empty card":           {`UPDATE lab_about SET card = ''`, notWhole},
		"an unknown scenario":     {`UPDATE lab_about SET scenario = '../starter'`, notWhole},
		"a scenario that is none": {`UPDATE lab_about SET scenario_text = 'titel: none'`, notWhole},
		"guides that are no list": {`UPDATE lab_about SET guides = '{}'`, notWhole},
		"a second card": {replaceTable("lab_about", `
			CREATE TABLE lab_about (id, scenario, card); INSERT INTO lab_about SELECT id, scenario, card FROM old UNION ALL SELECT 2, 'starter', '[]'`), notALab},
		"a view instead of the card":     {replaceTable("lab_about", `CREATE VIEW lab_about AS `+endlessQuery), notALab},
		"a view instead of migrations":   {replaceTable("lab_migrations", `CREATE VIEW lab_migrations AS `+endlessQuery), notALab},
		"a view instead of people":       {replaceTable("okta_users", `CREATE VIEW okta_users AS SELECT * FROM old`), notWhole},
		"a virtual table for visits":     {`DROP TABLE lab_visit; CREATE VIRTUAL TABLE lab_visit USING fts5 (half, path)`, notWhole},
		"generated columns":              {replaceTable("lab_visit", `CREATE TABLE lab_visit (half TEXT, path TEXT AS (hex(zeroblob(900000000))))`), notWhole},
		"a missing column":               {`ALTER TABLE okta_groups DROP COLUMN description`, notWhole},
		"a missing value":                {replaceTable("lab_window", `CREATE TABLE lab_window (number, name); INSERT INTO lab_window VALUES (1, NULL)`), notWhole},
		"text instead of a number":       {`UPDATE okta_users SET created_ms = 'yesterday'`, notWhole},
		"a fraction instead of a number": {`UPDATE okta_users SET created_ms = 1.5`, notWhole},
		"bytes instead of text":          {`UPDATE okta_groups SET name = x'00ff' WHERE rowid = 1`, notWhole},
		"a large value":                  {`UPDATE okta_groups SET description = hex(zeroblob(20000000))`, tooLarge},
		"a large generated value":        {`ALTER TABLE okta_users ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(900000000)))`, tooLarge},
		"a row without its parent":       {`PRAGMA foreign_keys = 0; DELETE FROM okta_users WHERE login_key LIKE 'ada%'`, notWhole},
		"two rows for one key": {replaceTable("lab_window", `
			CREATE TABLE lab_window (number, name); INSERT INTO lab_window VALUES (1, 'a'), (1, 'b')`), notWhole},
		"a clock centuries ahead":         {`UPDATE lab_state SET offset_ms = 9000000000000000000`, notWhole},
		"a clock that stopped long ago":   {`UPDATE lab_state SET frozen_ms = -9000000000000000000`, notWhole},
		"identifiers before the first":    {`UPDATE lab_state SET id_counter = -5`, notWhole},
		"a password that takes hours":     {`UPDATE okta_users SET password_hash = ` + costly, notWhole},
		"an old password that takes long": {`UPDATE okta_users SET password_history = json_array(` + costly + `)`, notWhole},
		"a history that is no JSON":       {`UPDATE okta_users SET password_history = '['`, notWhole},
		"a member's password":             {`UPDATE sigma_members SET password_hash = ` + costly, notWhole},
		"a migration elsewhere":           {`INSERT INTO lab_migrations VALUES ('lab', '../../../etc/passwd', 0)`, newer},
		"a migration without a name":      {`INSERT INTO lab_migrations VALUES ('lab', '', 0)`, newer},
		"two migrations in one row":       {`UPDATE lab_migrations SET name = '*' WHERE room = 'lab' AND name = '001_lab.sql'`, newer},
		"no migrations":                   {`DELETE FROM lab_migrations`, notWhole},
		"no people":                       {`PRAGMA foreign_keys = 0; DELETE FROM okta_org`, notWhole},
		"a schema that is no SQL":         {`PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = 'garbage' WHERE name = 'okta_groups'`, damaged},
		"two tables on one page": {`PRAGMA writable_schema = 1;
			UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'lab_about') WHERE name = 'okta_groups'`, damaged},
	} {
		hostile := packed(t, labFileMark, altered(t, plain, tt.script))
		var status int
		var page string
		waittest.Ends(t, "the refusal of "+name, func() { status, page = v.upload("arrived", hostile) })
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, html.EscapeString(tt.want)) {
			t.Errorf("%s: status %d; want %q in %.300s", name, status, tt.want, said(page))
		}
		if s.Registry.Exists("arrived") {
			t.Errorf("%s: a lab was made", name)
			if err := s.Registry.Delete(t.Context(), "arrived"); err != nil {
				t.Fatal(err)
			}
		}
	}
}
