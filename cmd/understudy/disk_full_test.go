//go:build netns

package main

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"understudy/seed/base/waittest"
)

// A full disk is reported on every page that wanted to save something, and by the health page. Nothing that was saved is lost,
// and the server works again when there is space. Mounting the small disk needs root, like the tests with network namespaces.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Fatalf("mount: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", disk).Run() })
	p := serve(t, "--data", filepath.Join(disk, "data"))
	v := &visitor{T: t, url: p.url, client: newVisitor(t, &running{}).client}
	v.wants(http.StatusOK, "Dashboard")(v.post("/okta/demo/login/login.htm", adaSignsIn()))
	v.wants(http.StatusOK, "Before")(v.post("/okta/demo/admin/groups/new", url.Values{"name": {"Before"}}))

	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	full := func(status int, text string) bool {
		return status == http.StatusServiceUnavailable && strings.Contains(text, "disk") && strings.Contains(text, "full")
	}
	// SQLite has some space in files that exist already, so the first changes may still succeed; those must be kept.
	kept := []string{"Before"}
	waittest.Until(t, "the disk to be full for a new group", func() (any, bool) {
		name := "Group " + strconv.Itoa(len(kept))
		status, text := v.post("/okta/demo/admin/groups/new", url.Values{"name": {name}, "description": {strings.Repeat("x", 1000)}})
		if full(status, text) {
			return status, true
		}
		if status != http.StatusOK {
			t.Fatalf("status %d: %.300s", status, text)
		}
		kept = append(kept, name)
		fill(t, filler)
		return status, false
	})
	waittest.Until(t, "the health page to report the disk", func() (any, bool) {
		status, text := v.get("/healthz")
		return text, full(status, text)
	})
	v.wants(http.StatusServiceUnavailable, "The disk of the server is full", "Free some space")(
		v.post("/sigma/demo/login", mayaSignsIn()))
	v.wants(http.StatusServiceUnavailable, "The disk of the server is full")(v.post("/labs", url.Values{"name": {"second"}}))
	v.wants(http.StatusOK, "Groups")(v.get("/okta/demo/admin/groups")) // reading goes on

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, "the health page to report that all is well", func() (any, bool) {
		status, text := v.get("/healthz")
		return text, status == http.StatusOK
	})
	v.wants(http.StatusOK)(v.post("/okta/demo/admin/groups/new", url.Values{"name": {"After"}}))
	v.wants(http.StatusOK, append(kept, "After")...)(v.get("/okta/demo/admin/groups"))
}

// fill writes until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for size := 1 << 20; size >= 1; size /= 2 {
		for err = error(nil); err == nil; { // until a block of this size does not fit
			_, err = file.Write(make([]byte, size))
		}
	}
}
