package traffic

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

const (
	pageSize  = 100
	clockTime = "2006-01-02 15:04:05"
)

var errNoMessage = problem.New(problem.NotFound, "This message does not exist, or it is older than the last 500 messages.")

// timelinePage shows the timeline.
func (t *Traffic) timelinePage(v visit) error {
	f := filter{Kind: v.QueryParam("kind"), System: v.QueryParam("system"), Step: v.QueryParam("step"),
		Text: strings.TrimSpace(v.QueryParam("q")), Failed: v.QueryParam("failed") != "", Changed: v.QueryParam("changed") != ""}
	all, err := t.timeline(v.Ctx(), v.Lab)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(l line) bool { return !f.matches(l) })
	if f.Text != "" { // the words are searched in the explanations, which cost time to make
		if err := explain(v.Ctx(), v.Lab, all); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(l line) bool { return !f.hasWords(l) })
	}
	if f.Kind != kindPage {
		all = foldVisits(all)
	}
	number, _ := strconv.Atoi(v.QueryParam("page")) // without the parameter: the first page
	number = min(max(number, 1), max((len(all)+pageSize-1)/pageSize, 1))
	first, last := (number-1)*pageSize, min(number*pageSize, len(all))
	if err := explain(v.Ctx(), v.Lab, all[first:last]); err != nil {
		return err
	}
	view := page.Traffic{Page: v.Page("traffic.js"), Name: v.Lab.Name, Home: v.Home(), Base: v.base(),
		Kinds: kinds, Steps: t.guides.StepsOf(v.Ctx(), v.Lab),
		Kind: f.Kind, System: f.System, Step: f.Step, Text: f.Text, Failed: f.Failed, Changed: f.Changed, Live: number == 1,
		Pager: kit.Pager{First: first + 1, Last: last, Total: len(all), Noun: "lines", Prev: v.pageURL(f, number-1, 1, number),
			Next: v.pageURL(f, number+1, number, len(all)/pageSize+1)}}
	if last == len(all) {
		view.Pager.Next = ""
	}
	for _, l := range all[first:last] {
		view.Lines = append(view.Lines, lineView(l, all[0].At))
	}
	return v.render(view)
}

// lineView is a line, and the page visits that it stands for, as the page shows them.
func lineView(l line, newest time.Time) page.TrafficLine {
	view := page.TrafficLine{Time: timeOf(l.At, newest), Step: l.Step, Kind: l.Kind, From: l.From, To: l.To, Text: l.Text, Detail: l.Detail,
		Result: l.Result, Failed: l.Failed, Href: l.Href}
	for _, visit := range l.visits {
		view.Visits = append(view.Visits, lineView(visit, newest))
	}
	return view
}

// timeOf formats a time. The date is left out if it is the date of the newest line.
func timeOf(at, newest time.Time) string {
	if at.Format(time.DateOnly) == newest.Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format(clockTime)
}

// pageURL returns the URL of a page of the list, or "" if the number is outside of lowest to highest.
func (v visit) pageURL(f filter, number, lowest, highest int) string {
	if number < lowest || number > highest {
		return ""
	}
	q := f.query()
	q.Set("page", strconv.Itoa(number))
	return v.base() + "?" + q.Encode()
}

// explain sets the text of each line that is a message to a summary of the message, and names its sender and receiver. It reads the messages with one query.
func explain(ctx context.Context, l *lab.Lab, lines []line) error {
	var first, last int64
	for _, n := range lines {
		if n.exchange != 0 {
			first, last = min(cmp.Or(first, n.exchange), n.exchange), max(last, n.exchange)
		}
	}
	if last == 0 {
		return nil
	}
	whole, err := l.ExchangesFrom(ctx, first, last)
	if err != nil {
		return err
	}
	names, err := peersOf(ctx, l)
	if err != nil {
		return err
	}
	byID := map[int64]lab.Exchange{}
	for _, x := range whole {
		byID[x.ID] = x
	}
	for i := range lines {
		if x, known := byID[lines[i].exchange]; known {
			lines[i].Text = names.summary(x)
			lines[i].From, lines[i].To = names.parties(x)
		}
	}
	return nil
}

// eventDelay collects changes that follow one another closely into one event for the page.
const eventDelay = 100 * time.Millisecond

// events streams a server-sent event to an open page whenever something has happened in the lab.
func (t *Traffic) events(v visit) error {
	ctx, cancel := context.WithCancel(v.Ctx())
	defer cancel()
	defer context.AfterFunc(t.stopped, cancel)()
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	v.Response().WriteHeader(http.StatusOK)
	version := v.Lab.DB.Activity()
	for {
		if _, err := fmt.Fprintf(v.Response(), "event: traffic\ndata: %d\n\n", version); err != nil {
			return nil //nolint:nilerr // the browser closed the page
		}
		v.Response().Flush()
		if _, err := v.Lab.DB.WaitActivity(ctx, version); err != nil {
			return nil //nolint:nilerr // the browser closed the page, or the server stops
		}
		select {
		case <-time.After(eventDelay):
		case <-ctx.Done():
			return nil
		}
		version = v.Lab.DB.Activity()
	}
}

// exchangeAt loads the message that the URL names.
func (v visit) exchangeAt() (lab.Exchange, error) {
	id, err := strconv.ParseInt(v.Param("id"), 10, 64)
	if err != nil {
		return lab.Exchange{}, errNoMessage
	}
	return v.Lab.Exchange(v.Ctx(), id)
}

// message shows one SAML message or SCIM call.
func (t *Traffic) message(v visit) error {
	x, err := v.exchangeAt()
	if err != nil {
		return err
	}
	head, err := t.head(v, x)
	if err != nil {
		return err
	}
	if x.Kind == lab.SCIM {
		card, err := t.scimCard(v, x, head)
		if err != nil {
			return err
		}
		return v.render(card)
	}
	card, err := t.samlCard(x.Request, x.RelayState)
	if err != nil {
		return err
	}
	card.MessageHead = head
	card.Checks = t.checks(v, x.Checks)
	if len(x.Checks) > 0 {
		card.ChecksLead = checksLead(x.Checks)
	}
	if card.Kind() == "" && card.Problem == "" {
		card.Problem = "The message is empty."
	}
	return v.render(card)
}

// head returns the part that the pages of all messages have in common. Previous and Next are the neighboring messages of
// the same kind, SCIM or SAML.
func (t *Traffic) head(v visit, x lab.Exchange) (h page.MessageHead, err error) {
	names, err := peersOf(v.Ctx(), v.Lab)
	if err != nil {
		return h, err
	}
	from, to := names.parties(x)
	h = page.MessageHead{Page: v.Page(), List: v.base(), Title: names.summary(x),
		Lead:   from + " → " + to + ", " + x.At.Format(clockTime) + ", " + took(x.Took),
		Result: kit.Pill{Label: resultText(x), Tone: kit.Good}}
	if hasFailed(x) {
		h.Result.Tone = kit.Bad
	}
	if x.Kind != lab.SCIM {
		h.Sequence = fmt.Sprintf("%s/%d/sequence", v.base(), x.ID)
	}
	list, err := v.Lab.Exchanges(v.Ctx(), sourceSize)
	for _, other := range list { // newest first
		if (other.Kind == lab.SCIM) != (x.Kind == lab.SCIM) {
			continue
		}
		at := fmt.Sprintf("%s/%d", v.base(), other.ID)
		if other.ID > x.ID {
			h.Next = at
		} else if other.ID < x.ID {
			h.Previous = at
			break
		}
	}
	return h, err
}

// took says how long a message took, in whole milliseconds.
func took(d time.Duration) string {
	if d < time.Millisecond {
		return "in less than 1 ms"
	}
	return fmt.Sprintf("in %d ms", d.Milliseconds())
}

// exportHAR downloads all messages and page requests in HTTP Archive format, which browsers' developer tools can open.
func (t *Traffic) exportHAR(v visit) error {
	archive, err := archiveOf(v)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(archive, "", "  ")
	if err != nil {
		return err
	}
	v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.Lab.Name+`.har"`)
	return v.Blob(http.StatusOK, "application/json", append(text, '\n'))
}

// sendAgain sends a SCIM call once more and redirects to the new message.
func (t *Traffic) sendAgain(v visit) error {
	x, err := v.exchangeAt()
	if err != nil {
		return err
	}
	id, err := t.repeat(v, x)
	if err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, fmt.Sprintf("%s/%d", v.base(), id))
}

// decode shows the form of the decoder, and the message that was pasted into it.
func (t *Traffic) decode(v visit) error {
	view := page.Decode{Page: v.Page(), List: v.base(), Action: v.base() + "/decode"}
	if v.Request().Method == http.MethodGet {
		return v.render(view)
	}
	if err := v.Request().ParseForm(); err != nil {
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			view.Page.Errors = kit.ErrorsOf(errTooLong)
			return v.Render(http.StatusRequestEntityTooLarge, view)
		}
		return problem.New(problem.Invalid, "The form could not be read. Send the form again.")
	}
	view.Text = v.Request().PostFormValue("message")
	message, err := unwrap(view.Text)
	if err != nil {
		view.Page.Errors = kit.ErrorsOf(err)
		return v.Render(http.StatusUnprocessableEntity, view)
	}
	card, err := t.samlCard(message.XML, message.RelayState)
	if err != nil {
		return err
	}
	card.Title = cmp.Or(card.Kind(), "A message")
	if card.Kind() == "Response" {
		if card.Checks, card.ChecksLead, err = t.checkNow(v, message); err != nil {
			return err
		}
	}
	if len(message.Encodings) > 0 {
		view.Encoding = sentence("Decoded in this order:", strings.Join(message.Encodings, ", then "))
	}
	view.Message = &card.SAMLCard
	return v.render(view)
}

// pathIn returns the URL path of a page of Okta or Sigma in this lab. product is "okta" or "sigma".
func (v visit) pathIn(product, path string) string {
	return "/" + product + "/" + url.PathEscape(v.Lab.Name) + path
}
