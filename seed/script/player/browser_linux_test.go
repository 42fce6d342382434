//go:build linux

package player_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"understudy/seed/base/waittest"
	"understudy/seed/script/player"
)

// A browser that a shell script has started, as Debian's headless shell is, ends with the play.
func TestBrowserEndsWithPlay(t *testing.T) {
	t.Parallel()
	real, err := player.FindBrowser("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	wrapper, note := filepath.Join(dir, "browser"), filepath.Join(dir, "pid")
	shell := "#!/bin/sh\n" + real + " \"$@\" &\necho $! >" + note + "\nwait\n"
	if err := os.WriteFile(wrapper, []byte(shell), 0o755); err != nil {
		t.Fatal(err)
	}
	o := player.Options{Player: player.PlayerBrowser, Browser: wrapper, FailureDir: t.TempDir()}
	report := newSite(t).play(t, o, "id: 1\ndo:\n  - visit: \"{okta}/other\"")
	if !report.OK() {
		t.Fatal(report.Summary())
	}
	text, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, fmt.Sprintf("the end of the browser, process %d", pid), func() (any, bool) {
		err := syscall.Kill(pid, 0)
		return err, errors.Is(err, syscall.ESRCH)
	})
}
