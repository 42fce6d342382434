package idp

import "time"

// Scope is how a user has an app.
type Scope string

// The scopes of an assignment.
const (
	UserScope  Scope = "USER"  // Individual
	GroupScope Scope = "GROUP" // Group
)

// Label returns the word of the Admin Console.
func (s Scope) Label() string {
	if s == GroupScope {
		return "Group"
	}
	return "Individual"
}

// The sync states of an app user. Source: Okta's Apps API, property syncState of an application user.
const (
	SyncDisabled     = "DISABLED"
	SyncOutOfSync    = "OUT_OF_SYNC"
	SyncSyncing      = "SYNCING"
	SyncSynchronized = "SYNCHRONIZED"
	SyncError        = "ERROR"
)

// AppUser is the assignment of an app to a user, individual or through groups, with the profile that the app gets.
type AppUser struct {
	ID          string // "0ua…"
	AppID       string
	UserID      string
	Scope       Scope
	GroupID     string // GROUP: the assigned group of highest priority
	GroupName   string
	UserName    string            // application username
	Profile     map[string]string // effective values, after mappings and group priority
	Own         map[string]string // values typed on the individual assignment; nil for GROUP
	Cleared     []string          // attributes that had a value and have none now; they are sent empty
	Status      string            // ACTIVE, STAGED, PROVISIONED, …
	SyncState   string
	SyncError   string // a sentence for the administrator; empty if SyncState is not ERROR
	ExternalID  string // SCIM id at the app; empty until provisioned
	BeforeProv  bool   // assigned before provisioning was enabled
	Created     time.Time
	LastUpdated time.Time
	LastSync    time.Time
	User        User // the user, with profile
	AppLabel    string
	AppName     string
	AppStatus   AppStatus
}

// AppGroup is the assignment of an app to a group.
type AppGroup struct {
	AppID       string
	GroupID     string
	Priority    int // 0 is the highest
	Profile     map[string]string
	GroupName   string
	GroupType   GroupType
	Description string
	People      int
	AppLabel    string
	AppName     string
	LastUpdated time.Time
}

// Assignment is the input of an assignment form.
type Assignment struct {
	UserName string            // individual assignments only; empty: by the app's username format
	Profile  map[string]string // by variable name; a group assignment ignores personal and mapped attributes
}

// AppUserQuery selects the app users to list.
type AppUserQuery struct {
	Text  string
	Scope Scope // empty: both
	Page  int
	Size  int // default 25
}

// AssignableApp is an active app in the list of Assign Applications. Assigned is true if the user or group has it.
type AssignableApp struct {
	App      App
	Assigned bool
}

// AssignableGroup is a group in the list of Assign to Groups. Assigned is true if the group has the app.
type AssignableGroup struct {
	Group    Group
	Assigned bool
}

// AssignmentErrors counts the assignments of an app that administrators have to look at.
type AssignmentErrors struct {
	Failed  int // could not be provisioned
	Waiting int // assigned before provisioning was enabled, and not provisioned
}

// Tile is an app on My Apps.
type Tile struct {
	AppID string
	Label string
	Path  string // within the org
	Note  string // "Application notes for end users"
}
