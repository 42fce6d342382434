package okta

import "time"

// Count is a number with its label, leading to what was counted.
type Count struct {
	Label  string
	Number int
	Path   string
}

// DashboardPage is Dashboard > Dashboard.
type DashboardPage struct {
	Counts     []Count
	Tasks      []Count
	TasksPath  string
	Changes    []LogRow
	LogPath    string
	SignIns    []LogBar
	AppSignOns []LogBar
	Since      time.Time
}

// TasksPage is Dashboard > Tasks.
type TasksPage struct {
	Kinds []TaskKind
}

// TaskKind is what waits for an administrator, of one kind.
type TaskKind struct {
	Key   string // also the anchor
	Title string
	Count int
	Rows  []TaskRow
	// Retry and Done are where the buttons Retry selected and Mark as done send the ticked rows; empty where there is
	// nothing to try again.
	Retry, Done string
}

// TaskRow is one thing that waits.
type TaskRow struct {
	ID               string // sent when it is ticked
	Who, What, Error string
	When             time.Time
	WhoPath          string
	WhatPath         string
}

// LogBar is one bar of a count over time.
type LogBar struct {
	Start, End time.Time
	Count      int
	Path       string // narrows the log to the bar
}

// SystemLogPage is Reports > System Log.
type SystemLogPage struct {
	SearchPath, ResetPath    string
	Query                    string
	From, To                 string // as date and time fields write them
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

// LogRow is one event.
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

// LogSection is one part of what an event tells when it is expanded.
type LogSection struct {
	Title         string
	Facts         []Fact
	EmptyText     string // said when there are no facts
	Subtitle      string // a further heading, such as Debug data
	SubtitleFacts []Fact
}

// SearchPage is what the search on top of the console found.
type SearchPage struct {
	Query string
	Hits  []SearchHit
}

// SearchHit is one thing that was found.
type SearchHit struct {
	Kind, Name, Detail, Path string
}

// NotBuiltPage stands in for a section that is not built yet.
type NotBuiltPage struct {
	Group, Section string
	Back           string
}
