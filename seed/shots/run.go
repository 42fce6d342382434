package shots

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Options say which pictures are taken, how, and where they go.
type Options struct {
	Out      string   // directory of the pictures
	Only     []string // names of pictures; all when empty
	Jobs     int      // walks at a time, each in a lab and browser of its own
	Scale    float64  // pixels for each CSS pixel
	Width    int      // of the window in CSS pixels
	Theme    string
	Language string // that the browser prefers, "en-US" when empty
	DryRun   bool   // compare, and write nothing
	Browser  string // path; looked for on PATH when empty
	NoReport bool   // leave no report and contact sheet beside the pictures
	Version  string // of this program, for the pictures' metadata

	Progress func(done, all int, r Result) // called after each picture

	alter func(http.Handler) http.Handler // tests change pages on their way with it
}

// Status is what became of a picture.
type Status string

// What can become of a picture.
const (
	Same    Status = "same"
	Changed Status = "changed"
	New     Status = "new"
	Failed  Status = "failed"
)

// Result is what became of one picture.
type Result struct {
	Name    string        `json:"name"`
	Step    string        `json:"step"`
	Status  Status        `json:"status"`
	Pixels  int           `json:"pixels,omitempty"` // that look different
	Width   int           `json:"width,omitempty"`
	Height  int           `json:"height,omitempty"`
	Problem string        `json:"problem,omitempty"`
	Took    time.Duration `json:"-"` // after the state was reached
}

// Report tells what became of all.
type Report struct {
	Guide   string   `json:"guide"`
	Results []Result `json:"pictures"` // in the order of the guide
}

// Count tells how many pictures ended so.
func (r Report) Count(statuses ...Status) (n int) {
	for _, result := range r.Results {
		if slices.Contains(statuses, result.Status) {
			n++
		}
	}
	return n
}

// portion is a stretch of the guide that one job walks.
type portion struct {
	from, to string // steps
	names    []string
}

// portions shares the wanted pictures among jobs. A portion begins where a section does: there no form is half filled in,
// so the sessions can be handed to a browser.
func portions(guideScript *script.Script, want func(string) bool, jobs int) []portion {
	var list []portion
	total := 0
	for _, section := range guideScript.Sections {
		p := portion{}
		for _, part := range section.Parts {
			if part.Step == nil {
				continue
			}
			if p.from == "" {
				p.from = part.Step.ID
			}
			for _, shot := range part.Step.Shots() {
				if want(shot.Name) {
					p.names, p.to = append(p.names, shot.Name), part.Step.ID
				}
			}
		}
		if len(p.names) > 0 {
			list, total = append(list, p), total+len(p.names)
		}
	}
	var joined []portion
	taken := 0
	for _, p := range list {
		// The first walks least before its pictures, so it may have a little more than its share.
		if n := len(joined); n > 0 && (n == jobs || taken+len(p.names)/2 < total*n/jobs) {
			last := &joined[n-1]
			last.to, last.names = p.to, append(last.names, p.names...)
		} else {
			joined = append(joined, p)
		}
		taken += len(p.names)
	}
	return joined
}

// run is one run of the program.
type run struct {
	Options
	script *script.Script
	all    int

	mu      sync.Mutex
	results map[string]Result
}

// Take takes the pictures of a guide. The error says that it could not be done; single pictures that failed are in the report.
func Take(ctx context.Context, guideScript *script.Script, o Options) (Report, error) {
	report := Report{Guide: guideScript.Meta["id"]}
	order, err := wanted(guideScript, o.Only)
	if err != nil {
		return report, err
	}
	r := &run{Options: o, script: guideScript, all: len(order), results: map[string]Result{}}
	var walks sync.WaitGroup
	parts := portions(guideScript, func(name string) bool { return slices.Contains(order, name) }, max(1, o.Jobs))
	errs := make([]error, len(parts))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i, p := range parts {
		walks.Go(func() {
			if errs[i] = r.walk(ctx, p); errs[i] != nil {
				cancel()
			}
		})
	}
	walks.Wait()
	for _, name := range order {
		if result, taken := r.results[name]; taken {
			report.Results = append(report.Results, result)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return report, err
	}
	if o.DryRun || o.NoReport {
		return report, nil
	}
	return report, writeReport(o.Out, report)
}

// wanted lists the pictures to take in the guide's order.
func wanted(guideScript *script.Script, only []string) ([]string, error) {
	var all []string
	for _, step := range guideScript.Steps() {
		for _, shot := range step.Shots() {
			all = append(all, shot.Name)
		}
	}
	for _, name := range only {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("%s has no picture %s", guideScript.File, name)
		}
	}
	if len(only) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(only, name) }), nil
}

// walk plays one portion and finishes its pictures beside it.
func (r *run) walk(ctx context.Context, p portion) error {
	server, err := serve(ctx, instant, r.alter)
	if err != nil {
		return err
	}
	defer func() { _ = server.close() }() // its lab is thrown away
	taken, finished := make(chan player.Picture, 2), make(chan error, 1)
	go func() {
		var errs []error
		for picture := range taken {
			errs = append(errs, r.finish(picture))
		}
		finished <- errors.Join(errs...)
	}()
	failures, err := os.MkdirTemp("", "understudy-failures-*")
	if err != nil {
		return err
	}
	var log strings.Builder
	report, err := player.Play(ctx, r.script, player.Options{
		URL: "http://" + address, Lab: labName, Player: player.PlayerBrowser, Browser: r.Browser, To: p.to, Log: &log, FailureDir: failures,
		Pictures: &player.Pictures{
			Receive:          func(picture player.Picture) { taken <- picture },
			Wanted:           func(name string) bool { return slices.Contains(p.names, name) },
			FirstBrowserStep: p.from, Scale: r.Scale, Width: r.Width, Theme: r.Theme, Language: r.Language, Hold: server.hold,
			Resolve: map[string]string{address: server.listener.Addr().String()},
		},
	})
	close(taken)
	err = errors.Join(err, <-finished)
	for _, result := range report.Steps {
		if result.Failure != nil {
			return errors.Join(err, result.Failure)
		}
	}
	return errors.Join(err, os.RemoveAll(failures))
}

// finish draws a picture's callouts, compares it, and writes it when it changed.
func (r *run) finish(picture player.Picture) error {
	began := time.Now()
	result := Result{Name: picture.Shot.Name, Step: picture.Step}
	failed := picture.Err
	var content []byte
	if failed == nil {
		content, failed = r.draw(picture, &result)
	}
	var err error
	if failed != nil {
		result.Status, result.Problem = Failed, fmt.Sprintf("step %s, picture %s: %v", picture.Step, picture.Shot.Name, failed)
	} else {
		err = r.keep(&result, content)
	}
	result.Took = picture.Took + time.Since(began)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[result.Name] = result
	if r.Progress != nil {
		r.Progress(len(r.results), r.all, result)
	}
	return err
}

func (r *run) draw(picture player.Picture, result *Result) ([]byte, error) {
	p, err := decode(picture.PNG)
	if err != nil {
		return nil, err
	}
	result.Width, result.Height = p.Rect.Dx(), p.Rect.Dy()
	if err := callouts(p, picture); err != nil {
		return nil, err
	}
	return encode(p, []text{{"Source", "step " + picture.Step}, {"Title", r.script.Meta["id"] + " " + picture.Shot.Name}, {"Software", "Understudy " + r.Version}})
}

// changesDir is where, below the pictures, old ones and differences are kept for the contact sheet.
const changesDir = "changes"

// keep compares a picture with the one that is there, and replaces that if a person would see a difference.
func (r *run) keep(result *Result, content []byte) error {
	file := filepath.Join(r.Out, result.Name+".png")
	before, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		result.Status = New
		return r.write(file, content)
	}
	if err != nil {
		return err
	}
	result.Status = Same
	if string(before) == string(content) {
		return nil
	}
	after, err := decode(content)
	if err != nil {
		return err
	}
	old, err := decode(before)
	difference := comparison{Changed: 1} // what was there is no picture
	if err == nil {
		if difference = compare(old, after); difference.Changed == 0 {
			return nil
		}
	}
	result.Status, result.Pixels = Changed, difference.Changed
	aside := filepath.Join(r.Out, changesDir, result.Name)
	if err := r.write(aside+"-old.png", before); err != nil {
		return err
	}
	if err := r.difference(aside+"-difference.png", difference.Picture); err != nil {
		return err
	}
	return r.write(file, content)
}

// difference writes what differs, or takes away what an earlier run left there: pictures of other sizes have no difference to show.
func (r *run) difference(file string, picture *image.NRGBA) error {
	if picture == nil {
		if r.DryRun {
			return nil
		}
		if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	shown, err := encode(picture, nil)
	if err != nil {
		return err
	}
	return r.write(file, shown)
}

func (r *run) write(file string, content []byte) error {
	if r.DryRun {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

// ShowProgress gives a Progress that keeps one line up to date, or writes a line for each picture.
func ShowProgress(out io.Writer, terminal bool) func(done, all int, r Result) {
	return func(done, all int, r Result) {
		if r.Status == Failed {
			fmt.Fprintf(out, "\r%s\n", r.Problem)
			return
		}
		line := fmt.Sprintf("%d/%d  %-8s %s (step %s, %d × %d, %d ms)", done, all, r.Name, r.Status, r.Step, r.Width, r.Height, r.Took.Milliseconds())
		if terminal {
			fmt.Fprintf(out, "\r%-78s", line)
			return
		}
		fmt.Fprintln(out, line)
	}
}
