package main

import (
	"os"
	"path/filepath"
	"runtime"
)

// dataFlags are the flags of commands that work on the data directory.
type dataFlags struct {
	Data string `type:"path" placeholder:"DIR" help:"Directory that keeps the labs. Default: understudy in the user's data directory."`
}

// directory returns the data directory: --data, else the user's data directory of the operating system (on Unix as in the
// XDG Base Directory Specification).
func (f dataFlags) directory() (string, error) {
	if f.Data != "" {
		return f.Data, nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "understudy"), nil
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		dir, err := os.UserConfigDir() // AppData, or Application Support
		return filepath.Join(dir, "understudy"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "understudy"), err
}
