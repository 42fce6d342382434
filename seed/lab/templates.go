package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"understudy/seed/base/store"
)

// templates holds a populated lab file for each scenario. A new lab is a copy of it; a reset restores it.
type templates struct {
	dir    string
	config Config
	mu     sync.Mutex
	whole  map[string]bool // templates that were checked since the start, by path
}

// templateLife is how long a template is used. The dates in it are relative to its creation: "three days ago".
const templateLife = 24 * time.Hour

// path returns the template of an origin, which is created on first use. Its name contains a digest of the origin and of this
// program, so that a newer program does not use templates of an older one.
func (t *templates) path(ctx context.Context, o origin) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := o.scenario
	digest, err := templateDigest(o)
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	path := filepath.Join(t.dir, s.Name+"-"+digest+".db")
	info, err := os.Stat(path)
	if err == nil && (t.whole[path] || checkFile(ctx, path) == nil) {
		if t.whole[path] = true; time.Since(info.ModTime()) < templateLife {
			return path, nil
		}
	} else if err := store.RemoveFile(path); err != nil { // it is damaged
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
	if err := l.populate(ctx, o); err != nil {
		_ = l.close()
		return "", err
	}
	if err := l.close(); err != nil { // writes the WAL back, so that one file holds everything
		return "", fmt.Errorf("template: %w", err)
	}
	t.whole[path] = true
	return path, os.Rename(made, path)
}

func templateDigest(o origin) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(program)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%q\x00%d\x00%d", o.scenario.Text, o.guides, info.Size(), info.ModTime().UnixNano()))
	return hex.EncodeToString(sum[:8]), nil
}
