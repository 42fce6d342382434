package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Announcement is what a running server tells commands on its machine that use the same data directory.
type Announcement struct {
	URL   string `json:"url"`
	Token string `json:"token"` // for the control API
}

func announcementPath(dir string) string { return filepath.Join(dir, "server.json") }

// Announce stores how this server is reached, in a file that only the user of the server can read. [Registry.Close] removes it.
func (r *Registry) Announce(a Announcement) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	path := announcementPath(r.dir)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // an older file keeps its mode
		return fmt.Errorf("data directory: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	return nil
}

// withdraw removes the announcement.
func (r *Registry) withdraw() error {
	if err := os.Remove(announcementPath(r.dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("data directory: %w", err)
	}
	return nil
}

// Announced returns how the server that uses a data directory is reached. The error is fs.ErrNotExist when no server has
// announced itself.
func Announced(dir string) (a Announcement, err error) {
	text, err := os.ReadFile(announcementPath(dir))
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%s is damaged: %w", announcementPath(dir), err)
	}
	return a, nil
}
