//go:build unix

package server

import (
	"errors"
	"syscall"
)

// isNotDirectory reports whether a part of a path is a file.
func isNotDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
