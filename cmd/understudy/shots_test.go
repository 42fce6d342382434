package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/script/player"
)

// The exit status tells whether pictures changed. A picture that the guide does not have is an error.
func TestShotsExitStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command := shotsCommand{
		Out: dir, Jobs: 2, Scale: 1, Width: 1080, Theme: "light", Engine: "browser", Format: "png",
		Names: []string{"ok1"}, Only: []string{"ok17"},
	}
	run := func(c shotsCommand) error { return c.Run(t.Context()) }
	if err := run(command); !errors.Is(err, exitStatus(statusChanged)) {
		t.Fatalf("first run: %v", err)
	}
	for _, name := range []string{"ok1.png", "ok17.png", "index.html", "report.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := run(command); err != nil {
		t.Errorf("second run, nothing changed: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ok1.png"), []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	command.Changed = true
	if err := run(command); !errors.Is(err, exitStatus(statusChanged)) {
		t.Errorf("third run, one picture changed: %v", err)
	}
	command.At = "okta-admin: Directory > People"
	if err := run(command); err == nil || !strings.Contains(err.Error(), "--out FILE.png") {
		t.Errorf("--at with a directory: %v", err)
	}
	command.Out, command.Names, command.Only, command.Step = filepath.Join(dir, "people.png"), nil, nil, "2.1"
	command.Mark, command.Crop = []string{"{text: Begin here, at: Add person}"}, []string{"People", "Add person"}
	if err := run(command); err != nil {
		t.Errorf("--at with crop and mark: %v", err)
	}
	if _, err := os.Stat(command.Out); err != nil {
		t.Error(err)
	}
	command.At, command.Out = "", dir
	if err := run(command); err == nil || !strings.Contains(err.Error(), "belong to --at") {
		t.Errorf("--mark without --at: %v", err)
	}
	command.Mark, command.Crop, command.Step = nil, nil, ""
	command.Names = []string{"ok999"}
	if err := run(command); err == nil || errors.Is(err, exitStatus(statusChanged)) {
		t.Errorf("an unknown picture: %v", err)
	}
}

// BenchmarkShots takes all pictures at double resolution with two jobs. The limit is 60 s on two cores.
func BenchmarkShots(b *testing.B) {
	for b.Loop() {
		command := shotsCommand{Out: b.TempDir(), Jobs: 2, Scale: 2, Width: 1080, Theme: "light", Engine: "browser", Format: "png"}
		if err := command.Run(b.Context()); !errors.Is(err, exitStatus(statusChanged)) {
			b.Fatal(err)
		}
	}
}

// continues is a guide that continues after a step of the quickstart.
const continues = `id: continues

# Continues

<!-- script
after: "1.4"
-->

## The app
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
  - open: Applications > Applications
see: Sigma on AWS
-->
`

// Another guide can continue after a step of the quickstart.
func TestASecondGuideContinuesAfterTheQuickstart(t *testing.T) {
	t.Parallel()
	playScript(t, continues, player.Options{URL: start(t).url})
}
