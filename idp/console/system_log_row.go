package console

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"understudy/idp"
	"understudy/ui/okta"
)

// logRow returns an event as a row of the System Log, with the details that the row shows when it is expanded.
func logRow(e idp.LogEvent, expanded bool) okta.LogRow {
	at, _ := time.Parse(time.RFC3339, e.Published)
	row := okta.LogRow{
		At: at, Actor: e.Actor.DisplayName, ActorType: e.Actor.Type, Message: e.DisplayMessage,
		Outcome: outcomeText(e.Outcome), Failed: e.Outcome.Result == "FAILURE" || e.Outcome.Result == "DENY", Expanded: expanded,
	}
	if row.Actor == "" || row.Actor == "unknown" {
		row.Actor = e.Actor.AlternateID
	}
	for _, target := range e.Targets {
		row.Targets = append(row.Targets, targetName(target)+" ("+target.Type+")")
	}
	row.Sections = []okta.LogSection{actorSection(e), clientSection(e), eventSection(e), requestSection(e)}
	for i, target := range e.Targets {
		row.Sections = append(row.Sections, targetSection(i, target))
	}
	return row
}

// targetName returns the display name of a target, or its alternate ID without one.
func targetName(t idp.LogTarget) string {
	if t.DisplayName != "" {
		return t.DisplayName
	}
	return t.AlternateID
}

// facts collects pairs of label and value. It leaves out empty values.
type facts []okta.Fact

func (f *facts) add(label, value string) {
	if value != "" {
		*f = append(*f, okta.Fact{Label: label, Value: value})
	}
}

func (f *facts) addAll(values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f.add(name, values[name])
	}
}

// actorSection, clientSection, eventSection, requestSection and targetSection return the details of an event, with the labels
// of Okta.
func actorSection(e idp.LogEvent) okta.LogSection {
	var f facts
	f.add("DisplayName", e.Actor.DisplayName)
	f.add("AlternateID", e.Actor.AlternateID)
	f.add("ID", e.Actor.ID)
	f.add("Type", e.Actor.Type)
	f.addAll(e.Actor.DetailEntry)
	return okta.LogSection{Title: "Actor", Facts: f}
}

func clientSection(e idp.LogEvent) okta.LogSection {
	var f facts
	f.add("IP Address", deref(e.Client.IPAddress))
	if e.Client.UserAgent != nil {
		f.add("Browser", e.Client.UserAgent.Browser)
		f.add("OS", e.Client.UserAgent.OS)
		f.add("RawUserAgent", e.Client.UserAgent.Raw)
	}
	f.add("Device", deref(e.Client.Device))
	f.add("Zone", deref(e.Client.Zone))
	f.add("ID", deref(e.Client.ID))
	return okta.LogSection{Title: "Client", Facts: f, EmptyText: "Okta itself did this. No client was involved."}
}

func eventSection(e idp.LogEvent) okta.LogSection {
	var f facts
	f.add("Outcome result", e.Outcome.Result)
	f.add("Outcome reason", deref(e.Outcome.Reason))
	f.add("Severity", e.Severity)
	f.add("Event type", e.EventType)
	f.add("Legacy event type", deref(e.LegacyType))
	f.add("UUID", e.UUID)
	f.add("Published", e.Published)
	f.add("Transaction type", e.Transaction.Type)
	f.add("Transaction ID", e.Transaction.ID)
	f.addAll(e.Transaction.Detail)
	f.add("External session ID", e.Authentication.ExternalSessionID)
	f.add("Root session ID", e.Authentication.RootSessionID)
	var debug facts
	debug.addAll(e.Debug.Data)
	return okta.LogSection{Title: "Event", Facts: f, Subtitle: "Debug data", SubtitleFacts: debug}
}

func requestSection(e idp.LogEvent) okta.LogSection {
	var f facts
	for i, ip := range e.Request.IPChain {
		f.add("IP chain "+strconv.Itoa(i+1), ip.IP+" ("+ip.Version+")")
	}
	return okta.LogSection{Title: "Request", Facts: f, EmptyText: "No request was involved."}
}

func targetSection(i int, t idp.LogTarget) okta.LogSection {
	var f facts
	f.add("DisplayName", t.DisplayName)
	f.add("AlternateID", t.AlternateID)
	f.add("ID", t.ID)
	f.add("Type", t.Type)
	f.addAll(t.DetailEntry)
	if t.ChangeDetails != nil {
		for _, name := range slices.Sorted(maps.Keys(t.ChangeDetails.To)) {
			f.add("Changed "+name, t.ChangeDetails.From[name]+" → "+t.ChangeDetails.To[name])
		}
	}
	return okta.LogSection{Title: "Target " + strconv.Itoa(i+1), Facts: f}
}

// deref returns the text, or "" for nil and for the text "null".
func deref(s *string) string {
	if s == nil || *s == "null" {
		return ""
	}
	return *s
}
