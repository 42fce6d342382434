package store

import (
	"context"
	"sync"
	"time"
)

// noteDelay is how long a note may wait for a transaction to be written in. A process that is killed (kill -9) loses the notes
// of so long at most, and nothing but notes: what a person was told is done was committed before it was told.
const noteDelay = 20 * time.Millisecond

// Note is something that is written down about what happened, beside the data that a request is about. Nobody waits for it.
type Note struct {
	// Write writes it, without taking identifiers of the lab. It tells whether there is something new for those who follow the
	// lab's Version: what no check ever reads, such as how long a page took, would have all of them judge the lab again for
	// nothing.
	Write func(tx *Tx) (news bool, err error)
	// Failed is told why it could not be written.
	Failed func(error)
}

// notes wait to be written, in their order.
type notes struct {
	mu    sync.Mutex
	list  []generatedNote
	since time.Time // when the first of the list was noted
	timed bool      // they will be written in a moment, even if there is no other transaction
}

// generatedNote is a note with the generation of the lab that it is about.
type generatedNote struct {
	Note
	generation uint64
}

func (n *notes) take() []generatedNote {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.list
	n.list = nil
	return list
}

// due tells whether the oldest note has waited for long enough; if there is a younger one, the timer is set for it.
func (n *notes) due(again func()) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.timed = len(n.list) > 0 && time.Since(n.since) < noteDelay
	if n.timed {
		time.AfterFunc(noteDelay-time.Since(n.since), again)
	}
	return !n.timed
}

func (n *notes) none() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.list) == 0
}

// Note has something written down with the next transaction that writes, or in a moment: a request makes several notes, and
// a transaction of its own for each would cost more than all else that is stored of it. [DB.Settle] before reading makes
// all notes visible. A note about a lab that was reset since ctx was pinned is forgotten.
func (db *DB) Note(ctx context.Context, n Note) {
	generation, pinned := ctx.Value(generationKey{db}).(uint64)
	if !pinned {
		generation = db.generation.Load()
	}
	db.notes.mu.Lock()
	defer db.notes.mu.Unlock()
	if len(db.notes.list) == 0 {
		db.notes.since = time.Now()
	}
	db.notes.list = append(db.notes.list, generatedNote{n, generation})
	if !db.notes.timed {
		db.notes.timed = true
		time.AfterFunc(noteDelay, db.noteLater)
	}
}

// noteLater writes what is waiting, unless it has only just begun to wait: what came before it went with a transaction.
func (db *DB) noteLater() {
	if !db.notes.due(db.noteLater) {
		return
	}
	if err := db.Settle(context.Background()); err != nil {
		for _, n := range db.notes.take() {
			n.Failed(err)
		}
	}
}

// Settle writes what was noted until now, so that it can be read, and is in the lab's Version.
func (db *DB) Settle(ctx context.Context) error {
	if db.notes.none() {
		return nil // a transaction that is writing them now has the connection, so that whoever reads comes after it
	}
	give, err := db.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	return db.settle(ctx)
}

// settle is Settle for who has the connection.
func (db *DB) settle(ctx context.Context) error {
	if db.notes.none() {
		return nil
	}
	tx := db.newTx(ctx, false)
	news, err := db.commits(tx, func(*Tx) error { return nil })
	if err != nil {
		return err
	}
	db.noteChange(news)
	return nil
}

// writeNotes writes the notes into a transaction that is about to commit, and tells whether they are news. What fails is
// nothing that the transaction is for.
func (db *DB) writeNotes(tx *Tx) (news bool) {
	present := db.generation.Load()
	asked := tx.ctx
	tx.ctx = tx.steady // whoever asked for the transaction may go away: the notes are not theirs
	defer func() { tx.ctx = asked }()
	for _, n := range db.notes.take() {
		if n.generation != present {
			continue // the lab that it is about is no more
		}
		is, err := n.Write(tx)
		if err != nil {
			n.Failed(err)
		}
		news = news || is
	}
	return news
}
