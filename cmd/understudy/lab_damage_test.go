package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// damages are ways in which the file of a lab can be damaged.
var damages = []struct {
	name  string
	apply func(t *testing.T, data []byte) []byte
}{
	{"garbage", func(_ *testing.T, data []byte) []byte { return bytes.Repeat([]byte("garbage "), len(data)/8) }},
	{"nothing", func(*testing.T, []byte) []byte { return nil }},
	{"half a file", func(_ *testing.T, data []byte) []byte { return data[:len(data)/2] }},
	{"garbage in the header", func(_ *testing.T, data []byte) []byte { return append([]byte("garbage garbage "), data[16:]...) }},
	{"garbage after the header", func(_ *testing.T, data []byte) []byte {
		copy(data[100:], bytes.Repeat([]byte{0xff}, 4000))
		return data
	}},
	{"garbage in all pages but the first", func(_ *testing.T, data []byte) []byte {
		copy(data[4096:], bytes.Repeat([]byte{0xff}, len(data)-4096))
		return data
	}},
	{"a card that is no JSON", func(t *testing.T, data []byte) []byte { return altered(t, data, `UPDATE lab_about SET card = '['`) }},
	{"no card", func(t *testing.T, data []byte) []byte { return altered(t, data, `DELETE FROM lab_about`) }},
	{"a table that is missing", func(t *testing.T, data []byte) []byte { return altered(t, data, `DROP TABLE lab_about`) }},
}

// damage replaces the file of a lab that no server has open.
func damage(t *testing.T, dir, lab string, apply func(t *testing.T, data []byte) []byte) {
	t.Helper()
	path := filepath.Join(dir, "labs", lab+".db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, apply(t, data), 0o600); err != nil {
		t.Fatal(err)
	}
}

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
			return ada.post("/instructor/act", form)
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
	const rounds = 4
	for round := range rounds {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for i, d := range damages {
			damage(t, dir, fmt.Sprintf("lab-%02d", i+1), d.apply)
		}
		s = openWorkshop(t, dir, len(damages)+1)
		ada.url, whole.url = s.url, s.url
		ada.wants(http.StatusOK, "Attendee 1", "The file of this lab is damaged")(ada.get("/instructor/console"))
		ada.wants(http.StatusOK, "Attendee 1", "Whole", "Prompt-Corner-24")(ada.get("/instructor/cards"))
		ada.wants(http.StatusOK)(ada.get("/instructor/results.csv"))
		if _, console := ada.get("/instructor/console"); strings.Contains(console, "Finished") {
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
	s := openWorkshop(t, dir, 5)
	ada := newVisitor(t, s)
	ada.instructs(s)
	for i := range 3 {
		newVisitor(t, s).join(fmt.Sprint("Attendee ", i+1))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		damage(t, dir, fmt.Sprintf("lab-%02d", i+1), damages[i].apply)
	}
	s = openWorkshop(t, dir, 5)
	ada.url = s.url
	ada.wants(http.StatusOK, "2 of 5 labs are taken")(ada.post("/instructor/act", url.Values{"action": {"remove"}, "lab": {"lab-01"}, "sure": {"true"}}))
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
			for _, suffix := range []string{"-wal", "-shm"} {
				if err := os.Remove(filepath.Join(dir, "labs", "demo.db"+suffix)); err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
			}
			damage(t, dir, "demo", d.apply)
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
