//go:build unix

package waittest

import (
	"syscall"
	"testing"
	"time"
)

// CPU calls f and returns the processor time that this process has used meanwhile, for all its goroutines. Another process does not
// change it, so a limit of it holds on a busy machine. The test must not run in parallel with others.
func CPU(t testing.TB, f func()) time.Duration {
	t.Helper()
	before := used(t)
	f()
	return used(t) - before
}

func used(t testing.TB) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
