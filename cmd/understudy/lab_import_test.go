package main

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// upload submits the import form of the start page; a nil file submits it without a file.
func (v *visitor) upload(name string, file []byte) (int, string) {
	v.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("as", name); err != nil {
		v.Fatal(err)
	}
	if file != nil {
		part, err := form.CreateFormFile("file", "lab.understudy")
		if err != nil {
			v.Fatal(err)
		}
		if _, err := part.Write(file); err != nil {
			v.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		v.Fatal(err)
	}
	return v.read(v.client.Post(v.url+"/import", form.FormDataContentType(), &body))
}

// labFileMark is the gzip comment of an exported lab.
const labFileMark = "understudy lab 1"

// packed wraps a database into the format of an exported lab.
func packed(t *testing.T, mark string, data []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	zip := gzip.NewWriter(&file)
	zip.Comment = mark
	if _, err := zip.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// unpacked returns the database of an exported lab.
// unpacked returns the database of an exported lab.
func unpacked(t *testing.T, file []byte) []byte {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil || zip.Comment != labFileMark {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// altered runs SQL on a database and returns the result; nil data is an empty database.
func altered(t *testing.T, data []byte, script string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "altered.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// exportedLab returns a server with two labs, a signed-in browser, and an export of the lab demo, to which a group was added.
func exportedLab(t *testing.T) (s *running, v *visitor, file []byte) {
	t.Helper()
	s = start(t)
	v = newVisitor(t, s)
	v.wants(http.StatusOK)(v.post("/labs", url.Values{"name": {"other"}}))
	v.wants(http.StatusOK)(v.post("/okta/demo/login/login.htm", adaSignsIn()))
	v.wants(http.StatusOK)(v.post("/okta/demo/admin/groups/new", url.Values{"name": {"Travellers"}}))
	status, text := v.get("/labs/demo/export")
	if status != http.StatusOK {
		t.Fatal(status, text)
	}
	return s, v, []byte(text)
}

func TestBrokenLabFileChangesNothing(t *testing.T) {
	t.Parallel()
	s, v, file := exportedLab(t)
	plain := unpacked(t, file)
	holed := bytes.Clone(plain)
	for i := len(holed) / 4; i < len(holed)/2; i++ {
		holed[i] ^= 0x55
	}
	wrongSum := bytes.Clone(file)
	wrongSum[len(wrongSum)-6] ^= 0x55
	newer := func(part string) []byte {
		return packed(t, labFileMark, altered(t, plain, `INSERT INTO lab_migrations VALUES ('`+part+`', '999_later.sql', 0)`))
	}
	const (
		notExported = "This file cannot be imported: it was not exported from a lab. Nothing was changed."
		breaksOff   = "This file cannot be imported: it is incomplete, or its checksum is wrong. Nothing was changed."
		damaged     = "This file cannot be imported: the database in it is damaged. Nothing was changed."
		notALab     = "This file cannot be imported: the database in it is not a lab's. Nothing was changed."
		notWhole    = "This file cannot be imported: it does not hold a whole lab. Nothing was changed."
		tooNew      = "This file cannot be imported: it was made by a newer version of this program. Nothing was changed."
	)
	look := func() (seen [4]string) {
		for i, path := range []string{"/", "/labs/demo/view", "/labs/other/view"} {
			status, text := v.get(path)
			if status != http.StatusOK {
				t.Fatalf("%s: %d", path, status)
			}
			seen[i] = text
		}
		for _, pattern := range []string{"labs/*.db", "labs/new-*", "templates/import-*"} {
			found, err := filepath.Glob(filepath.Join(s.Temporary, pattern))
			if err != nil {
				t.Fatal(err)
			}
			seen[3] += strings.Join(found, "\n") + "\n"
		}
		return seen
	}
	before := look()
	for _, tt := range []struct {
		name, as string
		file     []byte
		want     string
	}{
		{"no file", "arrived", nil, "Choose the file of an exported lab."},
		{"an empty file", "arrived", []byte{}, notExported},
		{"a text", "arrived", []byte("hello"), notExported},
		{"a database without the file format", "arrived", plain, notExported},
		{"an archive of something else", "arrived", packed(t, "", plain), notExported},
		{"a file of another kind of lab", "arrived", packed(t, "understudy lab 2", plain), notExported},
		{"the head of a file", "arrived", file[:3], notExported},
		{"half a file", "arrived", file[:len(file)/2], breaksOff},
		{"a file without its last byte", "arrived", file[:len(file)-1], breaksOff},
		{"a file whose checksum is wrong", "arrived", wrongSum, breaksOff},
		{"a text instead of the database", "arrived", packed(t, labFileMark, []byte("hello")), damaged},
		{"half a database", "arrived", packed(t, labFileMark, plain[:len(plain)/2]), damaged},
		{"a database with damaged pages", "arrived", packed(t, labFileMark, holed), damaged},
		{"nothing instead of the database", "arrived", packed(t, labFileMark, nil), notALab},
		{"another database", "arrived", packed(t, labFileMark, altered(t, nil, `CREATE TABLE recipe (name TEXT)`)), notALab},
		{"a lab without its description", "arrived", packed(t, labFileMark, altered(t, plain, `DELETE FROM lab_about`)), notALab},
		{"a lab without people", "arrived", packed(t, labFileMark, altered(t, plain, `DROP TABLE okta_users`)), notWhole},
		{"a lab without an organization", "arrived", packed(t, labFileMark, altered(t, plain, `DELETE FROM sigma_organization`)), notWhole},
		{"a newer lab", "arrived", newer("lab"), tooNew},
		{"a lab whose Okta is newer", "arrived", newer("idp"), tooNew},
		{"a lab whose Sigma is newer", "arrived", newer("sp"), tooNew},
		{"a lab with an unknown part", "arrived", newer("third"), tooNew},
		{"a name that is taken", "other", file, "There is already a lab named other."},
		{"an invalid name", "No Name", file, "The name of a lab has up to 40 small letters, digits and hyphens. It begins and ends with a letter or digit."},
	} {
		status, page := v.upload(tt.as, tt.file)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, html.EscapeString(tt.want)) {
			t.Errorf("%s: status %d; want %q in %s", tt.name, status, tt.want, said(page))
		}
		if after := look(); after != before {
			t.Fatalf("%s changed a lab: %q", tt.name, after[3])
		}
	}
	v.wants(http.StatusOK, "arrived")(v.upload("arrived", file)) // the unchanged file can be imported
	v.wants(http.StatusOK)(v.post("/okta/arrived/login/login.htm", adaSignsIn()))
	v.wants(http.StatusOK, "Travellers")(v.get("/okta/arrived/admin/groups"))
}

// said returns the error message of a page.
func said(page string) string {
	_, after, found := strings.Cut(page, `role="alert"`)
	if !found {
		return page[:min(len(page), 300)]
	}
	return after[:min(len(after), 600)]
}

// An export of an older program is migrated: its content is kept, and newer features work.
func TestOlderLabFileIsMigrated(t *testing.T) {
	t.Parallel()
	_, v, file := exportedLab(t)
	old := altered(t, unpacked(t, file), `
		DROP TABLE lab_fault;
		DROP TABLE lab_fault_history;
		DROP TABLE lab_injected_fault;
		ALTER TABLE lab_clipboard RENAME TO lab_shelf;
		ALTER TABLE lab_page_request RENAME TO lab_hop;
		ALTER TABLE okta_app_users DROP COLUMN cleared;
		ALTER TABLE sigma_sessions DROP COLUMN window_number;
		DELETE FROM lab_migrations WHERE (room, name) IN (
			('lab', '006_fault.sql'), ('lab', '013_fault_history.sql'), ('lab', '009_names.sql'), ('idp', '032_cleared.sql'), ('sp', '003_session_window.sql'));`)
	v.wants(http.StatusOK, "arrived")(v.upload("arrived", packed(t, labFileMark, old)))
	_, there := v.get("/labs/demo/view")
	_, here := v.get("/labs/arrived/view")
	if here != there {
		t.Errorf("the imported lab differs: %s", firstDifference(there, here))
	}
	v.wants(http.StatusOK)(v.post("/okta/arrived/login/login.htm", adaSignsIn()))
	v.wants(http.StatusOK, "Travellers")(v.get("/okta/arrived/admin/groups"))
	v.wants(http.StatusOK, "Maya Rivers")(v.post("/sigma/arrived/login", mayaSignsIn()))
	v.wants(http.StatusOK, "Step 10.1")(v.post("/labs/arrived/guide/bring", url.Values{"step": {"10.1"}})) // plays all steps, provisioning included
	v.wants(http.StatusOK, "Not fixed yet")(v.post("/labs/arrived/faults/start", url.Values{"fault": {"clock-off"}}))
}
