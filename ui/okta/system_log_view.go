package okta

import "time"

// LogBar is one bar of a chart of events over time: the events from Start up to, but not including, End.
type LogBar struct {
	Start, End time.Time
	Count      int
	Path       string // limits the log to the period of the bar
}

// SystemLogPage is Reports > System Log.
type SystemLogPage struct {
	SearchPath, ResetPath    string
	Query                    string
	From, To                 string // in the format of datetime-local inputs
	Now                      time.Time
	Bars                     []LogBar
	Total                    int
	CSVPath                  string
	ExpandPath, CollapsePath string
	Expanded                 bool
	Rows                     []LogRow
	FirstPath, NextPath      string
	Errors                   FormErrors
}

// LogRow is one event of the System Log.
type LogRow struct {
	At        time.Time
	Actor     string
	ActorType string
	Message   string
	Outcome   string
	Failed    bool
	Targets   []string
	Sections  []LogSection
	Expanded  bool
}

// LogSection is one section of an expanded event, such as Actor or Client.
type LogSection struct {
	Title         string
	Facts         []Fact
	EmptyText     string // shown if there are no facts
	Subtitle      string // second heading in the section, such as Debug data
	SubtitleFacts []Fact
}
