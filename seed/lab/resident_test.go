package lab_test

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// residentBytes is the memory that the process holds, after what is not used was given back.
func residentBytes(b *testing.B) int64 {
	b.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	b.Fatal("/proc/self/status has no VmRSS")
	return 0
}
