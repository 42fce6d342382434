package lab

import (
	"context"
	"time"

	"understudy/seed/base/problem"
)

// exclusiveWait is how long a change of a whole lab waits for another one. Undoing a step takes less, bringing a lab to a step
// takes more.
const exclusiveWait = 2 * time.Second

var errOtherChange = problem.New(problem.Conflict,
	"This lab is being reset, undone or brought to another step at this moment. Wait until that is done, then try again.")

// exclusiveKey is the context key of a lab whose whole state the holder of the context may change.
type exclusiveKey struct {
	registry *Registry
	lab      string
}

// Exclusive admits one change of a lab's whole state at a time: a reset, an undo, a return to a checkpoint, a rebuild, or a fault.
// Each of them saves, lists, restores and drops checkpoints, and two of them would see one another's halves. A call with the
// returned context is part of the same change. Conflict when another change takes longer than exclusiveWait.
func (r *Registry) Exclusive(ctx context.Context, name string) (held context.Context, release func(), err error) {
	key := exclusiveKey{r, name}
	if ctx.Value(key) != nil {
		return ctx, func() {}, nil
	}
	lock := r.exclusiveLock(name)
	wait := time.NewTimer(exclusiveWait)
	defer wait.Stop()
	select {
	case lock <- struct{}{}:
		return context.WithValue(ctx, key, true), func() { <-lock }, nil
	case <-wait.C:
		return nil, nil, errOtherChange
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// Joined returns the context of a request that belongs to a change which the program itself is making, such as a rebuild that plays
// the steps of a guide: calls with it do not wait for that change.
func (r *Registry) Joined(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, exclusiveKey{r, name}, true)
}

// exclusiveLock returns the lock of a lab, a channel of capacity 1 that is full while a change holds the lab.
func (r *Registry) exclusiveLock(name string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	lock := r.exclusive[name]
	if lock == nil {
		lock = make(chan struct{}, 1)
		r.exclusive[name] = lock
	}
	return lock
}
