package traffic

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/exchange"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/sp"
	page "understudy/ui/lab"
)

// The lanes of a sequence, from left to right: the service provider, the browser and the identity provider.
const (
	laneProvider = iota
	laneBrowser
	laneIdentity
)

// event is a page request or a SAML message of a sign-in.
type event struct {
	at   time.Time
	page *lab.PageRequest
	saml *lab.Exchange
}

const (
	leadTime  = 2 * time.Minute // page requests older than this, before the first message, do not belong to the sign-in
	leadPages = 3               // most page requests that are shown before the first message
	tailPages = 3               // most page requests that are shown after the last message
)

// sequence shows one sign-in from the first page to the last.
func (t *Traffic) sequence(v visit) error {
	x, err := v.exchangeAt()
	if err != nil {
		return err
	}
	if x.Kind == lab.SCIM {
		return problem.New(problem.NotFound, "A SCIM call is not part of a sign-in. Open a SAML message to see its sequence.")
	}
	messages, err := v.signInMessages(x)
	if err != nil {
		return err
	}
	names, err := peersOf(v.Ctx(), v.Lab)
	if err != nil {
		return err
	}
	provider, okta := names.of(messages[0])
	events, err := v.signInEvents(messages)
	if err != nil {
		return err
	}
	title := "One sign-in, message by message"
	if m, err := readSAML(x.Request); err == nil && m.isLogout() {
		title = "One sign-out, message by message"
	}
	view := page.Sequence{Page: v.Page(), List: v.base(), Title: title, Lanes: []string{provider, browser, okta},
		Lead: fmt.Sprintf("%s, %s", names.summary(messages[len(messages)-1]), messages[0].At.Format(clockTime))}
	for _, e := range events {
		if e.page != nil && !hasLane(view.Lanes, *e.page) {
			continue
		}
		view.Arrows = append(view.Arrows, v.arrows(names, e)...)
	}
	view.Mermaid = mermaid(view)
	return v.render(view)
}

// hasLane reports whether a page request belongs to a product that has a lane. A foreign peer has the lane of the product whose place
// it takes, and pages of that product have no part in the sign-in.
func hasLane(lanes []string, p lab.PageRequest) bool { return slices.Contains(lanes, titleOf(p.Half)) }

// signInMessages returns the SAML messages of one sign-in, oldest first: an AuthnRequest and the Response to it. The browser
// may send the same AuthnRequest several times on its way through the sign-in pages.
func (v visit) signInMessages(x lab.Exchange) (list []lab.Exchange, err error) {
	newest, err := v.latest()
	if err != nil {
		return nil, err
	}
	all, err := v.Lab.ExchangesFrom(v.Ctx(), 0, newest)
	if err != nil {
		return nil, err
	}
	requestID := requestIDOf(x)
	for _, other := range all {
		if other.ID == x.ID || other.Kind != lab.SCIM && requestID != "" && requestIDOf(other) == requestID {
			list = append(list, other)
		}
	}
	if len(list) == 0 {
		list = append(list, x)
	}
	return list, nil
}

// requestIDOf returns the ID of an AuthnRequest, or the InResponseTo of a Response. It is empty for SCIM and for the
// Response of an IdP-initiated sign-in.
func requestIDOf(x lab.Exchange) string {
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

// signInEvents returns the messages together with the page requests of the same windows: those shortly before, between and
// shortly after the messages.
func (v visit) signInEvents(messages []lab.Exchange) (list []event, err error) {
	requests, err := v.Lab.PageRequests(v.Ctx(), sourceSize)
	if err != nil {
		return nil, err
	}
	windows := map[int]bool{}
	for i := range messages {
		windows[messages[i].Window] = true
		list = append(list, event{at: messages[i].At, saml: &messages[i]})
	}
	requests = slices.DeleteFunc(requests, func(p lab.PageRequest) bool { return !windows[p.Window] })
	slices.Reverse(requests) // oldest first
	first, last := messages[0].At, messages[len(messages)-1].At
	var before, after []lab.PageRequest
	for i := range requests {
		switch p := requests[i]; {
		case p.At.Before(first):
			before = append(before, p)
		case p.At.After(last):
			after = append(after, p)
		default:
			list = append(list, event{at: p.At, page: &requests[i]})
		}
	}
	for _, p := range append(pagesBefore(before, first), pagesAfter(after)...) {
		list = append(list, event{at: p.At, page: &p})
	}
	slices.SortStableFunc(list, func(a, b event) int { return a.at.Compare(b.at) })
	return list, nil
}

// pagesBefore returns the page requests that led to the first message, from Sigma's login page on, oldest first.
func pagesBefore(requests []lab.PageRequest, first time.Time) (list []lab.PageRequest) {
	for _, p := range slices.Backward(requests) {
		if first.Sub(p.At) > leadTime || !aboutSignIn(p.Path) || len(list) == leadPages {
			break
		}
		list = append(list, p)
		if p.Method == http.MethodGet && p.Path == sp.LoginPath {
			break
		}
	}
	slices.Reverse(list)
	return list
}

// aboutSignIn reports whether a path is that of a page on the way to a sign-in.
func aboutSignIn(path string) bool {
	for _, part := range []string{"login", "signin", "sso", "home", "UserHome"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// pagesAfter returns the page requests after the last message, up to the first one that is not a redirect.
func pagesAfter(requests []lab.PageRequest) (list []lab.PageRequest) {
	for _, p := range requests {
		if len(list) == tailPages {
			break
		}
		list = append(list, p)
		if p.Status < 300 {
			break
		}
	}
	return list
}

// arrows draws an event as two arrows: the request of the browser and the response.
func (v visit) arrows(names peers, e event) []page.Arrow {
	if e.saml != nil {
		return v.messageArrows(names, *e.saml)
	}
	p := *e.page
	lane := laneProvider
	if p.Half == "okta" {
		lane = laneIdentity
	}
	ask := page.Arrow{From: laneBrowser, To: lane, Label: p.Method + " " + short(p.Path), Text: p.Method + " " + p.Path,
		Time: clock(p.At)}
	reply := page.Arrow{From: lane, To: laneBrowser, Response: true, Label: statusText(p.Status), Text: statusText(p.Status),
		Time: clock(p.At.Add(p.Took)), Failed: p.Status >= 400}
	if p.Location != "" {
		reply.Text += ", redirects to " + p.Location
	}
	return []page.Arrow{ask, reply}
}

// messageArrows draws a SAML message. The arrow of the response says how the checks of the receiver ended.
func (v visit) messageArrows(names peers, x lab.Exchange) []page.Arrow {
	href := fmt.Sprintf("%s/%d", v.base(), x.ID)
	lane, name := laneIdentity, "AuthnRequest"
	if x.Kind == lab.SAMLResponse || isSentAway(x) {
		lane, name = laneProvider, "Response"
	}
	if m, err := readSAML(x.Request); err == nil && m.isLogout() {
		name = m.Kind
	}
	ask := page.Arrow{From: laneBrowser, To: lane, Label: name + " (" + x.Method + ")",
		Text: name + ": " + names.summary(x) + " (" + x.Method + " " + x.Path + ")", Time: clock(x.At), Href: href}
	reply := page.Arrow{From: lane, To: laneBrowser, Response: true, Label: resultText(x), Text: resultText(x),
		Time: clock(x.At.Add(x.Took)), Failed: x.Status >= 400}
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
		reply.Label += fmt.Sprintf(" after %d checks", passed)
		if failed != "" {
			reply.Label = "rejected: " + failed
		}
		reply.Text = statusText(x.Status) + ", " + checksLead(x.Checks)
	}
	return []page.Arrow{ask, reply}
}

func clock(at time.Time) string { return at.Format("15:04:05.000") }

// short cuts the beginning of a path so that the label fits between two lanes of the diagram.
func short(path string) string {
	if r := []rune(path); len(r) > 34 {
		return "…" + string(r[len(r)-33:])
	}
	return path
}

// mermaid writes the sequence in Mermaid syntax. Semicolons, number signs and line breaks have a meaning in that syntax, so texts
// lose them, and a participant whose name is not one word has an alias.
func mermaid(v page.Sequence) string {
	clean := strings.NewReplacer(";", ",", "#", "", "\n", " ", "\r", " ").Replace
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	var participants []string
	for i, lane := range v.Lanes {
		if oneWord.MatchString(lane) {
			participants = append(participants, lane)
			fmt.Fprintf(&b, "    participant %s\n", lane)
			continue
		}
		participants = append(participants, fmt.Sprintf("Peer%d", i+1))
		fmt.Fprintf(&b, "    participant %s as %s\n", participants[i], clean(lane))
	}
	for _, a := range v.Arrows {
		line := "->>"
		if a.Response {
			line = "-->>"
		}
		fmt.Fprintf(&b, "    %s%s%s: %s\n", participants[a.From], line, participants[a.To], clean(a.Text))
	}
	return b.String()
}

var oneWord = regexp.MustCompile(`^[A-Z][a-z]+$`)
