//go:build !unix

package main

// freeDisk is not known on this system.
func freeDisk(string) (uint64, bool) { return 0, false }
