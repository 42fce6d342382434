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
	"time"

	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/seed/shots"
)

// shotsCommand takes the pictures of a guide.
type shotsCommand struct {
	Out         string   `default:"assets" help:"Directory to write the pictures to; with --at a file."`
	Guide       string   `type:"existingfile" placeholder:"FILE" help:"Guide to take the pictures of. Default: the quickstart."`
	Only        []string `placeholder:"NAME" help:"Take only these pictures. Same as naming them as arguments."`
	Changed     bool     `help:"Report only pictures that changed or failed."`
	Jobs        int      `default:"2" help:"Number of browsers that work at once, each in its own lab."`
	DryRun      bool     `help:"Take and compare the pictures without writing them."`
	Scale       float64  `enum:"1,2" default:"2" help:"Pixels for each CSS pixel: 1 or 2."`
	Width       int      `default:"1080" help:"Width of the window in CSS pixels."`
	Theme       string   `enum:"light,dark" default:"light" help:"Colour scheme: light or dark."`
	PublicOkta  string   `default:"https://brightwater.okta.example" help:"Base URL that the pictures show for Okta. Empty: the address of the server."`
	PublicSigma string   `default:"https://app.sigma.example/brightwater" help:"Base URL that the pictures show for Sigma. Empty: the address of the server."`
	Format      string   `enum:"png,webp" default:"png" help:"Format of the files: png, or webp (lossless, smaller)."`
	Engine      string   `enum:"browser,links" default:"browser" help:"browser takes the pictures; links lists addresses for taking each by hand."`
	At          string   `placeholder:"WHO: PAGE" help:"Take a picture of any page into the file --out, such as \"okta-admin: Directory > People\"."`
	Crop        []string `sep:"none" placeholder:"LABEL" help:"With --at: control, region or text that the picture must show. Can be repeated."`
	Mark        []string `sep:"none" placeholder:"MARK" help:"With --at: what the picture points at, as in a guide: \"Add person\" or \"{arrow: Save}\". Can be repeated."`
	Bar         bool     `help:"With --at: show the lab bar."`
	Step        string   `placeholder:"STEP" help:"With --at: the step after which to take the picture. Default: the last."`
	Names       []string `arg:"" optional:"" name:"name" help:"Names of pictures, such as ok1. Default: all."`
}

// statusChanged is the exit status if pictures changed.
const statusChanged = 4

// exitStatus is an error that ends the program with this status and without a message.
type exitStatus int

// Error implements error.
func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run implements the shots command.
func (c *shotsCommand) Run(ctx context.Context) error {
	public := publicFlags{PublicOkta: c.PublicOkta, PublicSigma: c.PublicSigma}
	if err := public.check(); err != nil {
		return err
	}
	guideScript, err := (&walkCommand{File: c.Guide}).script()
	if err != nil {
		return err
	}
	if c.At != "" && (c.Engine == "links" || len(c.Names)+len(c.Only) > 0 || filepath.Ext(c.Out) != "."+c.Format) {
		return fmt.Errorf("--at takes one picture: use it with --out FILE.%s, without names of pictures and without --engine links", c.Format)
	}
	if c.At == "" && (len(c.Crop)+len(c.Mark) > 0 || c.Bar || c.Step != "") {
		return errors.New("--crop, --mark, --bar and --step belong to --at; in a guide, the keys of the picture say this")
	}
	if c.Engine == "links" {
		return shots.Links(ctx, os.Stdout, guideScript, slices.Concat(c.Names, c.Only))
	}
	out, names := c.Out, slices.Concat(c.Names, c.Only)
	if c.At != "" {
		if guideScript, err = c.anyPage(guideScript); err != nil {
			return err
		}
		out, names = filepath.Dir(c.Out), []string{guideScript.Steps()[len(guideScript.Steps())-1].Shot}
	}
	// The pixels of a picture are garbage soon. A soft limit makes the collector free them early.
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
	began := time.Now()
	var report shots.Report
	memory, err := measurePeak(func() (err error) {
		report, err = shots.Take(ctx, guideScript, shots.Options{
			Out: out, NoReport: c.At != "", Format: shots.Format(c.Format), Page: c.At, Only: names, Jobs: c.Jobs, Scale: c.Scale, Width: c.Width, Theme: c.Theme,
			DryRun: c.DryRun, Version: programVersion(), Progress: progress, Public: public.addresses(),
		})
		return err
	})
	if errors.Is(err, player.ErrNoBrowser) {
		return fmt.Errorf("%w; or use --engine links and take the pictures by hand", err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("\n%d changed, %d new, %d the same, %d failed\n", report.Count(shots.Changed), report.Count(shots.New),
		report.Count(shots.Same), report.Count(shots.Failed))
	fmt.Println(strings.TrimSuffix(fmt.Sprintf("time: %.1f s; %s", time.Since(began).Seconds(), memory), "; "))
	switch {
	case report.Count(shots.Failed) > 0:
		return errors.New("some pictures failed")
	case c.At == "" && report.Count(shots.Changed, shots.New) > 0:
		return exitStatus(statusChanged)
	}
	return nil
}

// anyPage returns the script that takes the picture of --at.
func (c *shotsCommand) anyPage(guideScript *script.Script) (*script.Script, error) {
	shot := script.Shot{Name: strings.TrimSuffix(filepath.Base(c.Out), "."+c.Format), Crop: c.Crop, Bar: c.Bar}
	for _, text := range c.Mark {
		mark, err := script.ParseMark(text)
		if err != nil {
			return nil, fmt.Errorf("--mark: %w", err)
		}
		shot.Marks = append(shot.Marks, mark)
	}
	return shots.At(guideScript, shot, c.At, c.Step)
}

// isTerminal reports whether a file is a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
