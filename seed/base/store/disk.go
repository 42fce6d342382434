package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"understudy/seed/base/problem"
)

// ErrDiskFull is the error of a change for which the disk has no space. The change was rolled back.
var ErrDiskFull = &problem.Error{Kind: problem.Unavailable, Code: "DISK_FULL",
	Message: "The disk of the server is full, so nothing was changed. What was saved before is kept. " +
		"Free some space on the disk, then try again."}

// ExplainFull returns ErrDiskFull, with the cause, in place of an error that a full disk caused.
func ExplainFull(err error) error {
	if !isFull(err) || problem.As(err) != nil {
		return err
	}
	full := *ErrDiskFull
	full.Err = err
	return &full
}

// isFull reports whether an error of SQLite or of the system says that the disk is full. SQLite reports some failures of writing
// as I/O errors; a full disk is their usual cause.
func isFull(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSYNC:
			return true
		}
	}
	return errors.Is(err, syscall.ENOSPC)
}

// probeBytes is how much CheckDisk writes: about as much as a few changes of a lab.
const probeBytes = 64 << 10

// CheckDisk reports why nothing can be written to a directory; nil when it can. It writes a file and removes it.
func CheckDisk(dir string) error {
	file, err := os.CreateTemp(dir, ".space-*")
	if err == nil {
		_, err = file.Write(make([]byte, probeBytes))
		if err == nil {
			err = file.Sync()
		}
		err = errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("the disk is full: nothing can be saved in %s; free some space", dir)
	}
	return fmt.Errorf("nothing can be saved in %s: %w", dir, err)
}
