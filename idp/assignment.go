package idp

import "time"

// Scope says how a person came by an app.
type Scope string

// The scopes of an assignment.
const (
	UserScope  Scope = "USER"  // Individual
	GroupScope Scope = "GROUP" // Group
)

// Label gives the Admin Console's word.
func (s Scope) Label() string {
	if s == GroupScope {
		return "Group"
	}
	return "Individual"
}

// The sync states of an app user (okta-wire 3.3).
const (
	SyncDisabled     = "DISABLED"
	SyncOutOfSync    = "OUT_OF_SYNC"
	SyncSyncing      = "SYNCING"
	SyncSynchronized = "SYNCHRONIZED"
	SyncError        = "ERROR"
)

// AppUser is a person's assignment to an app, direct or through groups, with the profile that the app gets.
type AppUser struct {
	ID          string // "0ua…"
	AppID       string
	UserID      string
	Scope       Scope
	GroupID     string // GROUP: the group of highest priority that carries the app
	GroupName   string
	UserName    string            // application username
	Profile     map[string]string // as in force: mapped, by group priority or individual
	Own         map[string]string // what was typed for the individual; nil for GROUP
	Cleared     []string          // attributes that had a value and have none now: sent empty (okta-wire 1.5)
	Status      string            // ACTIVE, STAGED, PROVISIONED, …
	SyncState   string
	SyncError   string // sentence for the administrator
	ExternalID  string // id at the app's side
	BeforeProv  bool   // assigned before provisioning was enabled
	Created     time.Time
	LastUpdated time.Time
	LastSync    time.Time
	User        User // who; ID, status and profile
	AppLabel    string
	AppName     string
	AppStatus   AppStatus
}

// AppGroup is a group's assignment to an app.
type AppGroup struct {
	AppID       string
	GroupID     string
	Priority    int // 0 wins
	Profile     map[string]string
	GroupName   string
	GroupType   GroupType
	Description string
	People      int
	AppLabel    string
	AppName     string
	LastUpdated time.Time
}

// Assignment is what an assignment form carries.
type Assignment struct {
	UserName string            // individuals only; empty: by the app's username format
	Profile  map[string]string // by variable name; group assignments take the attributes shared with groups
}

// AppUserQuery says which app users to list.
type AppUserQuery struct {
	Text  string
	Scope Scope // empty: both
	Page  int
	Size  int // default 25
}

// AssignableApp is an active app that a person or group can be assigned, or already is.
type AssignableApp struct {
	App      App
	Assigned bool
}

// AssignableGroup is a group that can be assigned to an app, or already is.
type AssignableGroup struct {
	Group    Group
	Assigned bool
}

// Tile is an app on My Apps.
type Tile struct {
	AppID string
	Label string
	Path  string // within the half
	Note  string // the administrator's note to end users
}
