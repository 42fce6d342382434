package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// walkCommand plays a script.
type walkCommand struct {
	To     string `placeholder:"STEP" help:"Last step to play, such as 2.9. Default: all steps."`
	Player string `enum:"http,browser" default:"http" help:"Player: http (fast, without a browser) or browser (Chromium)."`
	URL    string `placeholder:"URL" help:"Address of a running server to play on. Default: a new temporary server."`
	Lab    string `default:"demo" help:"Lab to play in, with --url."`
	File   string `arg:"" optional:"" type:"existingfile" help:"Script to play. Default: the quickstart."`
}

// errWalkFailed makes the exit status 1. The report has described the failure.
var errWalkFailed = errors.New("the script did not pass")

// Run implements the walk command.
func (c *walkCommand) Run(ctx context.Context) error {
	guideScript, err := c.script()
	if err != nil {
		return err
	}
	url := c.URL
	if url == "" {
		own := serveCommand{Addr: "127.0.0.1:0", Ephemeral: true, Lab: c.Lab, IdleClose: 5 * time.Minute}
		server, err := own.start(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = server.Close() }()
		url = server.url
	}
	return c.play(ctx, guideScript, url, os.Stdout)
}

// script loads the script to play.
func (c *walkCommand) script() (*script.Script, error) {
	if c.File == "" {
		return script.Quickstart()
	}
	return script.Load(os.DirFS(filepath.Dir(c.File)), filepath.Base(c.File))
}

// play plays a script on a server and writes the report to out.
func (c *walkCommand) play(ctx context.Context, guideScript *script.Script, url string, out io.Writer) error {
	report, err := player.Play(ctx, guideScript, player.Options{URL: url, Lab: c.Lab, To: c.To, Player: player.Player(c.Player), Log: out})
	if errors.Is(err, player.ErrNoBrowser) {
		return fmt.Errorf("%w; or use --player http", err)
	}
	if err != nil {
		return err
	}
	if !report.OK() {
		return errWalkFailed
	}
	return nil
}
