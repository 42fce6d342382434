//go:build unix

package main

import "syscall"

// freeDisk returns the free bytes on the disk of a directory, and whether they are known.
func freeDisk(dir string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
