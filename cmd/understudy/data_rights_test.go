package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
)

// Only the user who runs the server can read what it keeps: every file has the mode 0600, every folder 0700. Labs are made in every
// way, and files that an older version has left readable are closed.
func TestOnlyTheUserCanReadTheDataFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openWorkshop(t, dir, 3)
	ann := newVisitor(t, s)
	ann.join("Ann")
	ann.wants(http.StatusOK)(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"0.2"}}))
	ann.wants(http.StatusOK)(ann.post("/labs/lab-01/reset", nil))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	damages[0].damage(t, labFile(dir, "lab-01"))
	damages[0].damage(t, filepath.Join(dir, "workshop.db"))
	s = openWorkshop(t, dir, 3)
	ada := newVisitor(t, s)
	ada.instructs(s)
	ada.wants(http.StatusOK)(ada.post("/instructor/act", url.Values{"action": {"reset"}, "lab": {"lab-01"}}))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	command := serveCommand{dataFlags: dataFlags{Data: dir}, Addr: "127.0.0.1:0", Lab: "demo", IdleClose: defaultIdle}
	served, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	v := newVisitor(t, served)
	_, exported := v.get("/labs/demo/export")
	if status, page := v.upload("imported", []byte(exported)); status != http.StatusOK {
		t.Fatalf("import: %d %s", status, said(page))
	}
	v.wants(http.StatusOK)(v.get("/labs/imported"))
	seen := map[string]int{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err // the person made the folder itself
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has the mode %o, want %o", path, info.Mode().Perm(), want)
		}
		below, _ := filepath.Rel(dir, path)
		seen[filepath.Dir(below)]++
		return nil
	})
	for _, folder := range []string{".", "labs", "templates", "checkpoints/lab-01", "damaged"} {
		if seen[folder] == 0 {
			t.Errorf("%s has no file, so the test shows nothing about it: %v", folder, err)
		}
	}
}
