package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// templates holds a populated lab file for each scenario. A new lab is a copy of it; a reset restores it.
type templates struct {
	dir    string
	config Config
	mu     sync.Mutex
	whole  map[string]bool // templates that were checked since the start, by path
}

// path returns the template of a scenario, which is created on first use. Its name contains a digest of the scenario and of this
// program, so that a newer program does not use templates of an older one.
func (t *templates) path(ctx context.Context, s scenario.Scenario) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	digest, err := templateDigest(s)
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	path := filepath.Join(t.dir, s.Name+"-"+digest+".db")
	if _, err := os.Stat(path); err == nil && (t.whole[path] || checkFile(ctx, path) == nil) {
		t.whole[path] = true
		return path, nil
	}
	if err := removeLabFile(path); err != nil { // it is damaged
		return "", fmt.Errorf("template: %w", err)
	}
	scratch, err := os.MkdirTemp(t.dir, "making-*")
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	made := filepath.Join(scratch, "template.db")
	l, err := open(ctx, "template", made, t.config)
	if err != nil {
		return "", err
	}
	if err := l.populate(ctx, s); err != nil {
		_ = l.close()
		return "", err
	}
	if err := l.close(); err != nil { // writes the WAL back, so that one file holds everything
		return "", fmt.Errorf("template: %w", err)
	}
	t.whole[path] = true
	return path, os.Rename(made, path)
}

func templateDigest(s scenario.Scenario) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(program)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", s.Text, info.Size(), info.ModTime().UnixNano()))
	return hex.EncodeToString(sum[:8]), nil
}

// scenario returns the scenario that the lab was created from.
func (l *Lab) scenario(ctx context.Context) (scenario.Scenario, error) {
	var name string
	err := l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT scenario FROM lab_about WHERE id = 1`).Scan(&name)
	})
	if err != nil {
		return scenario.Scenario{}, err
	}
	return scenario.Load(name)
}
