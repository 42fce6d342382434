package main

import (
	"os"
	"runtime/debug"
)

// A lab keeps little live memory and makes much short-lived garbage. At Go's default of 100 percent the collector would take
// most of the CPU time. With these values it runs rarely until the limit is near; 300 labs stay below 400 MB.
const (
	collectAt   = 400       // GOGC: percent of the live memory
	memoryLimit = 200 << 20 // bytes of Go's own memory; SQLite's memory is not counted
)

// tuneMemory configures the garbage collector. The environment variables GOGC and GOMEMLIMIT win.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
