package console

import (
	"net/http"
	"strings"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// logPath is Reports > System Log.
const logPath = "/admin/reports/system-log"

// logDays is the number of days that the log shows when From is empty.
const logDays = 7

// ssoEvent is the type of a sign-on to an application. The page reports when it shows one, for guide steps that ask the
// learner to find a sign-on in the log.
const ssoEvent = "user.authentication.sso"

// logBars is the number of bars in the chart of events over time.
const logBars = 28

// logFilter holds the typed values of the filter above the log.
type logFilter struct {
	Text     string
	From, To string // "2026-11-24T05:00", UTC
	Expand   bool
	After    string
}

// logFilter reads the filter from the query.
func (r *request) logFilter() logFilter {
	return logFilter{Text: strings.TrimSpace(r.QueryParam("q")), From: r.QueryParam("from"), To: r.QueryParam("to"),
		Expand: r.QueryParam("expand") == "all", After: r.QueryParam("after")}
}

// dateTimeLocal is the format of the HTML field datetime-local, without seconds.
const dateTimeLocal = "2006-01-02T15:04"

// query converts the filter. An empty From means logDays ago; an empty To means now.
func (f logFilter) query(now time.Time) (idp.LogQuery, error) {
	q := idp.LogQuery{Text: f.Text, After: f.After,
		Since: now.AddDate(0, 0, -logDays).Truncate(time.Hour), Until: now.Add(time.Second)}
	var check problem.Check
	for _, limit := range []struct {
		typed, field string
		extra        time.Duration // To includes its whole minute
		time         *time.Time
	}{{f.From, "from", 0, &q.Since}, {f.To, "to", time.Minute, &q.Until}} {
		if limit.typed == "" {
			continue
		}
		t, err := time.Parse(dateTimeLocal, strings.TrimSuffix(limit.typed, "Z"))
		if err != nil {
			t, err = time.Parse("2006-01-02T15:04:05", limit.typed)
		}
		check.Require(err == nil, limit.field, "Enter a date and time, such as "+now.Format(dateTimeLocal)+".")
		*limit.time = t.Add(limit.extra)
	}
	check.Require(!q.Until.Before(q.Since), "to", "To must be after From.")
	return q, check.Err()
}

// systemLog is the page of the System Log: filter, chart of events over time, and events.
func (r *request) systemLog() error {
	filter := r.logFilter()
	now := r.org.Now()
	view := r.logView(filter, now)
	query, err := filter.query(now)
	if err == nil {
		view.From, view.To = query.Since.Format(dateTimeLocal), query.Until.Format(dateTimeLocal)
		if filter.To != "" {
			view.To = filter.To
		}
		err = r.fillLog(&view, filter, query)
	}
	if problem.Is(err, problem.Invalid) {
		view.Errors = okta.ErrorsOf(err)
		for i, e := range view.Errors {
			if e.Field == "filter" { // the name that package idp uses for this field
				view.Errors[i].Field = "q"
			}
		}
		return r.invalid("System Log", view.Errors, okta.SystemLog(view))
	}
	if err != nil {
		return err
	}
	return r.render("System Log", okta.SystemLog(view))
}

// logView returns the view without its events.
func (r *request) logView(filter logFilter, now time.Time) okta.SystemLogPage {
	same := func(path string, more ...string) string {
		return r.path(path, append([]string{"q", filter.Text, "from", filter.From, "to", filter.To}, more...)...)
	}
	return okta.SystemLogPage{
		SearchPath: r.path(logPath), ResetPath: r.path(logPath), Now: now,
		Query: filter.Text, From: filter.From, To: filter.To, Expanded: filter.Expand,
		CSVPath: same(logPath + ".csv"), ExpandPath: same(logPath, "expand", "all"), CollapsePath: same(logPath),
	}
}

// fillLog adds the events and the chart to the view.
func (r *request) fillLog(view *okta.SystemLogPage, filter logFilter, query idp.LogQuery) error {
	page, err := r.org.Log(r.ctx(), query)
	if err != nil {
		return err
	}
	counted := query
	counted.After = ""
	buckets, err := r.org.LogCounts(r.ctx(), counted, logBars)
	if err != nil {
		return err
	}
	view.Total = page.Total
	for _, bucket := range buckets {
		from, to := bucket.Start.Format(dateTimeLocal), bucket.End.Format(dateTimeLocal)
		view.Bars = append(view.Bars, okta.LogBar{Start: bucket.Start, End: bucket.End, Count: bucket.Count,
			Path: r.path(logPath, "q", filter.Text, "from", from, "to", to)})
	}
	for _, event := range page.Events {
		if event.EventType == ssoEvent {
			kit.SetPageState(r.Response().Header(), ssoEvent)
		}
		view.Rows = append(view.Rows, logRow(event, filter.Expand))
	}
	if page.Next != "" {
		expand := ""
		if filter.Expand {
			expand = "all"
		}
		view.NextPath = r.path(logPath, "q", filter.Text, "from", filter.From, "to", filter.To,
			"expand", expand, "after", page.Next)
	}
	if filter.After != "" {
		view.FirstPath = view.CollapsePath
	}
	return nil
}

// systemLogCSV responds with the filtered events as a CSV file.
func (r *request) systemLogCSV() error {
	query, err := r.logFilter().query(r.org.Now())
	if err != nil {
		return err
	}
	if _, err := r.org.LogCounts(r.ctx(), query, 1); err != nil {
		return err // a filter that cannot be parsed; answered before the file starts
	}
	h := r.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="system-log-`+r.org.Now().Format("2006-01-02T150405Z")+`.csv"`)
	h.Set("Cache-Control", "no-store")
	r.Response().WriteHeader(http.StatusOK)
	return r.org.LogCSV(r.ctx(), r.Response(), query)
}

// systemLogAlias redirects from Okta's older URL of the log.
func (r *request) systemLogAlias() error {
	to := logPath
	if raw := r.Request().URL.RawQuery; raw != "" {
		to += "?" + raw
	}
	return r.Redirect(http.StatusFound, r.address.Path(to))
}

// outcomeText returns an outcome as the console shows it: "success", "failure: Verification error".
func outcomeText(o idp.LogOutcome) string {
	words := strings.ToLower(strings.ReplaceAll(o.Result, "_", " "))
	if o.Reason == nil || *o.Reason == "" {
		return words
	}
	return words + ": " + reasonText(*o.Reason)
}

// reasonText converts a reason code such as VERIFICATION_ERROR to words. It returns a sentence unchanged.
func reasonText(reason string) string {
	if strings.Trim(reason, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return reason
	}
	words := strings.ToLower(strings.ReplaceAll(reason, "_", " "))
	return strings.ToUpper(words[:1]) + words[1:]
}
