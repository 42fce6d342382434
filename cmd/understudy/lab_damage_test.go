package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fileDamage is a way in which the file of a lab can be damaged: by other content, or by something that is no file.
type fileDamage struct {
	name  string
	apply func(t *testing.T, data []byte) []byte
	place func(path string) error // puts something in the place of the file, which was removed
}

// damages are ways in which the file of a lab can be damaged. lab_damage_unix_test.go adds some.
var damages = []fileDamage{
	{name: "garbage", apply: func(_ *testing.T, data []byte) []byte { return bytes.Repeat([]byte("garbage "), len(data)/8) }},
	{name: "nothing", apply: func(*testing.T, []byte) []byte { return nil }},
	{name: "half a file", apply: func(_ *testing.T, data []byte) []byte { return data[:len(data)/2] }},
	{name: "garbage in the header", apply: func(_ *testing.T, data []byte) []byte { return append([]byte("garbage garbage "), data[16:]...) }},
	{name: "garbage after the header", apply: func(_ *testing.T, data []byte) []byte {
		copy(data[100:], bytes.Repeat([]byte{0xff}, 4000))
		return data
	}},
	{name: "garbage in all pages but the first", apply: func(_ *testing.T, data []byte) []byte {
		copy(data[4096:], bytes.Repeat([]byte{0xff}, len(data)-4096))
		return data
	}},
	{name: "a card that is no JSON", apply: func(t *testing.T, data []byte) []byte { return altered(t, data, `UPDATE lab_about SET card = '['`) }},
	{name: "no card", apply: func(t *testing.T, data []byte) []byte { return altered(t, data, `DELETE FROM lab_about`) }},
	{name: "a table that is missing", apply: func(t *testing.T, data []byte) []byte { return altered(t, data, `DROP TABLE lab_about`) }},
	{name: "an empty folder", place: func(path string) error { return os.Mkdir(path, 0o700) }},
	{name: "a folder with files", place: func(path string) error { return os.MkdirAll(filepath.Join(path, "more", "files"), 0o700) }},
	{name: "a link that leads nowhere", place: func(path string) error { return os.Symlink("nowhere.db", path) }},
	{name: "a link that leads to a folder", place: func(path string) error { return os.Symlink("..", path) }},
	{name: "a link that leads to itself", place: func(path string) error { return os.Symlink(filepath.Base(path), path) }},
	{name: "a folder instead of the write-ahead log", place: func(path string) error {
		return errors.Join(os.WriteFile(path, nil, 0o600), os.MkdirAll(filepath.Join(path+"-wal", "more"), 0o700))
	}},
}

// damage replaces a file that no server has open.
func (d fileDamage) damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if d.place != nil {
		err = d.place(path)
	} else {
		err = os.WriteFile(path, d.apply(t, data), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// labFile is the path of a lab's file.
func labFile(dir, lab string) string { return filepath.Join(dir, "labs", lab+".db") }

// The file of each lab of a workshop is damaged. The server starts, console and cards answer, and every remedy gives a lab that works.
// The damaged file is kept.
func TestDamagedLabsAreRemedied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openWorkshop(t, dir, len(damages)+1)
	ada, attendees := newVisitor(t, s), make([]*visitor, len(damages))
	ada.instructs(s)
	for i := range damages {
		attendees[i] = newVisitor(t, s)
		attendees[i].join(fmt.Sprint("Attendee ", i+1))
		name := fmt.Sprintf("lab-%02d", i+1)
		attendees[i].wants(http.StatusOK)(attendees[i].post("/labs/"+name+"/guide/bring", url.Values{"step": {"1.2"}}))
	}
	whole := newVisitor(t, s)
	whole.join("Whole")
	act := func(kind string, more url.Values) func(*visitor, string) (int, string) {
		return func(_ *visitor, lab string) (int, string) {
			form := url.Values{"action": {kind}, "lab": {lab}}
			for key, values := range more {
				form[key] = values
			}
			return ada.acts(form)
		}
	}
	own := func(path string, form url.Values) func(*visitor, string) (int, string) {
		return func(v *visitor, lab string) (int, string) { return v.post("/labs/"+lab+path, form) }
	}
	remedies := []struct {
		name  string
		apply func(v *visitor, lab string) (int, string)
	}{
		{"the attendee resets", own("/reset", nil)},
		{"the attendee undoes", own("/guide/undo", nil)},
		{"the attendee goes back", own("/guide/back", url.Values{"checkpoint": {"2"}})},
		{"the attendee brings the lab to a step", own("/guide/bring", url.Values{"step": {"1.2"}})},
		{"the attendee starts again", own("/guide/again", url.Values{"what": {"step"}})},
		{"the instructor resets", act("reset", nil)},
		{"the instructor undoes", act("undo", nil)},
		{"the instructor brings the lab to a step", act("bring", url.Values{"step": {"1.2"}})},
	}
	const rounds = 2
	for round := range rounds {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for i, d := range damages {
			d.damage(t, labFile(dir, fmt.Sprintf("lab-%02d", i+1)))
		}
		s = openWorkshop(t, dir, len(damages)+1)
		ada.url, whole.url = s.url, s.url
		ada.wants(http.StatusOK, "Attendee 1", "The file of this lab is damaged")(ada.get("/instructor/console"))
		ada.wants(http.StatusOK, "Attendee 1", "Whole", "Prompt-Corner-24")(ada.get("/instructor/cards"))
		ada.wants(http.StatusOK)(ada.get("/instructor/results.csv"))
		if _, console := ada.get("/instructor/console"); strings.Contains(console, ">Finished</span>") {
			t.Error("the console says that an attendee with a damaged lab has finished")
		}
		whole.wants(http.StatusOK)(whole.get("/labs/" + fmt.Sprintf("lab-%02d", len(damages)+1)))
		for i, d := range damages {
			v, name, remedy := attendees[i], fmt.Sprintf("lab-%02d", i+1), remedies[(3*round+i)%len(remedies)]
			v.url = s.url
			v.wants(http.StatusServiceUnavailable, "is damaged", "Reset the lab", "Go back")(v.get("/labs/" + name))
			v.wants(http.StatusServiceUnavailable, "is damaged", "/labs/"+name)(v.get("/okta/" + name + "/"))
			v.wants(http.StatusOK, "is damaged")(v.get("/card"))
			if status, body := remedy.apply(v, name); status != http.StatusOK {
				t.Errorf("%s: %s: %d %s", d.name, remedy.name, status, said(body))
				continue
			}
			v.wants(http.StatusOK)(v.get("/labs/" + name))
			v.wants(http.StatusOK)(v.post("/okta/"+name+"/login/login.htm", adaSignsIn()))
			v.wants(http.StatusOK)(v.post("/labs/"+name+"/guide/bring", url.Values{"step": {"1.2"}}))
		}
	}
	kept, err := filepath.Glob(filepath.Join(dir, "damaged", "lab-*.db"))
	if err != nil || len(kept) != len(damages)*rounds {
		t.Errorf("%d damaged files are kept, want %d: %v", len(kept), len(damages)*rounds, err)
	}
}

// Labs whose files are damaged can be removed and wiped.
func TestDamagedLabsCanBeDeleted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openWorkshop(t, dir, len(damages)+1)
	ada := newVisitor(t, s)
	ada.instructs(s)
	for i := range damages {
		newVisitor(t, s).join(fmt.Sprint("Attendee ", i+1))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i, d := range damages {
		d.damage(t, labFile(dir, fmt.Sprintf("lab-%02d", i+1)))
	}
	s = openWorkshop(t, dir, len(damages)+1)
	ada.url = s.url
	taken := fmt.Sprintf("%d of %d labs are taken", len(damages)-1, len(damages)+1)
	ada.wants(http.StatusOK, taken)(ada.acts(url.Values{"action": {"remove"}, "lab": {"lab-01"}, "sure": {"true"}}))
	ada.wants(http.StatusOK, "Nobody has joined yet")(ada.post("/instructor/wipe", url.Values{"sure": {"true"}}))
}

// The server starts although the file of its lab is damaged, and says what to do.
func TestServeStartsWithADamagedLab(t *testing.T) {
	t.Parallel()
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := serve(t, "--data", dir)
			p.kill()
			d.damage(t, labFile(dir, "demo"))
			p = serve(t, "--data", dir)
			if !strings.Contains(p.out, "The file of this lab is damaged.") || !strings.Contains(p.out, p.url+"/labs/demo") {
				t.Errorf("the output does not say so:\n%s", p.out)
			}
			v := newVisitor(t, &running{url: p.url})
			v.wants(http.StatusOK)(v.post("/labs", url.Values{"name": {"other"}}))
			v.wants(http.StatusServiceUnavailable, "This lab has no checkpoint.")(v.get("/labs/demo/traffic"))
			v.wants(http.StatusOK)(v.post("/labs/demo/reset", nil))
			v.wants(http.StatusOK)(v.post("/okta/demo/login/login.htm", adaSignsIn()))
		})
	}
}

// The file of a workshop is damaged. The workshop starts with a new one, keeps the labs, and says with which nicknames and PINs people
// return to them.
func TestWorkshopStartsWithADamagedFile(t *testing.T) {
	t.Parallel()
	kinds := append([]fileDamage{
		{name: "a table is missing", apply: func(t *testing.T, data []byte) []byte { return altered(t, data, `DROP TABLE workshop_device`) }},
		{name: "a column is missing", apply: func(t *testing.T, data []byte) []byte {
			return altered(t, data, `ALTER TABLE workshop DROP COLUMN banner`)
		}},
	}, damages...)
	for _, d := range kinds {
		if strings.Contains(d.name, "card") || strings.Contains(d.name, "lab_about") || d.name == "a table that is missing" {
			continue // of a lab's file
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := openWorkshop(t, dir, 3)
			ann := newVisitor(t, s)
			ann.join("Ann")
			if d.name == kinds[0].name {
				ann.wants(http.StatusOK)(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"1.2"}}))
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			d.damage(t, filepath.Join(dir, "workshop.db"))
			s = openWorkshop(t, dir, 3)
			output := recoveryText(s.Workshop)
			_, pin, found := strings.Cut(output, "lab-01        nickname lab-01, PIN ")
			wasFile := d.name != "nothing" // an empty file is not worth keeping
			if !found || wasFile != strings.Contains(output, filepath.Join(dir, "damaged", "workshop-")) || s.Workshop.NewPassword() == "" {
				t.Fatalf("the output does not say what happened:\n%s", output)
			}
			ann.url = s.url
			ann.wants(http.StatusOK, "Card of lab-01")(ann.post("/return", url.Values{"name": {"lab-01"}, "pin": {pin[:6]}}))
			if d.name == kinds[0].name {
				ann.wants(http.StatusOK, "Step 1.2")(ann.get("/labs/lab-01/guide"))
			}
			ann.wants(http.StatusOK)(ann.post("/okta/lab-01/login/login.htm", adaSignsIn()))
			ben, ada := newVisitor(t, s), newVisitor(t, s)
			ben.join("Ben")
			ben.wants(http.StatusOK, "lab-02")(ben.get("/card"))
			ada.instructs(s)
			if kept, err := filepath.Glob(filepath.Join(dir, "damaged", "workshop-*.db")); err != nil || len(kept) == 1 != wasFile {
				t.Errorf("damaged files that are kept: %q %v", kept, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openWorkshop(t, dir, 3)
			if output := recoveryText(s.Workshop); output != "" {
				t.Errorf("the next start says again:\n%s", output)
			}
		})
	}
}
