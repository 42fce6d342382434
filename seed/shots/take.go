package shots

import (
	"cmp"
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

	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Options say which pictures are taken, how, and into which directory.
type Options struct {
	Out      string   // directory of the pictures
	Only     []string // names of pictures; empty means all
	Jobs     int      // number of browsers, each with its own lab, that work in parallel
	Scale    float64  // pixels per CSS pixel
	Width    int      // width of the window in CSS pixels
	Theme    string   // "light" or "dark"
	DryRun   bool     // compare only, write no files
	Browser  string   // path of the browser; empty means search PATH
	NoReport bool     // write no report.json and no contact sheet
	Format   Format   // of the files; empty means PNG
	Page     string   // of a picture of any page: the page in words
	Version  string   // version of this program, for the metadata of the pictures

	Public scenario.PublicAddresses // base URLs that the pages show

	Progress func(done, all int, r Result) // called after each picture

	alter func(http.Handler) http.Handler // for tests, which change pages
}

// Status is the result for one picture.
type Status string

// The statuses.
const (
	Same    Status = "same"    // a person sees no difference; the file was not written
	Changed Status = "changed" // the file was replaced
	New     Status = "new"     // there was no file
	Failed  Status = "failed"  // Result.Problem says why
)

// Result says what happened to one picture.
type Result struct {
	Name    string        `json:"name"`
	File    string        `json:"file"`
	Step    string        `json:"step"`
	Place   string        `json:"-"` // the step in words, or the page of a picture of any page
	Status  Status        `json:"status"`
	Pixels  int           `json:"pixels,omitempty"` // number of pixels that look different
	Width   int           `json:"width,omitempty"`
	Height  int           `json:"height,omitempty"`
	Problem string        `json:"problem,omitempty"`
	Took    time.Duration `json:"-"` // time for the picture, without the steps before it
}

// Report holds the results of all pictures.
type Report struct {
	Guide   string   `json:"guide"`
	Results []Result `json:"pictures"` // in the order of the guide
}

// Count returns the number of pictures with one of the statuses.
func (r Report) Count(statuses ...Status) (n int) {
	for _, result := range r.Results {
		if slices.Contains(statuses, result.Status) {
			n++
		}
	}
	return n
}

// portion is the part of the script whose pictures one job takes.
type portion struct {
	from, to string   // ids of the first and the last step that need a browser
	names    []string // of pictures
}

// portions divides the wanted pictures among jobs. The steps before a portion are played over HTTP, and then a browser
// takes over the sessions. Therefore a portion starts at the start of a section, where no form is partly filled in.
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
		// The first portion has the fewest steps before its pictures, so it may get a little more than its share.
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

// run is one call of Take.
type run struct {
	Options
	script *script.Script
	all    int

	mu      sync.Mutex
	results map[string]Result
}

// Take takes the pictures of a script. Pictures that failed are in the report; the error is for failures of the whole run.
func Take(ctx context.Context, guideScript *script.Script, o Options) (Report, error) {
	report := Report{Guide: guideScript.Meta["id"]}
	order, err := wanted(guideScript, o.Only)
	if err != nil {
		return report, err
	}
	r := &run{Options: o, script: guideScript, all: len(order), results: map[string]Result{}}
	var jobs sync.WaitGroup
	parts := portions(guideScript, func(name string) bool { return slices.Contains(order, name) }, max(1, o.Jobs))
	errs := make([]error, len(parts))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i, p := range parts {
		jobs.Go(func() {
			if errs[i] = r.takePortion(ctx, p); errs[i] != nil {
				cancel()
			}
		})
	}
	jobs.Wait()
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
	return report, writeReport(o.Out, withEarlier(o.Out, guideScript, report))
}

// wanted returns the names of the pictures to take, in the order of the script.
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

// takePortion plays the script up to the end of a portion. The pictures are finished in parallel with the next steps.
func (r *run) takePortion(ctx context.Context, p portion) error {
	server, err := serve(ctx, labOptions{from: morning, public: r.Public, scenario: r.script.Scenario, wrap: r.alter})
	if err != nil {
		return err
	}
	defer func() { _ = server.close() }() // the lab is not needed any more
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
		URL: "http://" + address, Lab: labName, Player: player.PlayerBrowser, Browser: r.Browser, To: p.to,
		Log: &log, FailureDir: failures,
		Pictures: &player.Pictures{
			Receive:          func(picture player.Picture) { taken <- picture },
			Wanted:           func(name string) bool { return slices.Contains(p.names, name) },
			FirstBrowserStep: p.from, Scale: r.Scale, Width: r.Width, Theme: r.Theme, Hold: server.hold, Moment: server.moment,
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

// finish draws the callouts of a picture, compares it with the existing file, writes it if it changed, and adds the result.
func (r *run) finish(picture player.Picture) error {
	began := time.Now()
	result := Result{Name: picture.Shot.Name, Step: picture.Step, Place: "step " + picture.Step}
	if picture.Step == pageStep {
		result.Place = r.Page
	}
	failed := picture.Err
	var content []byte
	if failed == nil {
		content, failed = r.draw(picture, &result)
	}
	result.File = result.Name + r.extension(picture.Shot)
	var err error
	if failed != nil {
		result.Status, result.Problem = Failed, fmt.Sprintf("%s, picture %s: %v", result.Place, picture.Shot.Name, failed)
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

// disclaimer is the training mark of a picture, in its metadata and in the caption of the contact sheet.
const disclaimer = "Taken in Understudy, a training stand-in for Okta and Sigma. It is not a picture of the vendors' products."

// extension returns the extension of a picture's file.
func (r *run) extension(shot script.Shot) string {
	if shot.Animate {
		return ".gif"
	}
	return "." + string(cmp.Or(r.Format, PNG))
}

// draw returns the file of a picture with its callouts.
func (r *run) draw(picture player.Picture, result *Result) ([]byte, error) {
	if picture.Shot.Animate {
		content, size, err := animation(picture.Frames)
		result.Width, result.Height = size.X, size.Y
		return content, err
	}
	p, err := decode(picture.PNG)
	if err != nil {
		return nil, err
	}
	result.Width, result.Height = p.Rect.Dx(), p.Rect.Dy()
	if err := callouts(p, picture); err != nil {
		return nil, err
	}
	if r.Format == WebP {
		return encodeWebP(p, disclaimer)
	}
	return encode(p, []metadata{{"Source", result.Place}, {"Title", r.script.Meta["id"] + " " + picture.Shot.Name},
		{"Disclaimer", disclaimer}, {"Software", "Understudy " + r.Version}})
}

// changesDir is the directory, below that of the pictures, of the old pictures and the differences in the contact sheet.
const changesDir = "changes"

// keep compares a picture with the existing file, and replaces the file if a person would see a difference.
func (r *run) keep(result *Result, content []byte) error {
	file := filepath.Join(r.Out, result.File)
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
	if filepath.Ext(file) == ".gif" {
		result.Status = Changed
		return r.write(file, content)
	}
	after, err := decodeFile(r.Format, content)
	if err != nil {
		return err
	}
	old, err := decodeFile(r.Format, before)
	difference := comparison{Changed: 1} // the existing file is not a picture
	if err == nil {
		if difference = compare(old, after); difference.Changed == 0 {
			return nil
		}
	}
	result.Status, result.Pixels = Changed, difference.Changed
	aside := filepath.Join(r.Out, changesDir, result.Name)
	if err := r.write(aside+"-old"+filepath.Ext(file), before); err != nil {
		return err
	}
	if err := r.writeDifference(aside+"-difference.png", difference.Picture); err != nil {
		return err
	}
	return r.write(file, content)
}

// writeDifference writes the picture of the difference. If it is nil, because the sizes differ, it deletes the file of
// an earlier run.
func (r *run) writeDifference(file string, picture *image.NRGBA) error {
	if picture == nil {
		if r.DryRun {
			return nil
		}
		if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	content, err := encode(picture, nil)
	if err != nil {
		return err
	}
	return r.write(file, content)
}

// write writes a file, unless this is a dry run.
func (r *run) write(file string, content []byte) error {
	if r.DryRun {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

// ShowProgress returns a function for Options.Progress. On a terminal it updates one line; otherwise it writes a line
// for each picture.
func ShowProgress(out io.Writer, terminal bool) func(done, all int, r Result) {
	return func(done, all int, r Result) {
		if r.Status == Failed {
			fmt.Fprintf(out, "\r%s\n", r.Problem)
			return
		}
		line := fmt.Sprintf("%d/%d  %-8s %s (%s, %d × %d, %d ms)",
			done, all, r.Name, r.Status, r.Place, r.Width, r.Height, r.Took.Milliseconds())
		if terminal {
			fmt.Fprintf(out, "\r%-78s", line)
			return
		}
		fmt.Fprintln(out, line)
	}
}
