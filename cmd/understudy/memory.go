package main

import (
	"os"
	"runtime/debug"
)

// A lab keeps little in Go's memory and makes much garbage of short life, so collecting at twice the living would be most
// of the work. The collector runs seldom until the limit is near; a room of 300 labs stays within 400 MB with it.
const (
	collectAt   = 400       // percent of what lives
	memoryLimit = 200 << 20 // bytes, of Go's own memory; SQLite's comes on top
)

// tuneMemory sets the collector, unless somebody does so by Go's own variables.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
