package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// treeMemory returns the memory of this process and of all processes that it has started, in bytes: the proportional set size,
// in which pages that processes share count once.
func treeMemory() (own, tree int64) {
	parents := map[int]int{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, 0
	}
	for _, file := range stats {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		text, readErr := os.ReadFile(file)
		if err != nil || readErr != nil {
			continue // the process has ended
		}
		// The name of the program, in parentheses, can hold spaces. The parent is the second field after it.
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if parent, err := strconv.Atoi(string(fields[1])); err == nil {
			parents[pid] = parent
		}
	}
	for pid := range parents {
		ancestor := pid
		for n := 0; ancestor != os.Getpid() && ancestor > 1 && n < 100; n++ {
			ancestor = parents[ancestor]
		}
		if ancestor != os.Getpid() {
			continue
		}
		size := proportional(pid)
		tree += size
		if pid == os.Getpid() {
			own = size
		}
	}
	return own, tree
}

// proportional returns the proportional set size of a process in bytes; 0 if it cannot be read.
func proportional(pid int) int64 {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "smaps_rollup"))
	if err != nil {
		return 0
	}
	for _, line := range bytes.Split(text, []byte("\n")) {
		if fields := bytes.Fields(line); len(fields) > 1 && string(fields[0]) == "Pss:" {
			kilobytes, _ := strconv.ParseInt(string(fields[1]), 10, 64) // the kernel writes a number
			return kilobytes << 10
		}
	}
	return 0
}
