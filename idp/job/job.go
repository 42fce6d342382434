// Package job describes the provisioning jobs of the org: the work that Okta still has to do at an app's SCIM endpoint.
//
// A change in the org (assign an app, rename a pushed group, …) commits together with the jobs that it causes. The
// runner in idp/provision takes the jobs in order, sends SCIM requests, and records the result:
//
//	idp (change) ── commits ──> okta_jobs ── due jobs ──> idp/provision ── SCIM ──> app
//
// This package is pure: it holds the types and the one table of job kinds, no SQL and no HTTP. The queue itself is in
// idp/job_queue.go.
//
//	job.go   Job, Payload and the lanes that keep jobs in order
//	kind.go  Kind and its table: subject, System Log events, failure sentence, task heading
//
// Start with [Types].
package job

import "time"

// Job is one durable piece of provisioning work. It names what happened. The runner builds the requests from
// the current state of the org, so running a job twice does no harm.
type Job struct {
	ID            int64
	Lane          string // jobs of one lane run one after the other, in the order of their IDs
	Kind          Kind
	AppID         string
	UserID        string // user and user-import jobs; else empty
	MappingID     string // group push jobs: the push mapping; else empty
	Payload       Payload
	Attempts      int       // finished attempts since the job was queued
	NotBefore     time.Time // zero: at once
	Error         string    // why the last attempt failed, as a sentence for an administrator
	TransactionID string    // "gam…": the transaction ID of the job's System Log events
	Created       time.Time
	Failed        time.Time // zero unless the job failed and waits for an administrator
}

// Payload holds what the org may no longer know when the job runs. Its JSON form is stored with the job.
type Payload struct {
	UserName   string   `json:"userName,omitempty"`   // application username when the assignment ended
	ExternalID string   `json:"externalId,omitempty"` // SCIM id at the app when the assignment or mapping ended
	Name       string   `json:"name,omitempty"`       // the user's or group's name, for messages
	Add        []string `json:"add,omitempty"`        // ids of users that joined the group
	Remove     []string `json:"remove,omitempty"`     // SCIM ids of members that left the group
}

// UserLane is the lane of all jobs about one user at one app.
func UserLane(appID, userID string) string { return "user " + appID + " " + userID }

// GroupLane is the lane of all jobs about one push mapping.
func GroupLane(mappingID string) string { return "group " + mappingID }

// ImportLane is the lane of an app's imports.
func ImportLane(appID string) string { return "import " + appID }
