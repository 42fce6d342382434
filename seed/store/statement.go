package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Compiling SQL takes about as long as running it, so a lab that is hard at work keeps compiled what it runs again and
// again. A lab in which a person clicks keeps nothing: hundreds of them are open at once, and compiled statements are
// most of what a lab's memory would be.
const (
	compileAfter = 25              // uses within busySpan
	busySpan     = time.Second     // of wall time
	calmAfter    = 3 * time.Second // without such work, all are dropped
	compiledKept = 40              // the one that was not used for longest gives way
	textsCounted = 600             // bounds texts that differ every time
)

// statement is a text of SQL with how often it was used lately, and its compiled form once that pays.
type statement struct {
	since    time.Time // uses are counted from then on
	uses     int
	last     uint64
	compiled *sql.Stmt
}

// statements are kept by text. They belong to the lab's one connection, so whoever has the turn may use them.
type statements struct {
	byText   map[string]*statement
	clock    uint64
	compiled int
	busy     time.Time // when there was last that much work
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
	s.clock++
	known.last = s.clock
	if err := s.count(known); err != nil {
		return nil, err
	}
	if known.compiled != nil || known.uses < compileAfter {
		return known.compiled, nil
	}
	if s.compiled >= compiledKept {
		if err := s.dropOldest(); err != nil {
			return nil, err
		}
	}
	compiled, err := conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	known.compiled = compiled
	s.compiled++
	return compiled, nil
}

// count notes a use, and drops what is compiled when the work that it was for is long over.
func (s *statements) count(known *statement) error {
	now := time.Now()
	if now.Sub(known.since) > busySpan {
		known.since, known.uses = now, 0
	}
	if known.uses++; known.uses >= compileAfter {
		s.busy = now
		return nil
	}
	if s.compiled == 0 || now.Sub(s.busy) < calmAfter {
		return nil
	}
	var errs []error
	for _, other := range s.byText {
		if other.compiled != nil {
			errs = append(errs, other.compiled.Close())
			other.compiled = nil
		}
	}
	s.compiled = 0
	return errors.Join(errs...)
}

func (s *statements) dropOldest() error {
	var oldest *statement
	for _, known := range s.byText {
		if known.compiled != nil && (oldest == nil || known.last < oldest.last) {
			oldest = known
		}
	}
	if oldest == nil {
		return nil
	}
	err := oldest.compiled.Close()
	oldest.compiled, oldest.uses = nil, 0
	s.compiled--
	return err
}

// forget drops everything that is compiled.
func (s *statements) forget() (err error) {
	for _, known := range s.byText {
		if known.compiled != nil {
			err = errors.Join(err, known.compiled.Close())
		}
	}
	s.byText, s.compiled = nil, 0
	return err
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
