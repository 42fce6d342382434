package api

import "time"

// Result is what a person in the workshop did. Times in seconds do not include the time that the person was away.
type Result struct {
	Lab      string        `json:"lab"`
	Nickname string        `json:"nickname"`
	Joined   time.Time     `json:"joined"`
	LastSeen *time.Time    `json:"lastSeen"` // null for a card that nobody has used
	Done     int           `json:"done"`
	Total    int           `json:"total"`
	Current  string        `json:"current"` // empty when all steps are done
	Problem  string        `json:"problem,omitempty"`
	Seconds  int           `json:"seconds"` // at all steps
	Steps    []StepResult  `json:"steps"`
	Mistakes []MistakeMade `json:"mistakes"`
	Faults   []FaultResult `json:"faults"`
}

// StepResult is a step that a person has begun.
type StepResult struct {
	Step    string     `json:"step"`
	Began   time.Time  `json:"began"`
	Done    *time.Time `json:"done"` // null for the current step
	Seconds int        `json:"seconds"`
	Brought bool       `json:"brought"` // the guide did the step, not the person
}

// MistakeMade is a mistake that the guide found.
type MistakeMade struct {
	Step     string `json:"step"`
	Sentence string `json:"sentence"`
}

// FaultResult is a fault that was active in a lab.
type FaultResult struct {
	Fault   string     `json:"fault"`
	Started time.Time  `json:"started"`
	Outcome string     `json:"outcome"` // active, fixed, undone
	Fixed   *time.Time `json:"fixed"`
	Seconds int        `json:"seconds"` // until it was fixed; 0 if it was not
}

// NewJob asks for an action in labs of attendees.
type NewJob struct {
	Action  string   `json:"action"` // message, bring, undo, reset, start-fault, undo-fault, finish-fault, lock, unlock, lower, new-pin, remove
	Labs    []string `json:"labs"`
	Step    string   `json:"step,omitempty"`    // for bring
	Message string   `json:"message,omitempty"` // for message
	Fault   string   `json:"fault,omitempty"`   // for start-fault; a random one when empty
}

// Job is an action that runs in labs, or has run in them.
type Job struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	Who      string    `json:"who"`
	What     string    `json:"what"`  // "Bring to step 7.6"
	Whom     []string  `json:"whom"`  // nicknames
	State    string    `json:"state"` // running, done, cancelled, undone, interrupted
	Total    int       `json:"total"` // labs
	Finished int       `json:"finished"`
	Failures []string  `json:"failures"`
}

// Jobs lists jobs, newest first.
type Jobs struct {
	Jobs []Job `json:"jobs"`
}
