package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// codeDamaged is the code of the problem that a damaged lab has.
const codeDamaged = "LAB_DAMAGED"

// errDamaged is the error of [Registry.Acquire] for a lab whose file is damaged.
var errDamaged = &problem.Error{Kind: problem.Unavailable, Code: codeDamaged,
	Message: "The file of this lab is damaged. Go back to a checkpoint, or reset the lab. The damaged file is kept."}

// IsDamaged reports whether an error says that the file of a lab is damaged. [Registry.Repair] replaces it.
func IsDamaged(err error) bool {
	p := problem.As(err)
	return p != nil && p.Code == codeDamaged
}

// isContent reports whether a lab could not be opened because of the content of its file.
func isContent(err error) bool {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	return store.IsContent(err) || errors.As(err, &syntax) || errors.As(err, &mismatch) ||
		problem.Is(err, problem.NotFound) // an unknown scenario
}

// openWhole opens a lab and checks what every page needs: errDamaged if the file is damaged, or is not a lab's.
func openWhole(ctx context.Context, name, path string, c Config) (*Lab, error) {
	l, err := open(ctx, name, path, c)
	if err == nil {
		if err = l.checkCard(ctx); err == nil {
			return l, nil
		}
		err = errors.Join(err, l.close())
	}
	if !isContent(err) {
		return nil, err
	}
	c.Log.Error("the file of a lab is damaged", "lab", name, "file", path, "error", err)
	return nil, errDamaged
}

// checkCard reads the card and the scenario of a lab.
func (l *Lab) checkCard(ctx context.Context) error {
	if _, err := l.Identities(ctx); err != nil {
		return err
	}
	_, err := l.origin(ctx)
	return err
}

// Repair replaces the file of a damaged lab by the newest checkpoint that is whole, or else by the lab's scenario. The damaged file
// is kept in the folder "damaged" of the data directory. Repair does nothing for a lab that is not damaged. Sessions end.
func (r *Registry) Repair(ctx context.Context, name string) error {
	ctx, done, err := r.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	_, release, err := r.Acquire(ctx, name)
	if err == nil {
		release()
		return nil
	}
	if !IsDamaged(err) {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return r.whileClosed(ctx, name, func() error { return r.replaceDamaged(ctx, name) })
}

// replaceDamaged puts a whole file in the place of a damaged one. The lab is closed.
func (r *Registry) replaceDamaged(ctx context.Context, name string) error {
	scratch, err := os.MkdirTemp(filepath.Join(r.dir, "templates"), "restore-*")
	if err != nil {
		return fmt.Errorf("repair %s: %w", name, err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	whole := filepath.Join(scratch, "lab.db")
	if err := r.newestWhole(ctx, name, whole); err != nil {
		return fmt.Errorf("repair %s: %w", name, err)
	}
	kept, err := store.SetAside(r.path(name), filepath.Join(r.dir, "damaged"))
	if err != nil {
		return fmt.Errorf("repair %s: %w", name, err)
	}
	r.config.Log.Warn("a damaged lab was replaced", "lab", name, "kept", kept)
	return os.Rename(whole, r.path(name))
}

// newestWhole writes the newest checkpoint that is whole to path. Without one it writes a fresh lab.
func (r *Registry) newestWhole(ctx context.Context, name, path string) error {
	checkpoints, err := r.Checkpoints(name)
	if err != nil {
		return err
	}
	for _, c := range checkpoints {
		if err := r.unpackCheckpoint(ctx, name, c.ID, path); err == nil {
			return nil
		}
		if err := store.RemoveFile(path); err != nil {
			return err
		}
	}
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		return err
	}
	template, err := r.templates.path(ctx, origin{scenario: starter, guides: []string{Quickstart}})
	if err != nil {
		return err
	}
	file, err := store.CreateFile(path)
	if err != nil {
		return err
	}
	return copyInto(file, template)
}

// checkFile checks that the file of a lab that is not open is whole, and applies missing migrations.
func checkFile(ctx context.Context, path string) error {
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	if err = db.CheckPages(ctx); err == nil {
		if err = migrate(ctx, db); err == nil {
			err = (&Lab{DB: db}).checkCard(ctx)
		}
	}
	return errors.Join(err, db.Close())
}
