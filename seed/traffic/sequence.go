package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/exchange"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/sp"
	page "understudy/ui/lab"
)

// The lanes of a sequence.
const (
	laneSigma = iota
	laneBrowser
	laneOkta
)

var lanes = []string{systemSigma, browser, systemOkta}

// station is a hop or a SAML message of a sign-in.
type station struct {
	at   time.Time
	hop  *lab.Hop
	saml *lab.Exchange
}

const (
	leadTime  = 2 * time.Minute // how long before its first message a sign-in's pages are looked for
	leadPages = 3
	tailPages = 3
)

// sequence shows one sign-in from the first page to the last.
func (t *Traffic) sequence(v visit) error {
	x, err := v.exchangeAt()
	if err != nil {
		return err
	}
	if x.Kind == lab.SCIM {
		return problem.New(problem.NotFound, "A SCIM call belongs to no sign-in.")
	}
	messages, err := v.conversation(x)
	if err != nil {
		return err
	}
	stations, err := v.stations(messages)
	if err != nil {
		return err
	}
	view := page.Sequence{Page: v.page(), List: v.base(), Title: "One sign-in, message by message", Lanes: lanes,
		Lead: fmt.Sprintf("%s, %s", summary(messages[len(messages)-1]), messages[0].At.Format(clockTime))}
	for _, s := range stations {
		view.Arrows = append(view.Arrows, v.arrows(s)...)
	}
	view.Mermaid = mermaid(view)
	return v.render(view)
}

// conversation gives the SAML messages that belong together: a request, however often it was asked for again on the way
// through the sign-in page, and its response; oldest first.
func (v visit) conversation(x lab.Exchange) (list []lab.Exchange, err error) {
	newest, err := v.latest()
	if err != nil {
		return nil, err
	}
	all, err := v.lab.ExchangesFrom(v.ctx(), 0, newest)
	if err != nil {
		return nil, err
	}
	thread := threadOf(x)
	for _, other := range all {
		if other.ID == x.ID || other.Kind != lab.SCIM && thread != "" && threadOf(other) == thread {
			list = append(list, other)
		}
	}
	if len(list) == 0 {
		list = append(list, x)
	}
	return list, nil
}

// threadOf is the request's ID that holds a conversation together; empty for a response that answers none.
func threadOf(x lab.Exchange) string {
	if x.Kind == lab.SCIM {
		return ""
	}
	m, err := readSAML(x.Request)
	if err != nil {
		return ""
	}
	if x.Kind == lab.SAMLRequest {
		return m.ID
	}
	return m.InResponseTo
}

// stations puts the pages of the same windows around the messages.
func (v visit) stations(messages []lab.Exchange) (list []station, err error) {
	hops, err := v.lab.Hops(v.ctx(), sourceSize)
	if err != nil {
		return nil, err
	}
	windows := map[int]bool{}
	for i := range messages {
		windows[messages[i].Window] = true
		list = append(list, station{at: messages[i].At, saml: &messages[i]})
	}
	hops = slices.DeleteFunc(hops, func(h lab.Hop) bool { return !windows[h.Window] })
	slices.Reverse(hops) // oldest first
	first, last := messages[0].At, messages[len(messages)-1].At
	var before, after []lab.Hop
	for i := range hops {
		switch h := hops[i]; {
		case h.At.Before(first):
			before = append(before, h)
		case h.At.After(last):
			after = append(after, h)
		default:
			list = append(list, station{at: h.At, hop: &hops[i]})
		}
	}
	for _, h := range append(departure(before, first), arrival(after)...) {
		list = append(list, station{at: h.At, hop: &h})
	}
	slices.SortStableFunc(list, func(a, b station) int { return a.at.Compare(b.at) })
	return list, nil
}

// departure is the last of what came before a sign-in's first message: from the page on which it was begun.
func departure(hops []lab.Hop, first time.Time) (began []lab.Hop) {
	for _, h := range slices.Backward(hops) {
		if first.Sub(h.At) > leadTime || !aboutSignIn(h.Path) || len(began) == leadPages {
			break
		}
		began = append(began, h)
		if h.Method == http.MethodGet && h.Path == sp.LoginPath {
			break
		}
	}
	slices.Reverse(began)
	return began
}

// aboutSignIn tells the pages on the way to a sign-on.
func aboutSignIn(path string) bool {
	for _, part := range []string{"login", "signin", "sso", "home", "UserHome"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// arrival is what followed the last message until a page was shown.
func arrival(hops []lab.Hop) (arrived []lab.Hop) {
	for _, h := range hops {
		if len(arrived) == tailPages {
			break
		}
		arrived = append(arrived, h)
		if h.Status < 300 {
			break
		}
	}
	return arrived
}

// arrows draws a station: what the browser brought, and what it was answered.
func (v visit) arrows(s station) []page.Arrow {
	if s.saml != nil {
		return v.messageArrows(*s.saml)
	}
	h := *s.hop
	lane := laneSigma
	if h.Half == "okta" {
		lane = laneOkta
	}
	ask := page.Arrow{From: laneBrowser, To: lane, Label: h.Method + " " + short(h.Path), Text: h.Method + " " + h.Path, Time: clock(h.At)}
	answer := page.Arrow{From: lane, To: laneBrowser, Answer: true, Label: statusText(h.Status), Text: statusText(h.Status), Time: clock(h.At.Add(h.Took)), Failed: h.Status >= 400}
	if h.Location != "" {
		answer.Text += ", go to " + h.Location
	}
	return []page.Arrow{ask, answer}
}

func (v visit) messageArrows(x lab.Exchange) []page.Arrow {
	href := fmt.Sprintf("%s/%d", v.base(), x.ID)
	lane, name := laneOkta, "AuthnRequest"
	if x.Kind == lab.SAMLResponse {
		lane, name = laneSigma, "Response"
	}
	ask := page.Arrow{From: laneBrowser, To: lane, Label: name + " (" + x.Method + ")", Text: name + ": " + summary(x) + " (" + x.Method + " " + x.Path + ")", Time: clock(x.At), Href: href}
	answer := page.Arrow{From: lane, To: laneBrowser, Answer: true, Label: statusText(x.Status), Text: statusText(x.Status), Time: clock(x.At.Add(x.Took)), Failed: x.Status >= 400}
	if len(x.Checks) > 0 {
		passed, failed := 0, ""
		for _, c := range x.Checks {
			switch c.Verdict {
			case exchange.Passed:
				passed++
			case exchange.Failed:
				failed = c.Name
			}
		}
		answer.Label += fmt.Sprintf(" after %d checks", passed)
		if failed != "" {
			answer.Label = "refused: " + failed
		}
		answer.Text = statusText(x.Status) + ", " + checksLead(x.Checks)
	}
	return []page.Arrow{ask, answer}
}

func clock(at time.Time) string { return at.Format("15:04:05.000") }

// short keeps a path within its place in the picture.
func short(path string) string {
	if r := []rune(path); len(r) > 34 {
		return "…" + string(r[len(r)-33:])
	}
	return path
}

// mermaid is the sequence as a text that wikis draw.
func mermaid(v page.Sequence) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	for _, lane := range v.Lanes {
		fmt.Fprintf(&b, "    participant %s\n", lane)
	}
	for _, a := range v.Arrows {
		line := "->>"
		if a.Answer {
			line = "-->>"
		}
		fmt.Fprintf(&b, "    %s%s%s: %s\n", v.Lanes[a.From], line, v.Lanes[a.To], strings.NewReplacer(";", ",", "#", "", "\n", " ").Replace(a.Text))
	}
	return b.String()
}
