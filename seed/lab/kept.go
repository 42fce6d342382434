package lab

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"understudy/seed/base/problem"
)

var errKeptGone = problem.New(problem.Conflict, "The copy of this lab no longer exists, so the action cannot be undone.")

// Keep writes a copy of a lab as it is now to a file, for PutBack. The copy survives the deletion of the lab.
func (r *Registry) Keep(ctx context.Context, name, path string) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	data, err := l.DB.Serialize(ctx)
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err == nil {
		_, err = zip.Write(data)
		err = errors.Join(err, zip.Close())
	}
	return errors.Join(err, file.Close())
}

// PutBack replaces a lab by a copy that Keep wrote, or creates the lab again when it was deleted. The state before is kept as a
// checkpoint with a label. People whom the copy contains stay signed in.
func (r *Registry) PutBack(ctx context.Context, name, path, label string) error {
	ctx, done, err := r.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	scratch, err := os.MkdirTemp(filepath.Join(r.dir, "templates"), "restore-*")
	if err != nil {
		return fmt.Errorf("put %s back: %w", name, err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	whole := filepath.Join(scratch, "lab.db")
	if err := unpackKept(path, whole); err != nil {
		return err
	}
	if !r.Exists(name) {
		return r.settle(name, whole)
	}
	if err := r.Repair(ctx, name); err != nil {
		return err
	}
	if _, err := r.SaveCheckpoint(ctx, name, label, ""); err != nil {
		return err
	}
	return r.restore(ctx, name, whole)
}

func unpackKept(from, to string) (err error) {
	file, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return errKeptGone
	}
	if err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	defer func() { _ = file.Close() }() // read only
	zip, err := gzip.NewReader(file)
	if err != nil {
		return errKeptGone
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, zip)
	return err
}
