package main

import (
	"context"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
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

const (
	afterStart = 1500 * time.Millisecond // until the memory that only the start needed is returned
	idlePeriod = 10 * time.Second        // without a request; then the memory of the requests before is returned
)

// use counts the requests of a server.
type use struct{ requests atomic.Int64 }

func (u *use) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.requests.Add(1)
		next.ServeHTTP(w, r)
	})
}

// returnMemory returns unused memory to the system after the start and whenever the server has become idle, until ctx ends.
// The collector alone would keep it: at collectAt it runs too rarely to notice.
func (u *use) returnMemory(ctx context.Context) {
	var returned int64 = -1 // requests when memory was last returned
	for wait := afterStart; ; wait = idlePeriod {
		before := u.requests.Load()
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if now := u.requests.Load(); wait == afterStart || now == before && now != returned {
			debug.FreeOSMemory()
			unmapProgram()
			returned = now
		}
	}
}
