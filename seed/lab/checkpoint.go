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
	"slices"
	"strconv"
	"strings"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

// Checkpoint is a lab's file as it was at some moment.
type Checkpoint struct {
	ID    int // grows with time; never used twice
	Label string
	Step  string    // the walk's step that was done last; empty when it is not about one
	At    time.Time // wall clock
}

// checkpointsKept is how many checkpoints a lab has; the oldest give way.
const checkpointsKept = 150

func (r *Registry) checkpointDir(name string) string {
	return filepath.Join(r.dir, "checkpoints", name)
}

func (r *Registry) checkpointPath(name string, id int) string {
	return filepath.Join(r.checkpointDir(name), fmt.Sprintf("%08d.db.gz", id))
}

var errNoCheckpoint = problem.New(problem.NotFound, "There is no such checkpoint any more.")

// SaveCheckpoint keeps the lab as it is now.
func (r *Registry) SaveCheckpoint(ctx context.Context, name, label, step string) (Checkpoint, error) {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return Checkpoint{}, err
	}
	defer release()
	data, err := l.DB.Serialize(ctx)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	r.checkpointing.Lock()
	defer r.checkpointing.Unlock()
	list, err := r.Checkpoints(name)
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{ID: 1, Label: label, Step: step, At: time.Now()}
	if len(list) > 0 {
		c.ID = list[0].ID + 1
	}
	if err := os.MkdirAll(r.checkpointDir(name), 0o700); err != nil {
		return c, fmt.Errorf("checkpoint: %w", err)
	}
	if err := writeCheckpoint(r.checkpointPath(name, c.ID), c, data); err != nil {
		return c, fmt.Errorf("checkpoint: %w", err)
	}
	for _, old := range list[min(len(list), checkpointsKept-1):] {
		err = errors.Join(err, os.Remove(r.checkpointPath(name, old.ID)))
	}
	return c, err
}

// writeCheckpoint writes beside the target and renames, so that a crash leaves no half checkpoint. The label travels in
// the header of the compressed file.
func writeCheckpoint(path string, c Checkpoint, data []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	defer func() { _ = file.Close() }() // again after the close below, harmlessly
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err != nil {
		return err
	}
	zip.Name, zip.Comment, zip.ModTime = strconv.QuoteToASCII(c.Step), strconv.QuoteToASCII(c.Label), c.At
	if _, err := zip.Write(data); err != nil {
		return err
	}
	if err := errors.Join(zip.Close(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// Checkpoints lists a lab's checkpoints, newest first.
func (r *Registry) Checkpoints(name string) ([]Checkpoint, error) {
	entries, err := os.ReadDir(r.checkpointDir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoints: %w", err)
	}
	var list []Checkpoint
	for _, e := range entries {
		number, ok := strings.CutSuffix(e.Name(), ".db.gz")
		id, err := strconv.Atoi(number)
		if !ok || err != nil {
			continue
		}
		c, err := readCheckpoint(r.checkpointPath(name, id), io.Discard, false)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d: %w", id, err)
		}
		c.ID = id
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Checkpoint) int { return b.ID - a.ID })
	return list, nil
}

// readCheckpoint reads the label, and the lab's file too when whole is true.
func readCheckpoint(path string, to io.Writer, whole bool) (c Checkpoint, err error) {
	file, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer func() { _ = file.Close() }() // read only
	zip, err := gzip.NewReader(file)
	if err != nil {
		return c, err
	}
	if c.Step, err = strconv.Unquote(zip.Name); err != nil {
		return c, err
	}
	if c.Label, err = strconv.Unquote(zip.Comment); err != nil {
		return c, err
	}
	c.At = zip.ModTime
	if whole {
		_, err = io.Copy(to, zip)
	}
	return c, err
}

// RestoreCheckpoint takes the lab back to a checkpoint, in one step: requests see it before or after. Whoever is signed in
// stays so where the checkpoint knows them. Provisioning that waited then goes on.
func (r *Registry) RestoreCheckpoint(ctx context.Context, name string, id int) error {
	scratch, err := os.CreateTemp(filepath.Join(r.dir, "templates"), "restore-*.db")
	if err != nil {
		return fmt.Errorf("restore checkpoint: %w", err)
	}
	defer func() { _ = os.Remove(scratch.Name()) }()
	_, err = readCheckpoint(r.checkpointPath(name, id), scratch, true)
	if errors.Is(err, fs.ErrNotExist) {
		err = errNoCheckpoint
	}
	if err := errors.Join(err, scratch.Close()); err != nil {
		return fmt.Errorf("restore checkpoint: %w", err)
	}
	if err := upToDate(ctx, scratch.Name()); err != nil {
		return fmt.Errorf("restore checkpoint: %w", err)
	}
	return r.restore(ctx, name, scratch.Name())
}

// upToDate migrates a lab's file that nobody has open, such as a checkpoint that an older version kept.
func upToDate(ctx context.Context, path string) error {
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx, "lab", migrations()), idp.Migrate(ctx, db), sp.Migrate(ctx, db), db.Close())
}

// restore puts a lab's file in the place of the present one and carries the sessions over.
func (r *Registry) restore(ctx context.Context, name, path string) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	return l.restoreCarrying(context.WithoutCancel(ctx), path)
}

// DropCheckpoints forgets the checkpoints that are newer than one; all of them for 0.
func (r *Registry) DropCheckpoints(name string, newerThan int) error {
	r.checkpointing.Lock()
	defer r.checkpointing.Unlock()
	list, err := r.Checkpoints(name)
	for _, c := range list {
		if c.ID > newerThan {
			err = errors.Join(err, os.Remove(r.checkpointPath(name, c.ID)))
		}
	}
	return err
}
