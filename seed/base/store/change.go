package store

import (
	"context"
	"sync"
)

// changes counts what is written to a lab's file, and lets somebody wait for more.
type changes struct {
	mu      sync.Mutex
	count   uint64
	waiting chan struct{} // closed at the next change; nil while nobody waits
}

func (c *changes) note() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}

// version is the count.
func (c *changes) version() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// wait waits until the count is no longer version.
func (c *changes) wait(ctx context.Context, version uint64) (uint64, error) {
	for {
		c.mu.Lock()
		if now := c.count; now != version {
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
			return version, ctx.Err()
		}
	}
}

// Version grows with every transaction that wrote, and with every restore, since the file was opened; with notes once they
// are written, and only if they are news.
func (db *DB) Version() uint64 { return db.changes.version() }

// WaitChange waits until the lab is no longer at a version, and gives the present one.
func (db *DB) WaitChange(ctx context.Context, version uint64) (uint64, error) {
	return db.changes.wait(ctx, version)
}

// Activity is Version with notes that are no news.
func (db *DB) Activity() uint64 { return db.everything.version() }

// WaitActivity waits until Activity is no longer version, and gives the present one.
func (db *DB) WaitActivity(ctx context.Context, version uint64) (uint64, error) {
	return db.everything.wait(ctx, version)
}
