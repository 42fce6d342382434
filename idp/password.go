package idp

// PasswordPolicy is what a password must meet (okta-ui 5).
type PasswordPolicy struct {
	MinLength    int
	Lower        bool
	Upper        bool
	Number       bool
	Symbol       bool
	NoUsername   bool
	History      int // the last so many cannot be used again; 0 for none
	LockoutAfter int // failed attempts; 0 for never
}

// DefaultPasswordPolicy is the policy of a new org.
var DefaultPasswordPolicy = PasswordPolicy{MinLength: 8, Lower: true, Upper: true, Number: true, NoUsername: true, History: 4, LockoutAfter: 10}
