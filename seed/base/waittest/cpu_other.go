//go:build !unix

package waittest

import (
	"testing"
	"time"
)

// CPU calls f and returns the time that has passed meanwhile, because this system does not report processor time in the same way.
func CPU(_ testing.TB, f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}
