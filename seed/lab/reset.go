package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"understudy/seed/base/store"
)

// SessionRule says what a reset does with the people who are signed in.
type SessionRule bool

const (
	EndSessions  SessionRule = false // everybody is signed out
	KeepSessions SessionRule = true  // people whom the scenario contains stay signed in
)

// ResetTo resets a lab to its scenario in one step: each request sees the lab before or after. The state before is kept as a
// checkpoint with a label; an empty label keeps none. Provisioning jobs under way are stopped first.
func (r *Registry) ResetTo(ctx context.Context, name, label string, sessions SessionRule) error {
	if err := r.Repair(ctx, name); err != nil {
		return err
	}
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := r.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	o, err := l.origin(ctx)
	if err != nil {
		return fmt.Errorf("reset %s: %w", name, err)
	}
	template, err := r.templates.path(ctx, o)
	if err != nil {
		return fmt.Errorf("reset %s: %w", name, err)
	}
	if label != "" {
		if _, err := r.SaveCheckpoint(ctx, name, label, ""); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx) // a reset that has begun is finished
	defer r.noteRestore(name)
	if sessions == KeepSessions {
		return l.restoreKeepingSessions(ctx, template, l.carryGuide, l.fillsAddresses(o, r.config.Origin))
	}
	return l.restoreEndingSessions(ctx, template, l.carryGuide, l.fillsAddresses(o, r.config.Origin))
}

// restoreEndingSessions replaces the lab's file by another one. All sessions end. Provisioning is stopped meanwhile: a job of the
// old file must not act on the new one. The jobs that the new file has queued run afterwards.
func (l *Lab) restoreEndingSessions(ctx context.Context, path string, more ...carrier) error {
	if err := l.restore(ctx, path, append(more, l.carriesUsedAssertions()...)); err != nil {
		return err
	}
	l.resetAt.Store(time.Now().UnixNano())
	return nil
}

// restoreKeepingSessions is restoreEndingSessions, except that people stay signed in whom the new file contains.
func (l *Lab) restoreKeepingSessions(ctx context.Context, path string, more ...carrier) error {
	carried := append([]carrier{l.Org.CarrySessions, l.Organization.CarrySessions}, l.carriesUsedAssertions()...)
	carried = append(carried, more...)
	if err := l.restore(ctx, path, carried); err != nil {
		return err
	}
	l.resetAt.Store(0) // the pages that restore a checkpoint say so themselves
	return nil
}

// carrier reads rows of a lab and returns a function that writes them after the lab's file was replaced.
type carrier func(context.Context) (restore func(context.Context) error, err error)

// carriesUsedAssertions returns what keeps an assertion from being accepted again after an undo. A lab for pictures issues the
// same identifiers again, so it does not keep them.
func (l *Lab) carriesUsedAssertions() []carrier {
	if l.DB.Repeatable() {
		return nil
	}
	return []carrier{l.Organization.CarryUsedAssertions}
}

func (l *Lab) restore(ctx context.Context, path string, carriers []carrier) error {
	l.restoring.Lock()
	defer l.restoring.Unlock()
	l.Runner.Stop() // before anything is read: it can take a moment, in which somebody may sign in
	defer l.start()
	carriers = append(carriers, l.carryPublic)
	var carried []func(context.Context) error
	for _, carry := range append([]carrier{l.carrySeed}, carriers...) {
		restore, err := carry(ctx)
		if err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		carried = append(carried, restore)
	}
	if err := l.DB.Restore(ctx, path); err != nil {
		return err
	}
	var errs []error
	for _, restore := range carried {
		errs = append(errs, restore(ctx))
	}
	return errors.Join(errs...)
}

// ResetAt returns the wall-clock time of the last reset that signed people out; zero (1970) when there was none, or when a
// checkpoint from before it was restored.
func (l *Lab) ResetAt() time.Time { return time.Unix(0, l.resetAt.Load()) }

// ErrReset is returned by reads and writes of a pinned context after the lab was reset.
var ErrReset = store.ErrReset

// Pinned ties a person's request to the state of the lab, after a reset that is under way has ended: while kept sessions are
// written back, a person who stays signed in would look signed out.
func (l *Lab) Pinned(ctx context.Context) context.Context {
	l.restoring.RLock()
	defer l.restoring.RUnlock()
	return l.DB.Pin(ctx)
}
