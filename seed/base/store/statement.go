package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"
)

// Compiling SQL takes about as long as running it, so a lab keeps frequent statements compiled. Hundreds of labs are
// open at once, and compiled statements could take most of their memory. Therefore all labs share a [Budget], and an
// idle lab closes its statements.
const (
	compileAfter = 4               // uses, each within busySpan of the one before
	busySpan     = time.Second     // wall time
	idleAfter    = 3 * time.Second // without use of a compiled statement; then all are closed
	maxCompiled  = 40              // per lab; the least recently used one is closed
	maxTexts     = 600             // SQL texts that are counted per lab, in case a program makes a new text every time
)

// Budget limits the compiled statements of all files that share it. Its zero value allows none.
type Budget struct{ left atomic.Int64 }

// NewBudget returns a budget for the given number of compiled statements.
func NewBudget(statements int) *Budget {
	b := &Budget{}
	b.left.Store(int64(statements))
	return b
}

// take reserves one statement and reports whether one was left. A nil budget is no limit.
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

// statement counts the uses of an SQL text and has its compiled form, if the text is used often.
type statement struct {
	uses     int // since the last pause longer than busySpan
	last     time.Time
	compiled *sql.Stmt // may be nil
}

// statements are the SQL texts of a file. They belong to its connection, so the holder of the lock may use them.
type statements struct {
	budget   *Budget
	byText   map[string]*statement
	compiled int
	busy     time.Time // last use of a compiled statement
}

// use counts a use of an SQL text and returns its compiled form, or nil if the text is used rarely or the budget is
// exhausted. ctx must not be cancelled, because the next caller would get a statement that was not compiled completely.
func (s *statements) use(ctx context.Context, conn *sql.Conn, text string) (*sql.Stmt, error) {
	if strings.IndexByte(text, ';') >= 0 { // several statements
		return nil, nil
	}
	if s.byText == nil || len(s.byText) >= maxTexts {
		if err := s.closeAll(); err != nil {
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

// compile compiles a statement if the budget allows.
func (s *statements) compile(ctx context.Context, conn *sql.Conn, text string, known *statement) error {
	if s.compiled >= maxCompiled {
		if err := s.closeOldest(); err != nil {
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

// close closes the compiled form of a statement, which must have one.
func (s *statements) close(known *statement) error {
	err := known.compiled.Close()
	known.compiled, known.uses = nil, 0
	s.compiled--
	s.budget.give()
	return err
}

func (s *statements) closeOldest() error {
	var oldest *statement
	for _, known := range s.byText {
		if known.compiled != nil && (oldest == nil || known.last.Before(oldest.last)) {
			oldest = known
		}
	}
	if oldest == nil {
		return nil
	}
	return s.close(oldest)
}

// closeAll closes all statements and forgets the counts.
func (s *statements) closeAll() (err error) {
	for _, known := range s.byText {
		if known.compiled != nil {
			err = errors.Join(err, s.close(known))
		}
	}
	s.byText = nil
	return err
}

// releaseWhenIdle starts a timer that closes the compiled statements, and frees the memory in which SQLite keeps pages of the
// file, once the lab is idle. The caller holds the lock.
func (db *DB) releaseWhenIdle() {
	db.used = time.Now()
	if !db.releasing {
		db.releasing = true
		time.AfterFunc(idleAfter, db.releaseIfIdle)
	}
}

// releaseIfIdle is the timer's function.
func (db *DB) releaseIfIdle() {
	release, err := db.acquire(context.Background())
	if err != nil {
		return // the file is closed, and its statements with it
	}
	defer release()
	if time.Since(db.statements.busy) >= idleAfter {
		_ = db.statements.closeAll() // closing the file reports the error again
	}
	if busy := time.Since(db.used); busy < idleAfter {
		time.AfterFunc(idleAfter-busy, db.releaseIfIdle)
		return
	}
	db.releasing = false
	db.forgetKept()
	db.tables.forgetQueries()
	_, _ = db.conn.ExecContext(context.Background(), "PRAGMA shrink_memory") // if it fails, the memory stays in use
}

// ReleaseStatements closes the compiled statements to free their memory. It does nothing while the file is in use.
func (db *DB) ReleaseStatements() error {
	select {
	case db.lock <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-db.lock }()
	return db.statements.closeAll()
}
