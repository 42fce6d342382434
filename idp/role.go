package idp

import "time"

// SuperAdmin is the administrator role with all permissions, the only one that is supported.
const SuperAdmin = "SUPER_ADMIN"

// RoleAssignment is an administrator role of a user.
type RoleAssignment struct {
	Role    string
	Label   string // "Super Administrator"
	Granted time.Time
}
