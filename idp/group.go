package idp

import "time"

// GroupType says where a group comes from.
type GroupType string

// The types of group (okta-wire 3.2).
const (
	OktaGroup GroupType = "OKTA_GROUP"
	AppGroupT GroupType = "APP_GROUP" // imported from an app: read-only here
	BuiltIn   GroupType = "BUILT_IN"  // Everyone
)

// Group is a group of users.
type Group struct {
	ID                string
	Type              GroupType
	Name              string
	Description       string
	SourceAppID       string // APP_GROUP: the app it was imported from
	ExternalID        string // APP_GROUP: its id there
	Created           time.Time
	LastUpdated       time.Time
	MembershipUpdated time.Time
	People            int // members
	Apps              int // assigned applications
}

// GroupQuery says which groups to list.
type GroupQuery struct {
	Text string // in name or description
	Type GroupType
	Page int
	Size int // default 25
}

// Candidate is somebody who can be assigned, or already is.
type Candidate struct {
	User     User
	Assigned bool
}
