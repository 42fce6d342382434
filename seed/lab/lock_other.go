//go:build !unix

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// takeLock holds a file open that only one process may create; Windows refuses to remove it while it is open.
func takeLock(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, ErrInUse
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	return file, nil
}
