package workshop

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/csvfile"
	"understudy/seed/door"
	page "understudy/ui/lab"
)

// Result is one attendee in the exported results. Times are in seconds, without the time that the attendee was away.
type Result struct {
	Lab      string        `json:"lab"`
	Nickname string        `json:"nickname"`
	Joined   time.Time     `json:"joined"`
	LastSeen *time.Time    `json:"lastSeen"`          // null for a card that nobody has used
	Done     int           `json:"done"`              // number of finished steps
	Total    int           `json:"total"`             // number of steps in the guide
	Current  string        `json:"current"`           // id of the current step; empty when all are done
	Problem  string        `json:"problem,omitempty"` // why the progress is unknown
	Seconds  int           `json:"seconds"`           // at all steps
	Steps    []StepResult  `json:"steps"`
	Mistakes []MistakeMade `json:"mistakes"`
	Faults   []FaultResult `json:"faults"`
}

// StepResult is a step that an attendee has begun.
type StepResult struct {
	Step    string     `json:"step"`
	Began   time.Time  `json:"began"`
	Done    *time.Time `json:"done"` // null for the current step
	Seconds int        `json:"seconds"`
	Brought bool       `json:"brought"` // the guide did the step, not the attendee
}

// MistakeMade is a mistake that the guide found.
type MistakeMade struct {
	Step     string `json:"step"`
	Sentence string `json:"sentence"`
}

// FaultResult is a fault that was active in the lab.
type FaultResult struct {
	Fault   string     `json:"fault"`
	Started time.Time  `json:"started"`
	Outcome string     `json:"outcome"` // active, fixed, undone
	Fixed   *time.Time `json:"fixed"`
	Seconds int        `json:"seconds"` // until it was fixed; 0 if it was not
}

func seconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }

// orNull is nil for the zero time.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Results are what the attendees did.
func (w *Workshop) Results(ctx context.Context) ([]Result, error) {
	rows, err := w.Rows(ctx)
	if err != nil {
		return nil, err
	}
	h, err := w.history(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Result, 0, len(rows))
	for _, r := range rows {
		list = append(list, w.resultOf(r, h))
	}
	return list, nil
}

func (w *Workshop) resultOf(r Row, h history) Result {
	one := Result{
		Lab: r.Lab, Nickname: r.Nickname, Joined: r.Joined, Done: r.Standing.Done, Total: r.Total, Current: r.Current, Problem: r.Problem,
		Steps: []StepResult{}, Mistakes: []MistakeMade{}, Faults: []FaultResult{},
	}
	if !r.Prepared {
		one.LastSeen = orNull(r.Seen)
	}
	for _, s := range h.steps[r.Lab] {
		one.Steps = append(one.Steps, StepResult{s.Step, s.Began, orNull(s.Done), seconds(s.Spent), s.Brought})
		if !s.Brought {
			one.Seconds += seconds(s.Spent)
		}
	}
	for _, m := range h.mistakes[r.Lab] {
		one.Mistakes = append(one.Mistakes, MistakeMade(m))
	}
	for _, f := range h.faults[r.Lab] {
		took := 0
		if !f.Fixed.IsZero() {
			took = seconds(f.Fixed.Sub(f.Started))
		}
		one.Faults = append(one.Faults, FaultResult{f.Fault, f.Started, f.Outcome(), orNull(f.Fixed), took})
	}
	return one
}

func (w *Workshop) resultsJSON(c echo.Context) error {
	list, err := w.Results(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// resultsCSV has one line for each attendee, and a column for the seconds of each step.
func (w *Workshop) resultsCSV(c echo.Context) error {
	list, err := w.Results(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="workshop.csv"`)
	out := csvfile.New(c.Response(), csvfile.BOM) // nicknames have all alphabets, and Excel needs the mark
	head := []string{"lab", "nickname", "joined", "last seen", "done", "total", "current", "seconds", "mistakes", "faults"}
	for _, step := range w.Guide.Steps() {
		head = append(head, "seconds of step "+step)
	}
	_ = out.Write(head...) // out.Close reports it
	for _, r := range list {
		_ = out.Write(csvLine(r, w.Guide.Steps())...)
	}
	return out.Close()
}

func csvLine(r Result, steps []string) []string {
	seen := ""
	if r.LastSeen != nil {
		seen = r.LastSeen.Format(time.RFC3339)
	}
	var mistakes, faults []string
	for _, m := range r.Mistakes {
		mistakes = append(mistakes, m.Step+": "+m.Sentence)
	}
	for _, f := range r.Faults {
		faults = append(faults, f.Fault+": "+f.Outcome)
	}
	line := []string{
		r.Lab, r.Nickname, r.Joined.Format(time.RFC3339), seen, strconv.Itoa(r.Done), strconv.Itoa(r.Total), r.Current,
		strconv.Itoa(r.Seconds), strings.Join(mistakes, "; "), strings.Join(faults, "; "),
	}
	for _, id := range steps {
		cell := ""
		for _, s := range r.Steps {
			if s.Step == id && s.Done != nil && !s.Brought {
				cell = strconv.Itoa(s.Seconds)
			}
		}
		line = append(line, cell)
	}
	return line
}

// slowestShown is the number of steps that the results page shows first.
const slowestShown = 5

// resultsPage shows where people lost time.
func (w *Workshop) resultsPage(c echo.Context) error {
	list, err := w.Results(c.Request().Context())
	if err != nil {
		return err
	}
	view := page.ResultsPage{Attendees: len(list)}
	type ranked struct {
		page.ResultStep
		median time.Duration
	}
	var steps []ranked
	for _, id := range w.Guide.Steps() {
		one, median := w.stepStatistics(id, list)
		steps = append(steps, ranked{one, median})
		view.Steps = append(view.Steps, one)
	}
	slices.SortStableFunc(steps, func(a, b ranked) int { return int(b.median - a.median) })
	for _, s := range steps[:min(len(steps), slowestShown)] {
		if s.Did > 0 {
			view.Slowest = append(view.Slowest, s.ResultStep)
		}
	}
	view.Mistakes, view.Faults = countMistakes(list), w.faultStatistics(list)
	now := w.db.Now()
	for _, r := range list {
		view.People = append(view.People, w.personResult(r, now))
	}
	return door.Render(c, http.StatusOK, view)
}

// stepStatistics sums up a step over all attendees.
func (w *Workshop) stepStatistics(id string, list []Result) (s page.ResultStep, median time.Duration) {
	s = page.ResultStep{ID: id, Section: w.Guide.SectionOf(id), Awaits: w.Guide.Awaits(id)}
	var spent []time.Duration
	var longest time.Duration
	stuck, tried := 0, 0
	for _, r := range list {
		for _, one := range r.Steps {
			if one.Step != id || one.Brought {
				continue
			}
			tried++
			took := time.Duration(one.Seconds) * time.Second
			if one.Done == nil {
				took = w.db.Now().Sub(one.Began)
			} else {
				spent = append(spent, took)
			}
			if took > stuckAfter {
				stuck++
			}
			if one.Done != nil && took >= longest {
				longest, s.Slowest = took, r.Nickname
			}
		}
		if slices.ContainsFunc(r.Mistakes, func(m MistakeMade) bool { return m.Step == id }) {
			s.Mistakes++
		}
	}
	if s.Did = len(spent); s.Did > 0 {
		median = medianOf(spent)
		s.Median, s.Longest = span(median), span(longest)
	}
	if tried > 0 {
		s.Stuck = strconv.Itoa(int(math.Round(100*float64(stuck)/float64(tried)))) + " %"
	}
	return s, median
}

// medianOf is the middle of a list that is not empty; of an even number, the mean of the two in the middle.
func medianOf(list []time.Duration) time.Duration {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

// countMistakes counts by how many attendees each mistake was made, most frequent first.
func countMistakes(list []Result) (counted []page.ResultMistake) {
	for _, r := range list {
		for _, m := range r.Mistakes {
			i := slices.IndexFunc(counted, func(c page.ResultMistake) bool { return c.Step == m.Step && c.Sentence == m.Sentence })
			if i < 0 {
				counted = append(counted, page.ResultMistake{Step: m.Step, Sentence: m.Sentence})
				i = len(counted) - 1
			}
			counted[i].People++
		}
	}
	slices.SortStableFunc(counted, func(a, b page.ResultMistake) int { return b.People - a.People })
	return counted
}

// faultStatistics sums up each fault that was started.
func (w *Workshop) faultStatistics(list []Result) (faults []page.ResultFault) {
	for _, f := range w.Faults.All() {
		one := page.ResultFault{Title: f.Title}
		var times []time.Duration
		for _, r := range list {
			for _, t := range r.Faults {
				if t.Fault != f.ID {
					continue
				}
				one.Started++
				switch t.Outcome {
				case "fixed":
					one.Fixed++
					times = append(times, time.Duration(t.Seconds)*time.Second)
				case "undone":
					one.Undone++
				default:
					one.Active++
				}
			}
		}
		if len(times) > 0 {
			one.Median = span(medianOf(times))
		}
		if one.Started > 0 {
			faults = append(faults, one)
		}
	}
	return faults
}

func (w *Workshop) personResult(r Result, now time.Time) page.ResultPerson {
	p := page.ResultPerson{
		Lab: r.Lab, Nickname: r.Nickname, Done: r.Done, Total: r.Total, Current: r.Current,
		Spent: span(time.Duration(r.Seconds) * time.Second), Mistakes: len(r.Mistakes), Seen: "never",
	}
	if r.LastSeen != nil {
		p.Seen = ago(now.Sub(*r.LastSeen))
	}
	var faults []string
	for _, t := range r.Faults {
		if f, found := w.Faults.Find(t.Fault); found {
			faults = append(faults, f.Title+": "+t.Outcome)
		}
	}
	p.Faults = strings.Join(faults, ", ")
	return p
}
