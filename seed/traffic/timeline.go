package traffic

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/sp"
)

// The kinds of lines and the systems, as the page shows them.
const (
	kindPage    = "Page"
	kindSAML    = "SAML message"
	kindSCIM    = "SCIM call"
	kindAction  = "Administrator action"
	kindEvent   = "Log event"
	kindChange  = "Changed record"
	systemOkta  = "Okta"
	systemSigma = "Sigma"
	browser     = "Browser"
)

// kinds lists the kinds for the filter.
var kinds = []string{kindPage, kindSAML, kindSCIM, kindAction, kindEvent, kindChange}

// line is one thing that happened in a lab.
type line struct {
	At      time.Time
	Kind    string
	From    string
	To      string // equal to From for what happened within one system
	Text    string
	Detail  string // second line
	Result  string
	Failed  bool
	Changed bool // a record was changed
	Step    string
	Href    string

	visits []line // the page requests that the line stands for, newest first; see foldVisits

	exchange int64  // id of the message that the text explains; 0 if the line is not a message
	method   string // of a page request
	order    int    // among lines of the same time: a message comes before its effects
}

// filter says which lines are shown.
type filter struct {
	Kind    string
	System  string
	Step    string
	Text    string
	Failed  bool
	Changed bool
}

// query returns the filter as the parameters of a URL.
func (f filter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"kind": f.Kind, "system": f.System, "step": f.Step, "q": f.Text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Failed {
		q.Set("failed", "on")
	}
	if f.Changed {
		q.Set("changed", "on")
	}
	return q
}

// matches reports whether a line meets all conditions except the words; see hasWords.
func (f filter) matches(l line) bool {
	switch {
	case f.Kind != "" && f.Kind != l.Kind,
		f.System != "" && f.System != l.From && f.System != l.To,
		f.Step != "" && f.Step != l.Step,
		f.Failed && !l.Failed,
		f.Changed && !l.Changed:
		return false
	}
	return true
}

// hasWords reports whether a line contains all the words of the search. Letter case does not matter.
func (f filter) hasWords(l line) bool {
	text := strings.ToLower(l.Text + " " + l.Detail + " " + l.Result)
	for word := range strings.FieldsSeq(strings.ToLower(f.Text)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// foldVisits replaces each run of successful page requests by one line, because what a person looks for is between them. A form that
// a person sent stays a separate line.
func foldVisits(all []line) []line {
	var folded []line
	for _, l := range all {
		if l.Kind != kindPage || l.Failed || l.method != http.MethodGet {
			folded = append(folded, l)
			continue
		}
		last := len(folded) - 1
		if last < 0 || len(folded[last].visits) == 0 || folded[last].From != l.From || folded[last].To != l.To {
			folded = append(folded, line{At: l.At, Kind: l.Kind, From: l.From, To: l.To, Step: l.Step})
			last++
		}
		folded[last].visits = append(folded[last].visits, l)
	}
	for i, l := range folded {
		switch len(l.visits) {
		case 0:
		case 1:
			folded[i] = l.visits[0]
		default:
			folded[i].Text = strconv.Itoa(len(l.visits)) + " page visits"
		}
	}
	return folded
}

// beforeLab is the highest number of the events that happened before the lab. They are not traffic.
const beforeLab = 0

// sourceSize is the number of entries that are read from each source.
const sourceSize = 1000

// timeline returns everything that the lab has recorded, newest first.
func (t *Traffic) timeline(ctx context.Context, l *lab.Lab) ([]line, error) {
	var all []line
	sources := []func(context.Context, *lab.Lab) ([]line, error){pageRequests, exchanges, changes, oktaEvents, sigmaEvents}
	for _, source := range sources {
		lines, err := source(ctx, l)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	slices.SortStableFunc(all, func(a, b line) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.order, a.order))
	})
	return all, t.tag(ctx, l, all)
}

// tag sets for each line the step of the guide that was current at the time.
func (t *Traffic) tag(ctx context.Context, l *lab.Lab, all []line) error {
	g, err := t.guides.Of(ctx, l)
	if problem.Is(err, problem.NotFound) {
		return nil // without a guide there are no steps
	}
	if err != nil {
		return err
	}
	progress, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	times, err := l.StepsDone(ctx, g.Name)
	if err != nil {
		return err
	}
	type done struct {
		step string
		at   time.Time
	}
	var ended []done
	for _, step := range g.Steps() {
		if at, known := times[step]; known {
			ended = append(ended, done{step, at})
		}
	}
	slices.SortStableFunc(ended, func(a, b done) int { return a.at.Compare(b.at) })
	for i := range all {
		n, _ := slices.BinarySearchFunc(ended, all[i].At, func(d done, at time.Time) int { return d.at.Compare(at) })
		if n < len(ended) {
			all[i].Step = ended[n].step
		} else if progress.Current != nil {
			all[i].Step = progress.Current.ID
		}
	}
	return nil
}

// pageRequests returns the lines of the page requests of browsers.
func pageRequests(ctx context.Context, l *lab.Lab) ([]line, error) {
	list, err := l.PageRequests(ctx, sourceSize)
	var lines []line
	for _, p := range list {
		x := line{At: p.At, Kind: kindPage, method: p.Method, From: browserOf(p.Window), To: titleOf(p.Half), Text: p.Method + " " + p.Path,
			Result: statusText(p.Status), Failed: p.Status >= 400}
		if p.Location != "" {
			x.Detail = "redirects to " + p.Location
		}
		lines = append(lines, x)
	}
	return lines, err
}

// exchanges returns the lines of the SAML and SCIM messages. The text is preliminary; explain replaces it.
func exchanges(ctx context.Context, l *lab.Lab) ([]line, error) {
	list, err := l.Exchanges(ctx, sourceSize)
	if err != nil {
		return nil, err
	}
	names, err := peersOf(ctx, l)
	var lines []line
	for _, x := range list {
		from, to := names.parties(x)
		n := line{At: x.At, Kind: kindSCIM, From: from, To: to, Text: x.Kind + " " + x.Method + " " + x.Path,
			Result: resultText(x), Failed: hasFailed(x),
			Href: "/labs/" + l.Name + "/traffic/" + strconv.FormatInt(x.ID, 10), exchange: x.ID, order: 1}
		if x.Kind != lab.SCIM {
			n.Kind = kindSAML
		} else {
			n.Changed = x.Method != http.MethodGet && !n.Failed
		}
		lines = append(lines, n)
	}
	return lines, err
}

func browserOf(window int) string {
	if window == 0 {
		return browser
	}
	return fmt.Sprintf("%s, window %d", browser, window)
}

func titleOf(product string) string {
	if product == "okta" {
		return systemOkta
	}
	return systemSigma
}

// resultText says how a message ended. Nobody records how another server answers a browser.
func resultText(x lab.Exchange) string {
	if isSentAway(x) {
		return "sent"
	}
	return statusText(x.Status)
}

func hasFailed(x lab.Exchange) bool { return !isSentAway(x) && (x.Status == 0 || x.Status >= 400) }

// isSentAway reports whether the browser carries a message to another server.
func isSentAway(x lab.Exchange) bool { return x.Kind != lab.SCIM && x.ReceiverOrigin != "" }

// statusText formats an HTTP status. Status 0 means that there was no response.
func statusText(status int) string {
	if status == 0 {
		return "no response"
	}
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// ownAccountEvents are the prefixes of System Log event types that users cause when they sign in, sign out or change their
// password. All other events whose actor is a user are administrator actions.
var ownAccountEvents = []string{"user.session.", "user.authentication.", "policy.evaluate", "app.generic.",
	"user.account.update_password", "user.account.reset_password"}

// oktaEvents returns the lines of the System Log. Events of one time keep their order by the field order.
func oktaEvents(ctx context.Context, l *lab.Lab) ([]line, error) {
	events, _, err := l.Org.LogAfter(ctx, beforeLab, sourceSize)
	var lines []line
	for i, e := range events {
		at, err := time.Parse(time.RFC3339Nano, e.Published)
		if err != nil {
			return nil, fmt.Errorf("system log event %s: %w", e.UUID, err)
		}
		x := line{At: at.UTC(), Kind: kindEvent, From: systemOkta, To: systemOkta, Result: e.Outcome.Result,
			Failed: e.Outcome.Result == "FAILURE" || e.Outcome.Result == "DENY",
			Href:   "/okta/" + l.Name + "/admin/reports/system-log?q=" + url.QueryEscape(`uuid eq "`+e.UUID+`"`),
			order:  2 + len(events) - i}
		own := slices.ContainsFunc(ownAccountEvents, func(p string) bool { return strings.HasPrefix(e.EventType, p) })
		if e.Actor.Type == idp.ActorUser && !own {
			x.Kind, x.From, x.Changed = kindAction, e.Actor.DisplayName, !x.Failed
		}
		x.Text = e.DisplayMessage
		if about := targets(e.Targets); about != "" {
			x.Text += ": " + about
		}
		if e.Outcome.Reason != nil && *e.Outcome.Reason != "" && x.Failed {
			x.Text += " (" + *e.Outcome.Reason + ")"
		}
		lines = append(lines, x)
	}
	return lines, err
}

// targets lists the names of what an event is about, without policies and repeated names.
func targets(list []idp.LogTarget) string {
	var names []string
	for _, t := range list {
		if !strings.HasPrefix(t.Type, "Policy") && t.DisplayName != "" && !slices.Contains(names, t.DisplayName) {
			names = append(names, t.DisplayName)
		}
	}
	return strings.Join(names, ", ")
}

// memberActions are the types of audit log events that are administrator actions if a member caused them.
var memberActions = []sp.EventType{sp.UserAccounts, sp.AccountTypeEvents, sp.TeamEvents, sp.Provisioning}

// sigmaEvents returns the lines of the audit log of Sigma.
func sigmaEvents(ctx context.Context, l *lab.Lab) ([]line, error) {
	entries, err := l.Organization.AuditAfter(ctx, sp.System(), beforeLab, sourceSize)
	var lines []line
	for i, e := range entries {
		x := line{At: e.At, Kind: kindEvent, From: systemSigma, To: systemSigma, Result: e.Status, Failed: e.Status == "Failure",
			Href: "/sigma/" + l.Name + "/admin/audit-log", order: 2 + len(entries) - i}
		if e.Actor.Kind == sp.ByMember && slices.Contains(memberActions, e.Type) {
			x.Kind, x.From = kindAction, e.Actor.Name
		}
		x.Changed = !x.Failed && e.Type != sp.AccessSigma && e.Type != sp.ObjectInteractions && e.Type != sp.Exports
		x.Text = readable(e.Name)
		if about := cmp.Or(e.Object.Name, e.Actor.Email); about != "" {
			x.Text += ": " + about
		}
		if e.Reason != "" {
			x.Text += " (" + e.Reason + ")"
		}
		lines = append(lines, x)
	}
	return lines, err
}

// readable turns CREATE_MEMBER into "Create member".
func readable(name string) string {
	text := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
