package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/seed/workshop"
)

// walkCommand plays a script.
type walkCommand struct {
	Content string `placeholder:"DIR" help:"Folder with the scenario in which the guide begins. Default: the built-in scenarios."`
	connectFlags
	From   string `placeholder:"STEP" help:"First step to play, with --url: the steps before are completed in the lab. Default: the step at which the lab is."`
	To     string `placeholder:"STEP" help:"Last step to play, such as 2.9. Default: all steps."`
	Player string `enum:"http,browser" default:"http" help:"Player: http (fast, without a browser) or browser (Chromium)."`
	Lab    string `default:"demo" help:"Lab to play in, with --url."`

	AllowEgress []string `placeholder:"HOST:PORT" help:"Server that requests of the script may reach, besides the one that it plays on."`

	File string `arg:"" optional:"" type:"existingfile" help:"Script to play. Default: the quickstart."`
}

// errWalkFailed makes the exit status 1. The report has described the failure.
var errWalkFailed = errors.New("the script did not pass")

// Run implements the walk command.
func (c *walkCommand) Run(ctx context.Context) error {
	guideScript, err := c.script()
	if err != nil {
		return err
	}
	if c.URL != "" {
		return c.with(func(to *client.Client) error { return c.playOn(ctx, guideScript, to) })
	}
	if c.From != "" {
		return errors.New("--from needs a running server: --url")
	}
	own := serveCommand{contentFlags: contentFlags{Content: c.Content, Scenario: guideScript.Scenario}, Addr: "127.0.0.1:0", Ephemeral: true, Lab: c.Lab, IdleClose: 5 * time.Minute, AllowEgress: c.AllowEgress}
	server, err := own.start(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	return c.play(ctx, guideScript, player.Options{URL: server.url}, os.Stdout)
}

// script loads the script to play.
func (c *walkCommand) script() (*script.Script, error) {
	if c.File == "" {
		return script.Quickstart()
	}
	return script.Load(os.DirFS(filepath.Dir(c.File)), filepath.Base(c.File))
}

// play plays a script on a server and writes the report to out.
func (c *walkCommand) play(ctx context.Context, guideScript *script.Script, o player.Options, out io.Writer) error {
	o.Lab, o.To, o.Player, o.Log = c.Lab, c.To, player.Player(c.Player), out
	if len(c.AllowEgress) > 0 {
		o.Egress = door.Egress{Allow: c.AllowEgress}.Transport()
	}
	report, err := player.Play(ctx, guideScript, o)
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

// playOn plays a script in a lab of a running server. It goes on where the lab is.
func (c *walkCommand) playOn(ctx context.Context, guideScript *script.Script, to *client.Client) error {
	state, err := to.Show(ctx, c.Lab)
	if err != nil {
		return err
	}
	o := player.Options{URL: to.URL, From: c.From, BeforeStep: func(*script.Step) {
		_, _ = to.Show(ctx, c.Lab) // the guide looks at the lab, and saves a checkpoint after each completed step
	}}
	about, err := to.Server(ctx)
	if err != nil {
		return err
	}
	if about.Workshop { // labs open to instructors alone
		token, err := to.InstructorToken(ctx)
		if err != nil {
			return err
		}
		name, value, _ := strings.Cut(workshop.InstructorCookie(token), "=")
		o.Cookie = &http.Cookie{Name: name, Value: value, Path: "/"}
	}
	auto := false
	if o.From == "" && c.File == "" && state.Guide == lab.Quickstart && len(state.Progress.Done) > 0 {
		if o.From = state.Progress.Current; o.From == "" {
			return fmt.Errorf("lab %s has completed all steps; reset it with understudy lab reset %s", c.Lab, c.Lab)
		}
		auto = true
	}
	if o.From == "" {
		return c.play(ctx, guideScript, o, os.Stdout)
	}
	err = c.goOn(ctx, guideScript, to, state, o)
	if !auto || !errors.Is(err, errWalkFailed) {
		return err
	}
	if o.From, err = c.backToSection(ctx, guideScript, to, o.From); err != nil {
		return err
	}
	return c.goOn(ctx, guideScript, to, state, o)
}

// goOn plays the script from a step on.
func (c *walkCommand) goOn(ctx context.Context, guideScript *script.Script, to *client.Client, state api.Lab, o player.Options) (err error) {
	fmt.Fprintf(os.Stdout, "lab %s goes on at step %s\n", c.Lab, o.From)
	if o.Resume, err = c.scratch(ctx, to, state); err != nil {
		return err
	}
	return errors.Join(c.play(ctx, guideScript, o, os.Stdout), to.Delete(context.WithoutCancel(ctx), o.Resume.Scratch))
}

// backToSection takes the lab back to the newest checkpoint before the section of a step, and returns the step after that checkpoint:
// the walk could not go on at the step itself, because a page that it needs is shown only once.
func (c *walkCommand) backToSection(ctx context.Context, guideScript *script.Script, to *client.Client, id string) (string, error) {
	first := sectionStart(guideScript, id)
	checkpoints, err := to.Checkpoints(ctx, c.Lab)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, step := range guideScript.Steps() {
		ids = append(ids, step.ID)
	}
	for _, k := range checkpoints { // newest first
		if at := slices.Index(ids, k.Step); at >= 0 && at < slices.Index(ids, first) {
			fmt.Fprintf(os.Stdout, "a page that is shown only once is missing, so lab %s goes back to the beginning of step %s\n", c.Lab, ids[at+1])
			_, err := to.Restore(ctx, c.Lab, k.ID)
			return ids[at+1], err
		}
	}
	return "", fmt.Errorf("step %s needs a page that is shown only once; begin at an earlier step with --from", id)
}

// sectionStart returns the first step of the section of a step.
func sectionStart(s *script.Script, id string) string {
	for _, section := range s.Sections {
		first := ""
		for _, part := range section.Parts {
			if part.Step == nil {
				continue
			}
			if first == "" {
				first = part.Step.ID
			}
			if part.Step.ID == id {
				return first
			}
		}
	}
	return ""
}

// scratch creates a lab like the one to go on in, for the steps before, and reads what was copied.
func (c *walkCommand) scratch(ctx context.Context, to *client.Client, state api.Lab) (r player.Resume, err error) {
	r = player.Resume{Scratch: "walk-" + strings.ToLower(rand.Text()[:8]), Copied: map[string]string{}}
	values, err := to.Clipboard(ctx, c.Lab)
	if err != nil {
		return r, err
	}
	for _, v := range values {
		r.Copied[v.Label] = v.Value
	}
	_, err = to.Create(ctx, api.NewLab{Name: r.Scratch, Scenario: state.Scenario, Guides: state.Guides, Seed: state.Seed})
	return r, err
}
