package idp

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
)

//go:embed data/event_types.csv
var eventTypesCSV string

// eventType holds Okta's texts for a type of event.
type eventType struct{ message, severity, legacy, legacyFailure string }

// eventTypes is the table of event types by name. Source: Okta's page "Event Types"; see idp/OKTA.md, System Log.
var eventTypes = sync.OnceValue(func() map[string]eventType {
	rows, err := csv.NewReader(strings.NewReader(eventTypesCSV)).ReadAll()
	if err != nil {
		panic(err) // the file is embedded
	}
	types := make(map[string]eventType, len(rows))
	for _, row := range rows[1:] {
		types[row[0]] = eventType{message: row[1], severity: row[2], legacy: row[3], legacyFailure: row[4]}
	}
	return types
})
