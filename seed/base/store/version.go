package store

import (
	"context"
	"sync"
)

// counter counts the changes of a file and wakes goroutines that wait for the next one.
type counter struct {
	mu      sync.Mutex
	count   uint64
	waiting chan struct{} // closed at the next change; nil while nobody waits
}

func (c *counter) increment() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}

func (c *counter) value() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// wait waits until the count differs from old, and returns it. If ctx ends first, it returns old and the error of ctx.
func (c *counter) wait(ctx context.Context, old uint64) (uint64, error) {
	for {
		c.mu.Lock()
		if now := c.count; now != old {
			c.mu.Unlock()
			return now, nil
		}
		if c.waiting == nil {
			c.waiting = make(chan struct{})
		}
		waiting := c.waiting
		c.mu.Unlock()
		select {
		case <-waiting:
		case <-ctx.Done():
			return old, ctx.Err()
		}
	}
}

// Version counts the transactions that wrote, and the restores, since the file was opened. Deferred writes count when they
// are executed, and only if they affect a check.
func (db *DB) Version() uint64 { return db.version.value() }

// WaitChange waits until [DB.Version] differs from version, and returns the new one.
func (db *DB) WaitChange(ctx context.Context, version uint64) (uint64, error) {
	return db.version.wait(ctx, version)
}

// Activity counts what Version counts, and deferred writes that affect no check.
func (db *DB) Activity() uint64 { return db.activity.value() }

// WaitActivity waits until [DB.Activity] differs from activity, and returns the new one.
func (db *DB) WaitActivity(ctx context.Context, activity uint64) (uint64, error) {
	return db.activity.wait(ctx, activity)
}
