package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"
)

// Compiling SQL takes about as long as running it, so a lab keeps compiled what it runs again and again. Hundreds of labs are
// open at once, and compiled statements could be most of their memory: so all labs together have a [Budget] of them, and a
// lab in which nothing was done for a moment gives its own back.
const (
	compileAfter = 4               // uses, each within busySpan of the one before
	busySpan     = time.Second     // of wall time
	calmAfter    = 3 * time.Second // without such work, all are dropped
	compiledKept = 40              // the one that was not used for longest gives way
	textsCounted = 600             // bounds texts that differ every time
)

// Budget bounds what the files that share it keep compiled. Its zero value allows nothing.
type Budget struct{ left atomic.Int64 }

// NewBudget allows so many compiled statements at a time.
func NewBudget(statements int) *Budget {
	b := &Budget{}
	b.left.Store(int64(statements))
	return b
}

// take takes one from the budget, if there is one left. No budget is no bound.
func (b *Budget) take() bool {
	if b == nil {
		return true
	}
	if b.left.Add(-1) < 0 {
		b.left.Add(1)
		return false
	}
	return true
}

func (b *Budget) give() {
	if b != nil {
		b.left.Add(1)
	}
}

// statement is a text of SQL with how often it was used lately, and its compiled form once that pays.
type statement struct {
	uses     int // without a pause of busySpan
	last     time.Time
	compiled *sql.Stmt
}

// statements are kept by text. They belong to the lab's one connection, so whoever has the turn may use them.
type statements struct {
	budget   *Budget
	byText   map[string]*statement
	compiled int
	busy     time.Time // when a compiled one was last used
}

// use gives the compiled form of a text; nil while it does not pay, or cannot be kept. ctx must not end: a caller that
// goes away must not leave a half-made statement to the next.
func (s *statements) use(ctx context.Context, conn *sql.Conn, text string) (*sql.Stmt, error) {
	if strings.IndexByte(text, ';') >= 0 { // several statements
		return nil, nil
	}
	if s.byText == nil || len(s.byText) >= textsCounted {
		if err := s.forget(); err != nil {
			return nil, err
		}
		s.byText = map[string]*statement{}
	}
	known := s.byText[text]
	if known == nil {
		known = &statement{}
		s.byText[text] = known
	}
	now := time.Now()
	if now.Sub(known.last) > busySpan {
		known.uses = 0
	}
	known.uses++
	known.last = now
	if known.compiled == nil && known.uses >= compileAfter {
		if err := s.compile(ctx, conn, text, known); err != nil {
			return nil, err
		}
	}
	if known.compiled != nil {
		s.busy = now
	}
	return known.compiled, nil
}

// compile compiles a statement, unless all labs together have enough of them.
func (s *statements) compile(ctx context.Context, conn *sql.Conn, text string, known *statement) error {
	if s.compiled >= compiledKept {
		if err := s.dropOldest(); err != nil {
			return err
		}
	}
	if !s.budget.take() {
		return nil
	}
	compiled, err := conn.PrepareContext(ctx, text)
	if err != nil {
		s.budget.give()
		return err
	}
	known.compiled = compiled
	s.compiled++
	return nil
}

// drop drops the compiled form of a statement that has one.
func (s *statements) drop(known *statement) error {
	err := known.compiled.Close()
	known.compiled, known.uses = nil, 0
	s.compiled--
	s.budget.give()
	return err
}

func (s *statements) dropOldest() error {
	var oldest *statement
	for _, known := range s.byText {
		if known.compiled != nil && (oldest == nil || known.last.Before(oldest.last)) {
			oldest = known
		}
	}
	if oldest == nil {
		return nil
	}
	return s.drop(oldest)
}

// forget drops everything.
func (s *statements) forget() (err error) {
	for _, known := range s.byText {
		if known.compiled != nil {
			err = errors.Join(err, s.drop(known))
		}
	}
	s.byText = nil
	return err
}

// watchCalm has what is compiled dropped once the work that it was for is over. Whoever has the turn calls it.
func (db *DB) watchCalm() {
	if db.statements.compiled == 0 || db.watched {
		return
	}
	db.watched = true
	time.AfterFunc(calmAfter, func() {
		give, err := db.take(context.Background())
		if err != nil {
			return // the file is closed, and all that was compiled for it with it
		}
		defer give()
		db.watched = false
		if time.Since(db.statements.busy) >= calmAfter {
			_ = db.statements.forget() // what cannot be closed now says so when the file is closed
		}
		db.watchCalm()
	})
}

// Trim gives back what a lab keeps only to be fast, unless the lab is at work at this moment.
func (db *DB) Trim() error {
	select {
	case db.turn <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-db.turn }()
	return db.statements.forget()
}
