package password_test

import (
	"testing"
	"time"

	"understudy/idp/password"
	"understudy/seed/base/problem"
)

func TestCheck(t *testing.T) {
	for typed, want := range map[string]string{
		"Sunny-day7": "",
		"Maya-day7":  "Password requirements were not met. The password must not contain parts of your username.",
		"sunny": "Password requirements were not met. The password must have at least 8 characters. " +
			"The password must contain an uppercase letter. The password must contain a number.",
	} {
		var check problem.Check
		password.Default.Check(&check, "newPassword", typed, "maya.rivers@lab.example")
		got := ""
		if p := problem.As(check.Err()); p != nil {
			got = p.Fields[0].Message
		}
		if got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := password.Default.Validate(); err != nil {
		t.Errorf("the default policy: %v", err)
	}
	p := problem.As(password.Policy{MinLength: 3, History: 31, MaxAgeDays: 1000, LockoutAfter: -1}.Validate())
	if p == nil || len(p.Fields) != 4 || p.Fields[0].Message != "Enter a number from 4 to 30." {
		t.Errorf("%+v", p)
	}
}

func TestExpired(t *testing.T) {
	set := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		maxAge int
		after  time.Duration
		want   bool
	}{{0, 10000 * time.Hour, false}, {1, 24*time.Hour - 1, false}, {1, 24 * time.Hour, true}} {
		if got := (password.Policy{MaxAgeDays: c.maxAge}).Expired(set, set.Add(c.after)); got != c.want {
			t.Errorf("at most %d days, after %s: expired %t", c.maxAge, c.after, got)
		}
	}
}

func TestHash(t *testing.T) {
	hash, err := password.Hash("Sunny-day7")
	if err != nil || !password.Matches(hash, "Sunny-day7") || password.Matches(hash, "sunny-day7") {
		t.Errorf("%s, %v", hash, err)
	}
	if hash, err := password.Hash(""); hash != "" || err != nil {
		t.Errorf("no password has the hash %q, %v", hash, err)
	}
	if password.Matches(password.DummyHash, "") || password.Matches("", "") {
		t.Error("an empty password matches")
	}
}
