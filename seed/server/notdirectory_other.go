//go:build !unix

package server

// isNotDirectory is always false: this system has no such error.
func isNotDirectory(error) bool { return false }
