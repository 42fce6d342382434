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
	"sync"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

// Checkpoint is a copy of a lab's file.
type Checkpoint struct {
	ID    int // grows with time; never used twice
	Label string
	Guide string    // name of the guide to which Step belongs, or whose beginning this is
	Step  string    // the guide's step that was completed last; empty for other checkpoints
	At    time.Time // wall clock
}

// checkpointsKept is the number of checkpoints of a lab; older ones are deleted.
const checkpointsKept = 150

func (r *Registry) checkpointDir(name string) string {
	return filepath.Join(r.dir, "checkpoints", name)
}

func (r *Registry) checkpointPath(name string, id int) string {
	return filepath.Join(r.checkpointDir(name), fmt.Sprintf("%08d.db.gz", id))
}

var (
	errNoCheckpoint      = problem.New(problem.NotFound, "This checkpoint no longer exists.")
	errCheckpointDamaged = problem.New(problem.Conflict, "This checkpoint is damaged. Choose another one under Go back.")
)

// SaveCheckpoint stores a copy of the lab as it is now. A step is one of the quickstart; empty for none.
func (r *Registry) SaveCheckpoint(ctx context.Context, name, label, step string) (Checkpoint, error) {
	return r.SaveGuideCheckpoint(ctx, name, label, Quickstart, step)
}

// SaveGuideCheckpoint stores a copy of the lab as it is after a step of a guide; an empty step is the beginning of the guide.
func (r *Registry) SaveGuideCheckpoint(ctx context.Context, name, label, guide, step string) (Checkpoint, error) {
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
	defer r.checkpoints.forget(name)
	list, err := r.Checkpoints(name)
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{ID: 1, Label: label, Guide: guide, Step: step, At: time.Now()}
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

// place is guide and step as a checkpoint's file stores them. Those of the quickstart are its steps alone, as in older files.
func (c Checkpoint) place() string {
	if c.Guide == Quickstart {
		return c.Step
	}
	return c.Guide + "/" + c.Step
}

func (c *Checkpoint) setPlace(place string) {
	var named bool
	if c.Guide, c.Step, named = strings.Cut(place, "/"); !named {
		c.Guide, c.Step = Quickstart, place
	}
}

// writeCheckpoint writes a temporary file and renames it, so that a crash leaves no incomplete checkpoint. Label and step are
// stored in the gzip header (RFC 1952: comment and name).
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
	defer func() { _ = file.Close() }() // a second close after the one below has no effect
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err != nil {
		return err
	}
	zip.Name, zip.Comment, zip.ModTime = strconv.QuoteToASCII(c.place()), strconv.QuoteToASCII(c.Label), c.At
	if _, err := zip.Write(data); err != nil {
		return err
	}
	if err := errors.Join(zip.Close(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// checkpointLists are the lists of checkpoints that were read since the last change. Each page with the guide asks for the list,
// and reading it opens all files.
type checkpointLists struct {
	mu     sync.Mutex
	byName map[string][]Checkpoint
}

// forget is called after a checkpoint was written or deleted.
func (c *checkpointLists) forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byName, name)
}

// Checkpoints returns a lab's checkpoints, newest first.
func (r *Registry) Checkpoints(name string) ([]Checkpoint, error) {
	r.checkpoints.mu.Lock()
	defer r.checkpoints.mu.Unlock()
	if list, known := r.checkpoints.byName[name]; known {
		return slices.Clone(list), nil
	}
	list, err := r.readCheckpoints(name)
	if err == nil {
		r.checkpoints.byName[name] = slices.Clone(list)
	}
	return list, err
}

func (r *Registry) readCheckpoints(name string) ([]Checkpoint, error) {
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
		if err != nil { // it was deleted in the meantime, or is damaged: the others are still good
			if !errors.Is(err, fs.ErrNotExist) {
				r.config.Log.Warn("a checkpoint cannot be read", "lab", name, "checkpoint", id, "error", err)
			}
			continue
		}
		c.ID = id
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Checkpoint) int { return b.ID - a.ID })
	return list, nil
}

// readCheckpoint reads label and step, and copies the lab's file to a writer when whole is true.
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
	place, err := strconv.Unquote(zip.Name)
	if err != nil {
		return c, err
	}
	c.setPlace(place)
	if c.Label, err = strconv.Unquote(zip.Comment); err != nil {
		return c, err
	}
	c.At = zip.ModTime
	if whole {
		_, err = io.Copy(to, zip)
	}
	return c, err
}

// RestoreCheckpoint replaces the lab by a checkpoint in one step: each request sees the lab before or after. People whom the
// checkpoint contains stay signed in. Provisioning jobs that the checkpoint has queued run afterwards.
func (r *Registry) RestoreCheckpoint(ctx context.Context, name string, id int) error {
	ctx, done, err := r.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if err := r.Repair(ctx, name); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(filepath.Join(r.dir, "templates"), "restore-*")
	if err != nil {
		return fmt.Errorf("restore checkpoint: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	path := filepath.Join(scratch, "lab.db")
	if err := r.unpackCheckpoint(ctx, name, id, path); err != nil {
		return err
	}
	return r.restore(ctx, name, path)
}

// unpackCheckpoint writes a checkpoint to a file and checks it: errNoCheckpoint, or errCheckpointDamaged.
func (r *Registry) unpackCheckpoint(ctx context.Context, name string, id int, path string) error {
	file, err := store.CreateFile(path)
	if err != nil {
		return fmt.Errorf("restore checkpoint: %w", err)
	}
	_, err = readCheckpoint(r.checkpointPath(name, id), file, true)
	closeErr := file.Close()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errNoCheckpoint
	case closeErr != nil:
		return fmt.Errorf("restore checkpoint: %w", closeErr)
	case err == nil:
		err = checkFile(ctx, path)
	}
	if err != nil {
		r.config.Log.Error("a checkpoint is damaged", "lab", name, "checkpoint", id, "error", err)
		return errCheckpointDamaged
	}
	return nil
}

// migrate applies the missing migrations of all packages.
func migrate(ctx context.Context, db *store.DB) error {
	return errors.Join(db.Migrate(ctx, "lab", migrations()), idp.Migrate(ctx, db), sp.Migrate(ctx, db))
}

// restore replaces a lab's file and keeps its sessions.
func (r *Registry) restore(ctx context.Context, name, path string) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	defer r.noteRestore(name)
	return l.restoreKeepingSessions(context.WithoutCancel(ctx), path)
}

// DropCheckpoints deletes the checkpoints with an ID above newerThan.
func (r *Registry) DropCheckpoints(name string, newerThan int) error {
	r.checkpointing.Lock()
	defer r.checkpointing.Unlock()
	defer r.checkpoints.forget(name)
	list, err := r.Checkpoints(name)
	for _, c := range list {
		if c.ID <= newerThan {
			continue
		}
		if removeErr := os.Remove(r.checkpointPath(name, c.ID)); !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}
	return err
}
