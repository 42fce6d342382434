package okta

import (
	"time"

	"understudy/ui/kit"
)

// Count is a number with its label. Path lists the counted items.
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

// TaskKind is one kind of tasks for an administrator, such as failed assignments.
type TaskKind struct {
	Key   string // also the id of the section
	Title string
	Count int
	Rows  []TaskRow
	// Retry and Done are the form targets of Retry selected and Mark as done. Both are empty if a task of this kind
	// cannot be retried.
	Retry, Done string
}

// TaskRow is one task.
type TaskRow struct {
	ID         string // posted as "task" if the row is ticked
	Name       string // of the person or group
	NamePath   string
	Detail     string // label of the app, or else the username
	DetailPath string
	Error      string
	When       time.Time
}

// columns are the columns of the table of tasks. Tasks that can be retried have a checkbox in front.
func (k TaskKind) columns() []kit.Column {
	columns := kit.Columns("Name", "Application or username", "Reason", "Since")
	if k.Retry == "" {
		return columns
	}
	return append(kit.Columns("-Select"), columns...)
}
