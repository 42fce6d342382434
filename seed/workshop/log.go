package workshop

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// EntryState is how far an action of the log is.
type EntryState string

// The states of an action.
const (
	Running     EntryState = "running"
	Finished    EntryState = "done"
	Cancelled   EntryState = "cancelled"
	Undone      EntryState = "undone"
	Interrupted EntryState = "interrupted" // the server stopped meanwhile
)

// Entry is one line of the log of what instructors did.
type Entry struct {
	ID       int64
	At       time.Time
	Who      string   // name of the instructor
	What     string   // "Bring to step 7.6"
	Whom     []string // nicknames; empty for a setting of the whole workshop
	State    EntryState
	Total    int // labs that the action is for
	Finished int // labs in which it is finished
	Failures []string
	CanUndo  bool
	Covered  bool // a newer action has changed one of its labs: only that one can be undone
}

// logKept is the number of entries that the log shows and can undo.
const logKept = 100

// undoKept is how long, and for how many entries, an action can be undone: each keeps copies of labs.
const (
	undoKept   = 24 * time.Hour
	undoActive = 20
)

const entryColumns = `id, at_ms, who, what, whom, state, total, finished, failures,
	EXISTS (SELECT 1 FROM workshop_undo WHERE entry = workshop_log.id),
	EXISTS (SELECT 1 FROM workshop_undo AS own JOIN workshop_undo AS newer ON newer.lab = own.lab AND newer.entry > own.entry
		JOIN workshop_log AS later ON later.id = newer.entry
		WHERE own.entry = workshop_log.id AND later.state <> 'undone'
			AND json_extract(own.data, '$.kept') IS NOT NULL AND json_extract(newer.data, '$.kept') IS NOT NULL)`

func scanEntry(r store.Row) (e Entry, err error) {
	var at int64
	var whom, failures string
	err = r.Scan(&e.ID, &at, &e.Who, &e.What, &whom, &e.State, &e.Total, &e.Finished, &failures, &e.CanUndo, &e.Covered)
	if err != nil {
		return e, err
	}
	e.At = store.Time(at)
	possible := e.CanUndo && e.State != Running && e.State != Undone
	e.CanUndo, e.Covered = possible && !e.Covered, possible && e.Covered
	if err := json.Unmarshal([]byte(whom), &e.Whom); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(failures), &e.Failures)
}

// Entries returns the newest entries of the log, newest first.
func (w *Workshop) Entries(ctx context.Context) (list []Entry, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanEntry, `SELECT `+entryColumns+` FROM workshop_log ORDER BY id DESC LIMIT $1`, logKept)
		return err
	})
	return list, err
}

var errNoEntry = problem.New(problem.NotFound, "The log has no such action.")

func readEntry(tx *store.Tx, id int64) (e Entry, err error) {
	e, err = store.One(tx, "none", scanEntry, `SELECT `+entryColumns+` FROM workshop_log WHERE id = $1`, id)
	if problem.Is(err, problem.NotFound) {
		err = errNoEntry
	}
	return e, err
}

// addEntry writes a new entry and returns its id.
func addEntry(tx *store.Tx, e Entry) (int64, error) {
	whom, err := json.Marshal(append([]string{}, e.Whom...))
	if err != nil {
		return 0, err
	}
	return tx.Insert(`INSERT INTO workshop_log (at_ms, who, what, whom, state, total) VALUES ($1, $2, $3, $4, $5, $6)`,
		store.Millis(tx.Now()), e.Who, e.What, string(whom), string(e.State), e.Total)
}

// undoData undoes an action in one lab, or in the settings of the workshop. It is stored as JSON.
type undoData struct {
	Kept     string         `json:"kept,omitempty"`     // name of a copy of the lab in the folder kept
	Attendee map[string]any `json:"attendee,omitempty"` // columns of the attendee before the action
	Settings map[string]any `json:"settings,omitempty"` // columns of the workshop before the action
	Removed  *removed       `json:"removed,omitempty"`  // the attendee was removed
}

// removed is an attendee who was removed.
type removed struct {
	Devices []device `json:"devices"`
}

type device struct {
	Hash  string `json:"hash"`
	Since int64  `json:"since"`
}

// addUndo stores what undoes an action in one lab.
func addUndo(tx *store.Tx, entry int64, lab string, u undoData) error {
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO workshop_undo (entry, lab, data) VALUES ($1, $2, $3)`, entry, lab, string(data))
}

func readUndo(tx *store.Tx, entry int64) (all map[string]undoData, err error) {
	all = map[string]undoData{}
	err = tx.Each(`SELECT lab, data FROM workshop_undo WHERE entry = $1`, []any{entry}, func(r store.Row) error {
		var lab, data string
		if err := r.Scan(&lab, &data); err != nil {
			return err
		}
		var u undoData
		err := json.Unmarshal([]byte(data), &u)
		all[lab] = u
		return err
	})
	return all, err
}

// interruptRunning marks the actions that were running when the server stopped. What they finished can be undone.
func (w *Workshop) interruptRunning(ctx context.Context) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_log SET state = $1 WHERE state = $2`, string(Interrupted), string(Running))
	})
}
