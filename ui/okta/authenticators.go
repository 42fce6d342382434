package okta

import "strconv"

// AuthenticatorsPage is Security > Authenticators.
type AuthenticatorsPage struct {
	PasswordPath string
}

// PasswordPolicyPage is Security > Authenticators > Password.
type PasswordPolicyPage struct {
	BackPath     string
	EditPath     string
	Requirements []string
	MaxAgeDays   int // 0 means never
	LockoutAfter int // unsuccessful attempts; 0 means never
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

// PasswordPolicyForm is the password policy in edit mode. Numbers are strings, so that the form shows invalid input again.
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
