//go:build unix

package main

import "syscall"

// freeDisk is how much can be written where a directory is, in bytes.
func freeDisk(dir string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
