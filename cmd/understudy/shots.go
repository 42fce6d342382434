package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/seed/shots"
)

type shotsCommand struct {
	Out      string   `default:"assets" help:"Directory of the pictures; with --at a file."`
	Guide    string   `type:"existingfile" placeholder:"FILE" help:"Guide whose pictures are taken. Default: the quickstart."`
	Only     []string `placeholder:"NAME" help:"Take only these pictures, as the arguments do."`
	Changed  bool     `help:"Say only which pictures changed or failed."`
	Jobs     int      `default:"2" help:"Walks at a time, each in a lab and a browser of its own."`
	DryRun   bool     `help:"Take and compare, and write nothing."`
	Scale    float64  `enum:"1,2" default:"2" help:"Pixels for each CSS pixel: 1 or 2."`
	Width    int      `default:"1080" help:"Width of the window in CSS pixels."`
	Theme    string   `enum:"light,dark" default:"light" help:"Colour scheme: light or dark."`
	Language string   `default:"en-US" help:"Language that the browser prefers, such as en-GB. The pages are in English."`
	Engine   string   `enum:"browser,links" default:"browser" help:"browser takes the pictures; links lists where each is to be taken by hand."`
	At       string   `placeholder:"WHO: PAGE" help:"Photograph any page: \"okta-admin: Directory > People\" or \"okta-admin: /admin/users\", into the file --out."`
	Step     string   `placeholder:"STEP" help:"With --at: after this step. Default: after the whole guide."`
	Names    []string `arg:"" optional:"" name:"name" help:"Names of pictures, such as ok1. Default: all."`
}

// statusChanged is the exit status that says that pictures changed.
const statusChanged = 4

// exitStatus ends the program with a status of its own.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run implements the shots command.
func (c *shotsCommand) Run(ctx context.Context) error {
	guideScript, err := (&walkCommand{File: c.Guide}).script()
	if err != nil {
		return err
	}
	if c.At != "" && (c.Engine == "links" || len(c.Names)+len(c.Only) > 0 || !strings.HasSuffix(c.Out, ".png")) {
		return errors.New("--at takes one picture of any page: it needs --out FILE.png, and neither names of pictures nor --engine links go with it")
	}
	if c.Engine == "links" {
		return shots.Links(ctx, os.Stdout, guideScript, slices.Concat(c.Names, c.Only))
	}
	if !script.IsLanguage(c.Language) {
		return fmt.Errorf("--language %q: a language is written as en-US or de", c.Language)
	}
	out, names := c.Out, slices.Concat(c.Names, c.Only)
	if c.At != "" {
		name := strings.TrimSuffix(filepath.Base(c.Out), ".png")
		if guideScript, err = shots.At(guideScript, name, c.At, c.Step); err != nil {
			return err
		}
		out, names = filepath.Dir(c.Out), []string{name}
	}
	// The pixels of two large pictures at a time are soon garbage; a soft limit keeps them from piling up.
	debug.SetMemoryLimit(150 << 20)
	progress := shots.ShowProgress(os.Stderr, isTerminal(os.Stderr))
	if c.Changed {
		every := progress
		progress = func(done, all int, r shots.Result) {
			if r.Status != shots.Same {
				every(done, all, r)
			}
		}
	}
	report, err := shots.Take(ctx, guideScript, shots.Options{
		Out: out, NoReport: c.At != "", Only: names, Jobs: c.Jobs, Scale: c.Scale, Width: c.Width, Theme: c.Theme, Language: c.Language, DryRun: c.DryRun, Version: programVersion(), Progress: progress,
	})
	if errors.Is(err, player.ErrNoBrowser) {
		return fmt.Errorf("%w; or list with --engine links where to take the pictures by hand", err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("\n%d changed, %d new, %d the same, %d failed\n", report.Count(shots.Changed), report.Count(shots.New), report.Count(shots.Same), report.Count(shots.Failed))
	switch {
	case report.Count(shots.Failed) > 0:
		return errors.New("some pictures failed")
	case report.Count(shots.Changed, shots.New) > 0:
		return exitStatus(statusChanged)
	}
	return nil
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
