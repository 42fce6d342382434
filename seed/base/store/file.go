package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// companions are the ends of the names of a file and of those that SQLite keeps next to it.
var companions = []string{"", "-wal", "-shm", "-journal"}

// errNoFile says that something at a path is no file that SQLite could use: a directory, a named pipe, a link that leads nowhere, or
// a file that this process may not read and write.
var errNoFile = errors.New("it is not a file that can be read and written")

// CreateFile creates a file of the data folder, or empties it. Nobody else on the machine can read it.
func CreateFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
}

// prepareFile checks what is at a path before SQLite opens it, which would wait at a named pipe. It creates a missing file, because
// SQLite would let other people on the machine read it, and closes one that an older version has left open to them.
func prepareFile(path string) error {
	for _, suffix := range companions {
		info, err := os.Lstat(path + suffix)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			info, err = os.Stat(path + suffix)
			if err != nil {
				return fmt.Errorf("%s: %w", path+suffix, errNoFile)
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) && suffix == "":
			file, err := CreateFile(path)
			if err != nil {
				return err
			}
			return file.Close()
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s: %w", path+suffix, errNoFile)
		case info.Mode().Perm()&0o077 != 0:
			_ = os.Chmod(path+suffix, 0o600) // else the file stays as readable as it is
		}
	}
	return nil
}

// explainOpen adds errNoFile to the error of a file that this process may not read and write. It must not be called while the file
// is open: closing a second descriptor would give up SQLite's locks.
func explainOpen(path string, err error) error {
	if _, ok := resultCode(err); !ok {
		return err
	}
	file, openErr := os.OpenFile(path, os.O_RDWR, 0)
	if openErr == nil {
		openErr = file.Close()
	}
	if errors.Is(openErr, fs.ErrPermission) {
		return errors.Join(err, errNoFile)
	}
	return err
}

// SetAside gives what is at the path of a damaged file another name in the folder dir, together with the files that SQLite keeps next
// to it: a write-ahead log must not be applied to another file. A file keeps its place, too, until it is replaced: a process that is
// killed in between finds it again.
func SetAside(path, dir string) (kept string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	name := strings.TrimSuffix(filepath.Base(path), ".db")
	kept = filepath.Join(dir, name+"-"+time.Now().UTC().Format("20060102T150405.000")+".db")
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	move := os.Link
	if !info.Mode().IsRegular() {
		move = os.Rename
	}
	if err := move(path, kept); err != nil {
		return "", err
	}
	for _, suffix := range companions[1:] {
		if err := os.Rename(path+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return kept, nil
}

// RemoveFile removes what is at the path of a file, with the files that SQLite keeps next to it.
func RemoveFile(path string) (err error) {
	for _, suffix := range companions {
		err = errors.Join(err, os.RemoveAll(path+suffix))
	}
	return err
}
