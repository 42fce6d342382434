package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// dataFlags say where labs are kept.
type dataFlags struct {
	Data string `type:"path" placeholder:"DIR" help:"Directory that keeps the labs. Default: understudy in the user's data directory."`
}

// directory gives the directory that keeps the labs.
func (f dataFlags) directory() (string, error) {
	if f.Data != "" {
		return f.Data, nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "understudy"), nil
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		dir, err := os.UserConfigDir() // AppData and Application Support, which hold data there
		return filepath.Join(dir, "understudy"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "understudy"), err
}

// explainData turns what the file system says of the data directory into one clear sentence.
func explainData(dir string, err error) error {
	path, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the data directory %s cannot be written; give another with --data, or use --ephemeral", dir)
	case errors.Is(err, fs.ErrExist) || isNotDirectory(err):
		return fmt.Errorf("the data directory %s is not a directory; give another with --data", dir)
	}
	return fmt.Errorf("the data directory %s cannot be used (%w); give another with --data", dir, path.Err)
}
