package idp

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
)

//go:embed data/event_types.csv
var eventTypesCSV string

// eventType is how Okta words events of a type.
type eventType struct{ message, severity, legacy, legacyFailure string }

// eventTypes is the catalogue of event types that this stand-in writes (Okta's event types page; okta-wire 5.3, 5.4).
var eventTypes = sync.OnceValue(func() map[string]eventType {
	rows, err := csv.NewReader(strings.NewReader(eventTypesCSV)).ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	types := make(map[string]eventType, len(rows))
	for _, row := range rows[1:] {
		types[row[0]] = eventType{message: row[1], severity: row[2], legacy: row[3], legacyFailure: row[4]}
	}
	return types
})
