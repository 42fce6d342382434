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

// Version grows with every transaction that wrote, and with every restore, since the file was opened.
func (db *DB) Version() uint64 {
	db.changes.mu.Lock()
	defer db.changes.mu.Unlock()
	return db.changes.count
}

// WaitChange waits until the lab is no longer at a version, and gives the present one.
func (db *DB) WaitChange(ctx context.Context, version uint64) (uint64, error) {
	for {
		db.changes.mu.Lock()
		if now := db.changes.count; now != version {
			db.changes.mu.Unlock()
			return now, nil
		}
		if db.changes.waiting == nil {
			db.changes.waiting = make(chan struct{})
		}
		waiting := db.changes.waiting
		db.changes.mu.Unlock()
		select {
		case <-waiting:
		case <-ctx.Done():
			return version, ctx.Err()
		}
	}
}
