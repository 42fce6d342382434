package idp

import "time"

// Overview holds the figures of the Admin Console's dashboard.
type Overview struct {
	Users   int
	Groups  int
	SSOApps int
	// SignIns and AppSignOns count the successful sign-ins and app sign-ons of each of the last seven days, oldest first.
	SignIns    []LogBucket
	AppSignOns []LogBucket
	// Changes are the latest changes by users, newest first; sign-ins are left out.
	Changes []LogEvent
	Since   time.Time // seven days ago
}

// Task is a heading under Dashboard > Tasks with its rows.
type Task struct {
	Kind  string // stable key: "assignment-errors", "not-provisioned", "pending-users", "locked-users"
	Title string // "Application assignments encountered errors"
	Count int
	Items []TaskItem
}

// TaskItem is a row under a heading of Dashboard > Tasks. IDs are empty where they do not apply.
type TaskItem struct {
	UserID string
	AppID  string
	Name   string // full name of the user
	Detail string // label of the app, or else the username
	Error  string
	When   time.Time
}

// SearchResult is a result of the Admin Console's search.
type SearchResult struct {
	Kind   string // "person", "app", "group"
	ID     string
	Name   string
	Detail string
	App    App // only for the kind "app"
}
