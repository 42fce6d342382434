package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// flushDelay is how long a deferred write waits for a transaction to join. A process that is killed loses the deferred
// writes of this time at most, and nothing else: what a request reports as done was committed before.
const flushDelay = 20 * time.Millisecond

// DeferredWrite records what happened, such as a page request, and not the data that a request is about. No request waits
// for it.
type DeferredWrite struct {
	// Write executes the statements. It must not take identifiers from tx. It reports whether a check of the guide may
	// read what it wrote. If none does, as for the duration of a page, [DB.Version] stays, so that the checks do not run again.
	Write func(tx *Tx) (affectsChecks bool, err error)
	// Failed receives the error of a write that failed.
	Failed func(error)
}

// deferredWrites is the queue of a file, in the order of the calls.
type deferredWrites struct {
	mu        sync.Mutex
	list      []pinnedWrite
	since     time.Time // when the first of the list was added
	scheduled bool      // a timer is running that flushes the list
}

// pinnedWrite is a deferred write with the generation of the lab that it is about.
type pinnedWrite struct {
	DeferredWrite
	generation uint64
}

// takeAll empties the queue.
func (q *deferredWrites) takeAll() []pinnedWrite {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	return list
}

// due reports whether the oldest write has waited for flushDelay. If it has not, due starts a timer that calls again.
func (q *deferredWrites) due(again func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.scheduled = len(q.list) > 0 && time.Since(q.since) < flushDelay
	if q.scheduled {
		time.AfterFunc(flushDelay-time.Since(q.since), again)
	}
	return !q.scheduled
}

func (q *deferredWrites) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.list) == 0
}

// WriteLater queues a write. It joins the next transaction that writes, or gets its own after flushDelay. A request makes
// several such writes, and a transaction for each would cost more than everything else that the request stores. Call
// [DB.Flush] before reading what was queued. The write is dropped if the lab was reset since ctx was pinned.
func (db *DB) WriteLater(ctx context.Context, w DeferredWrite) {
	generation, pinned := ctx.Value(generationKey{db}).(uint64)
	if !pinned {
		generation = db.generation.Load()
	}
	db.deferred.mu.Lock()
	defer db.deferred.mu.Unlock()
	if len(db.deferred.list) == 0 {
		db.deferred.since = time.Now()
	}
	db.deferred.list = append(db.deferred.list, pinnedWrite{w, generation})
	if !db.deferred.scheduled {
		db.deferred.scheduled = true
		time.AfterFunc(flushDelay, db.flushWhenDue)
	}
}

// flushWhenDue is the timer's function. The queue may be younger than the timer, because a transaction took what was queued
// before.
func (db *DB) flushWhenDue() {
	if !db.deferred.due(db.flushWhenDue) {
		return
	}
	if err := db.Flush(context.Background()); err != nil && !errors.Is(err, ErrClosed) { // Close writes the queue itself
		for _, w := range db.deferred.takeAll() {
			w.Failed(err)
		}
	}
}

// Flush executes the queued writes. Afterwards they can be read and are counted in [DB.Version].
func (db *DB) Flush(ctx context.Context) error {
	if db.deferred.empty() {
		return nil // a transaction that is writing them at this moment holds the connection, so a read waits for it
	}
	release, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return db.flush(ctx)
}

// flush does what Flush does. The caller holds the connection.
func (db *DB) flush(ctx context.Context) error {
	if db.deferred.empty() {
		return nil
	}
	tx := db.newTx(ctx, false)
	affectsChecks, err := db.inTransaction(tx, func(*Tx) error { return nil })
	if err != nil {
		return err
	}
	db.announce(affectsChecks)
	return nil
}

// writeDeferred executes the queued writes in a transaction that is about to commit. It reports whether one of them
// affects a check. If a queued write fails, the transaction still commits.
func (db *DB) writeDeferred(tx *Tx) (affectsChecks bool) {
	present := db.generation.Load()
	ctx := tx.ctx
	tx.ctx = tx.uncancelled // the context of the caller may be cancelled, but these writes belong to other requests
	defer func() { tx.ctx = ctx }()
	for _, w := range db.deferred.takeAll() {
		if w.generation != present {
			continue // the lab was reset
		}
		affects, err := w.Write(tx)
		if err != nil {
			w.Failed(err)
		}
		affectsChecks = affectsChecks || affects
	}
	return affectsChecks
}
