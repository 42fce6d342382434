package idp

import (
	"strings"
	"time"
)

// UserStatus is where a user is in Okta's life cycle.
type UserStatus string

// The states (okta-wire 3.1).
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

// UserStatuses are all states in the order in which Directory > People lists them.
var UserStatuses = []UserStatus{Staged, Provisioned, Active, Recovery, PasswordExpired, LockedOut, Suspended, Deprovisioned}

// Label gives the Admin Console's word for the state.
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

// Group gives the heading under which Directory > People files the state.
func (s UserStatus) Group() string {
	switch s {
	case Staged, Provisioned:
		return "ONBOARDING"
	case Suspended, Deprovisioned:
		return "INACTIVE"
	}
	return "ACTIVE"
}

// Profile is a user's profile by variable name ("firstName"); see [UserSchema] for the names.
type Profile map[string]string

// User is a person in the org.
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

// Login is the user name.
func (u User) Login() string { return u.Profile["login"] }

// Email is the primary e-mail address.
func (u User) Email() string { return u.Profile["email"] }

// FirstName is the given name.
func (u User) FirstName() string { return u.Profile["firstName"] }

// LastName is the family name.
func (u User) LastName() string { return u.Profile["lastName"] }

// Name is the full name.
func (u User) Name() string { return strings.TrimSpace(u.FirstName() + " " + u.LastName()) }

// NewUser is what Add person asks for.
type NewUser struct {
	Profile        Profile // login, email, firstName, lastName at least
	GroupIDs       []string
	Activate       bool   // Activate now; otherwise the user is STAGED
	Password       string // "I will set password"; empty lets the user choose one through the activation link
	ChangePassword bool   // User must change password on first login
	EmailBase      string // Send user activation email now: base URL of the org for the link in it; empty sends none
}

// UserQuery says which users to list.
type UserQuery struct {
	Text    string     // searched in names, primary email and username
	Status  UserStatus // empty: every state
	GroupID string     // only members
	Sort    string     // "name" (default), "login", "email", "status", "created", "lastLogin"
	Desc    bool
	Page    int
	Size    int // default 25
}

// Link is a one-time link that was made for a person, such as an activation or password reset link.
type Link struct {
	Path  string // within the half: "/welcome/{token}" or "/signin/reset-password/{token}"
	Token string
}
