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

type walkCommand struct {
	To     string `placeholder:"STEP" help:"Stop after this step, such as 2.9. Default: the whole script."`
	Player string `enum:"http,browser" default:"http" help:"Who plays: http (fast, no browser) or browser (Chromium)."`
	URL    string `placeholder:"URL" help:"Play against a running server. Default: a server and lab of its own, kept nowhere."`
	Lab    string `default:"demo" help:"Lab to play in, with --url."`
	File   string `arg:"" optional:"" type:"existingfile" help:"Script to play. Default: the quickstart."`
}

// errWalkFailed ends the command with status 1; the report has said all there is to say.
var errWalkFailed = errors.New("the walk did not go through")

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
		defer func() { _ = server.close() }()
		url = server.url
	}
	return c.play(ctx, guideScript, url, os.Stdout)
}

func (c *walkCommand) script() (*script.Script, error) {
	if c.File == "" {
		return script.Quickstart()
	}
	return script.Load(os.DirFS(filepath.Dir(c.File)), filepath.Base(c.File))
}

func (c *walkCommand) play(ctx context.Context, guideScript *script.Script, url string, out io.Writer) error {
	report, err := player.Play(ctx, guideScript, player.Options{URL: url, Lab: c.Lab, To: c.To, Player: player.Player(c.Player), Log: out})
	if errors.Is(err, player.ErrNoBrowser) {
		return fmt.Errorf("%w; or play with --player http", err)
	}
	if err != nil {
		return err
	}
	if !report.OK() {
		return errWalkFailed
	}
	return nil
}
