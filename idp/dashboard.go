package idp

import "time"

// Overview is what the Admin Console's dashboard counts.
type Overview struct {
	Users   int
	Groups  int
	SSOApps int
	// SignIns and AppSignOns count the last seven days, oldest first.
	SignIns    []LogBucket
	AppSignOns []LogBucket
	// Changes are the latest events that administrators caused.
	Changes []LogEvent
	Since   time.Time
}

// Task is a kind of thing that waits for an administrator.
type Task struct {
	Kind  string // stable key: "assignment-errors", "not-provisioned", "pending-users", "locked-users"
	Title string // "Application assignments encountered errors"
	Count int
	Items []TaskItem
}

// TaskItem is one thing of a task.
type TaskItem struct {
	UserID string
	AppID  string
	Who    string
	What   string
	Error  string
	When   time.Time
}

// Hit is something that the Admin Console's search found.
type Hit struct {
	Kind   string // "person", "app", "group"
	ID     string
	Name   string
	Detail string
	App    App // Kind "app"
}
