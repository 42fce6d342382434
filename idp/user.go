package idp

import (
	"strings"
	"time"
)

// UserStatus is the status of a user in Okta's life cycle.
type UserStatus string

// The statuses. Source: Okta's Users API, "User status".
const (
	Staged          UserStatus = "STAGED"
	Provisioned     UserStatus = "PROVISIONED"
	Active          UserStatus = "ACTIVE"
	Suspended       UserStatus = "SUSPENDED"
	Recovery        UserStatus = "RECOVERY"
	PasswordExpired UserStatus = "PASSWORD_EXPIRED"
	LockedOut       UserStatus = "LOCKED_OUT"
	Deprovisioned   UserStatus = "DEPROVISIONED"
)

// UserStatuses lists all statuses in the order of Directory > People.
var UserStatuses = []UserStatus{Staged, Provisioned, Active, Recovery, PasswordExpired, LockedOut, Suspended, Deprovisioned}

// Label returns the word of the Admin Console for the status.
func (s UserStatus) Label() string {
	switch s {
	case Staged:
		return "Staged"
	case Provisioned:
		return "Pending user action"
	case Active:
		return "Active"
	case Suspended:
		return "Suspended"
	case Recovery:
		return "Password reset"
	case PasswordExpired:
		return "Password expired"
	case LockedOut:
		return "Locked out"
	case Deprovisioned:
		return "Deactivated"
	}
	return string(s)
}

// Group returns the heading of Directory > People under which the status is listed.
func (s UserStatus) Group() string {
	switch s {
	case Staged, Provisioned:
		return "ONBOARDING"
	case Suspended, Deprovisioned:
		return "INACTIVE"
	}
	return "ACTIVE"
}

// Profile is a user's profile, by variable name ("firstName"). [schema.User] lists the names.
type Profile map[string]string

// User is a user of the org.
type User struct {
	ID              string
	Status          UserStatus
	Profile         Profile
	HasPassword     bool
	Created         time.Time
	Activated       time.Time
	StatusChanged   time.Time
	LastLogin       time.Time
	LastUpdated     time.Time
	PasswordChanged time.Time
}

// Login returns the username.
func (u User) Login() string { return u.Profile["login"] }

// Email returns the primary email address.
func (u User) Email() string { return u.Profile["email"] }

// FirstName returns the given name.
func (u User) FirstName() string { return u.Profile["firstName"] }

// LastName returns the family name.
func (u User) LastName() string { return u.Profile["lastName"] }

// Name returns the full name.
func (u User) Name() string { return strings.TrimSpace(u.FirstName() + " " + u.LastName()) }

// NewUser is the input of Add person.
type NewUser struct {
	Profile        Profile // at least email, firstName and lastName; an empty login is the email
	GroupIDs       []string
	Activate       bool   // "Activate now"; otherwise the user is STAGED
	Password       string // "I will set password"; empty: the user chooses one through the activation link
	ChangePassword bool   // "User must change password on first login"
	EmailBase      string // "Send user activation email now": base URL of the org for the link; empty: no email
}

// UserQuery selects the users to list.
type UserQuery struct {
	Text    string     // words, which must all occur in the name, primary email or username
	Status  UserStatus // empty: all
	GroupID string     // only members of the group; empty: all users
	Sort    string     // "name" (default), "login", "email", "status", "created", "lastLogin"
	Desc    bool
	Page    int
	Size    int // default 25
}

// Link is a one-time link for a user: an activation or a password reset link. It is zero if none was needed.
type Link struct {
	Path  string // within the org: "/welcome/{token}" or "/signin/reset-password/{token}"
	Token string
}
