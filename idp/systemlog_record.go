package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/store"
)

// logTime is the time format of the System Log: UTC with milliseconds.
const logTime = "2006-01-02T15:04:05.000Z"

// Record writes a System Log event in the transaction of the change that it reports. An unknown event type is an
// error.
func Record(tx *store.Tx, a Actor, e Event) (LogEvent, error) {
	event, err := newEvent(tx, a, e)
	if err != nil {
		return event, err
	}
	return event, saveEvent(tx, event, nil)
}

// newEvent is a System Log event of this moment.
func newEvent(tx *store.Tx, a Actor, e Event) (LogEvent, error) {
	kind, known := eventTypes()[e.Type]
	if !known {
		return LogEvent{}, fmt.Errorf("event type %s is not in the table of event types", e.Type)
	}
	if e.Result == "" {
		e.Result = "SUCCESS"
	}
	event := LogEvent{
		Actor:          LogActor{ID: a.ID, Type: a.Type, AlternateID: a.AlternateID, DisplayName: a.DisplayName},
		DisplayMessage: kind.message,
		EventType:      e.Type,
		Outcome:        LogOutcome{Result: e.Result, Reason: pointer(e.Reason)},
		Published:      tx.Now().Format(logTime),
		Severity:       kind.severity,
		LegacyType:     pointer(kind.legacy),
		UUID:           tx.UUID(),
		Version:        "0",
		Targets:        e.Targets,
		Debug:          LogDebug{Data: map[string]string{}},
		Request:        LogRequest{IPChain: []LogIP{}},
	}
	if e.Result == "FAILURE" && kind.legacyFailure != "" {
		event.LegacyType = pointer(kind.legacyFailure)
	}
	for name, value := range e.Debug {
		event.Debug.Data[name] = value
	}
	if a.JobID != "" {
		event.Transaction = LogTransaction{Type: "JOB", ID: a.JobID, Detail: map[string]string{}}
		event.Authentication = LogAuthContext{RootSessionID: "trs" + a.JobID, ExternalSessionID: "trs" + a.JobID}
	} else {
		a.Client.describe(tx, &event)
	}
	return event, nil
}

// describe sets the members of an event that describe the request.
func (c Client) describe(tx *store.Tx, event *LogEvent) {
	request := c.RequestID
	if request == "" {
		request = strings.ReplaceAll(tx.UUID(), "-", "")
	}
	session := c.SessionID
	if session == "" {
		session = "unknown"
	}
	event.Transaction = LogTransaction{Type: "WEB", ID: request, Detail: map[string]string{}}
	event.Authentication = LogAuthContext{RootSessionID: session, ExternalSessionID: session}
	event.Debug.Data["requestId"] = request
	if c.RequestURI != "" {
		event.Debug.Data["requestUri"] = c.RequestURI
		event.Debug.Data["url"] = c.URL
		if c.URL == "" {
			event.Debug.Data["url"] = c.RequestURI
		}
	}
	os, browser, device := readUserAgent(c.UserAgent)
	event.Client = LogClient{
		UserAgent: &LogUserAgent{Raw: c.UserAgent, OS: os, Browser: browser},
		Zone:      pointer("null"), Device: &device, IPAddress: pointer(c.IP),
	}
	if c.IP != "" {
		version := "V4"
		if strings.Contains(c.IP, ":") {
			version = "V6"
		}
		event.Request.IPChain = []LogIP{{IP: c.IP, Version: version}}
	}
}

// readUserAgent returns the operating system, browser and device in the words of the System Log.
func readUserAgent(raw string) (os, browser, device string) {
	os, browser, device = "Unknown", "UNKNOWN", "Unknown"
	for _, known := range []struct{ mark, name string }{
		{"Windows NT", "Windows 10"}, {"Android", "Android"}, {"iPhone", "iOS (iPhone)"}, {"iPad", "iOS (iPad)"},
		{"Mac OS X", "Mac OS X"}, {"CrOS", "Chrome OS"}, {"Linux", "Linux"},
	} {
		if strings.Contains(raw, known.mark) {
			os, device = known.name, "Computer"
			if known.mark == "Android" || strings.HasPrefix(known.mark, "iP") {
				device = "Mobile"
			}
			break
		}
	}
	for _, known := range []struct{ mark, name string }{
		{"Edg/", "EDGE"}, {"Firefox/", "FIREFOX"}, {"Chrome/", "CHROME"}, {"Safari/", "SAFARI"},
	} {
		if strings.Contains(raw, known.mark) {
			browser = known.name
			break
		}
	}
	return os, browser, device
}

func pointer(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// cut shortens the texts that the sender of a request can choose.
func (event *LogEvent) cut() {
	for _, text := range []*string{
		&event.Actor.AlternateID, &event.Actor.DisplayName, event.Outcome.Reason, &event.Transaction.ID,
	} {
		if text != nil {
			*text = store.Recorded(*text)
		}
	}
	if event.Client.UserAgent != nil {
		event.Client.UserAgent.Raw = store.Recorded(event.Client.UserAgent.Raw)
	}
	for name, value := range event.Debug.Data {
		event.Debug.Data[name] = store.Recorded(value)
	}
	targets := make([]LogTarget, len(event.Targets))
	for i, t := range event.Targets {
		t.AlternateID, t.DisplayName = store.Recorded(t.AlternateID), store.Recorded(t.DisplayName)
		targets[i] = t
	}
	if event.Targets != nil {
		event.Targets = targets
	}
}

// saveEvent stores an event with a number, or with the next one if seq is nil. The column target_ids lists the IDs of the targets,
// with a space before and after each.
func saveEvent(tx *store.Tx, event LogEvent, seq any) error {
	event.cut()
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	ids := " "
	for _, t := range event.Targets {
		ids += t.ID + " "
	}
	published, err := time.Parse(logTime, event.Published)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO okta_log (seq, uuid, published_ms, event_type, actor_id, target_ids, result, severity, event)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		seq, event.UUID, published.UnixMilli(), event.EventType, event.Actor.ID, ids, event.Outcome.Result, event.Severity, string(text))
}

// Record writes an event that reports no change, such as a refused request.
func (o *Org) Record(ctx context.Context, a Actor, e Event) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		_, err := Record(tx, a, e)
		return err
	})
}

// succeeded records a successful change.
func succeeded(tx *store.Tx, a Actor, kind string, targets ...LogTarget) error {
	_, err := Record(tx, a, Event{Type: kind, Targets: targets})
	return err
}

// Target returns the user as the target of an event.
func (u User) Target() LogTarget {
	return LogTarget{ID: u.ID, Type: "User", AlternateID: u.Login(), DisplayName: u.Name()}
}

// Target returns the app as the target of an event.
func (a App) Target() LogTarget {
	t := LogTarget{ID: a.ID, Type: "AppInstance", AlternateID: a.Label, DisplayName: a.Label}
	if a.SignOnMode != "" {
		t.DetailEntry = map[string]string{"signOnModeType": string(a.SignOnMode)}
	}
	return t
}

// Target returns the app user as the target of an event.
func (a AppUser) Target() LogTarget {
	return LogTarget{ID: a.ID, Type: "AppUser", AlternateID: a.UserName, DisplayName: a.User.Name()}
}

// Target returns the group as the target of an event.
func (g Group) Target() LogTarget {
	return LogTarget{ID: g.ID, Type: "UserGroup", AlternateID: "unknown", DisplayName: g.Name}
}
