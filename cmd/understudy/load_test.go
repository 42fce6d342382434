package main

import (
	"regexp"
	"testing"
)

// The load command starts a server, plays in all labs at once and prints the result.
func TestLoadPlaysInALabForEachPerson(t *testing.T) {
	t.Parallel()
	out, err := program(t.Context(), "load", "--labs", "3", "--pace", "0", "--to", "1.5").CombinedOutput()
	if err != nil || !regexp.MustCompile(`^3 people, 0 failed; \d+ pages in .*; peak memory of the server: \d+ MB\n$`).Match(out) {
		t.Errorf("%v: %s", err, out)
	}
}

func TestLoadReportsFailures(t *testing.T) {
	out, err := program(t.Context(), "load", "--labs", "1", "--pace", "0", "--to", "0.0").CombinedOutput()
	if err == nil || !regexp.MustCompile(`load-0: .*0\.0`).Match(out) {
		t.Errorf("%v: %s", err, out)
	}
}
