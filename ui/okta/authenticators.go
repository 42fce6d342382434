package okta

import "strconv"

// AuthenticatorsPage is Security > Authenticators.
type AuthenticatorsPage struct {
	PasswordPath string
}

// PasswordPolicyPage is the authenticator Password with its policy.
type PasswordPolicyPage struct {
	BackPath     string
	EditPath     string
	Requirements []string
	MaxAgeDays   int // 0 for never
	LockoutAfter int // failed attempts; 0 for never
}

func (v PasswordPolicyPage) facts() []Fact {
	age, lockout := "Never", "Never"
	if v.MaxAgeDays > 0 {
		age = "After " + strconv.Itoa(v.MaxAgeDays) + " days"
	}
	if v.LockoutAfter > 0 {
		lockout = "After " + strconv.Itoa(v.LockoutAfter) + " unsuccessful attempts"
	}
	return []Fact{{Label: "Password expires", Value: age}, {Label: "Lock out user", Value: lockout}}
}

// PasswordPolicyForm is the policy's form. Numbers are as they were typed.
type PasswordPolicyForm struct {
	BackPath     string
	Action       string
	MinLength    string
	Lower        bool
	Upper        bool
	Number       bool
	Symbol       bool
	NoUsername   bool
	History      string
	MaxAgeDays   string
	LockoutAfter string
	Errors       FormErrors
}
