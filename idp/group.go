package idp

import "time"

// GroupType is where a group comes from.
type GroupType string

// The types of group. Source: Okta's Groups API, property type.
const (
	OktaGroup       GroupType = "OKTA_GROUP"
	AppSourcedGroup GroupType = "APP_GROUP" // imported from an app; read-only in Okta
	BuiltIn         GroupType = "BUILT_IN"  // Everyone
)

// Group is a group of users.
type Group struct {
	ID                string
	Type              GroupType
	Name              string
	Description       string
	SourceAppID       string // APP_GROUP: the app it was imported from
	ExternalID        string // APP_GROUP: its SCIM id at the app
	Created           time.Time
	LastUpdated       time.Time
	MembershipUpdated time.Time
	People            int // members
	Apps              int // assigned applications
}

// GroupQuery selects the groups to list.
type GroupQuery struct {
	Text string // in name or description
	Type GroupType
	Page int
	Size int // default 25
}

// Candidate is a user in a list of users to add. Assigned is true if the user is a member or has the app already.
type Candidate struct {
	User     User
	Assigned bool
}
