package workshop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// attendeeUndo and settingsUndo are the columns that an action may change, and its undo may set.
var (
	attendeeUndo = []string{"message", "locked", "hand_ms", "pin", "pin_hash"}
	settingsUndo = []string{"banner", "frozen", "sections", "timer_ms", "joining_closed", "per_address"}
)

// allAttendeeColumns are the columns of an attendee who was removed.
var allAttendeeColumns = []string{
	"lab", "nickname", "name_key", "pin_hash", "joined_ms", "seen_ms", "hand_ms", "locked", "message", "opened_ms",
	"active_ms", "away_ms", "read_banner", "pin", "prepared", "confirmed", "join_hash",
}

func (w *Workshop) keptPath(name string) string {
	return filepath.Join(w.Dir, "kept", filepath.Base(name))
}

// keep copies a lab before an action changes it, and returns the name of the copy.
func (w *Workshop) keep(ctx context.Context, lab string, entry int64) (string, error) {
	if err := os.MkdirAll(filepath.Join(w.Dir, "kept"), 0o700); err != nil {
		return "", fmt.Errorf("keep a copy of %s: %w", lab, err)
	}
	name := fmt.Sprintf("%d-%s.db.gz", entry, lab)
	return name, w.Registry.Keep(ctx, lab, w.keptPath(name))
}

// dropKept deletes a copy; an empty name is no copy.
func (w *Workshop) dropKept(name string) {
	if name == "" {
		return
	}
	if err := os.Remove(w.keptPath(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		w.logFailed("delete a copy", name, err)
	}
}

// swapAttendeeColumn sets a column of an attendee and returns what it was before.
func (w *Workshop) swapAttendeeColumn(ctx context.Context, lab, column string, value any) (before map[string]any, err error) {
	columns := []string{column}
	if column == "pin" {
		columns = append(columns, "pin_hash")
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		if before, err = readColumns(tx, "workshop_attendee", columns, `lab = $1`, lab); err != nil {
			return err
		}
		if column == "pin" {
			return tx.Exec(`UPDATE workshop_attendee SET pin = $2, pin_hash = $3 WHERE lab = $1`, lab, value, hashPIN(lab, value.(string)))
		}
		return tx.Exec(`UPDATE workshop_attendee SET `+column+` = $2 WHERE lab = $1`, lab, value)
	})
	return before, err
}

// readColumns reads the named columns of one row. The names are constants of this package.
func readColumns(tx *store.Tx, table string, columns []string, where string, args ...any) (map[string]any, error) {
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	list := ""
	for i, name := range columns {
		targets[i] = &values[i]
		if list += name; i < len(columns)-1 {
			list += ", "
		}
	}
	if err := tx.QueryRow(`SELECT `+list+` FROM `+table+` WHERE `+where, args...).Scan(targets...); err != nil {
		return nil, err
	}
	row := map[string]any{}
	for i, name := range columns {
		row[name] = values[i]
	}
	return row, nil
}

// setColumns sets columns of one row back to stored values. Only the allowed columns are set.
func setColumns(tx *store.Tx, table string, values map[string]any, allowed []string, where string, args ...any) error {
	for _, name := range allowed {
		value, stored := values[name]
		if !stored {
			continue
		}
		query := fmt.Sprintf(`UPDATE %s SET %s = $%d WHERE %s`, table, name, len(args)+1, where)
		if err := tx.Exec(query, append(slices.Clone(args), value)...); err != nil {
			return err
		}
	}
	return nil
}

var (
	errNoUndo     = problem.New(problem.Conflict, "This action cannot be undone any more.")
	errCovered    = problem.New(problem.Conflict, "A newer action has changed one of these labs. Undo the newer action first.")
	errPlaceTaken = problem.New(problem.Conflict, "Another attendee has this lab now.")
	errNameTaken  = problem.New(problem.Conflict, "Another attendee has this nickname now.")
)

// Undo undoes an action of the log, in the background. who is the name of the instructor.
func (w *Workshop) Undo(ctx context.Context, who string, id int64) (*Job, error) {
	var entry Entry
	var undo map[string]undoData
	err := w.db.Write(ctx, func(tx *store.Tx) (err error) {
		if entry, err = readEntry(tx, id); err != nil {
			return err
		}
		if entry.Covered {
			return errCovered
		}
		if !entry.CanUndo {
			return errNoUndo
		}
		if undo, err = readUndo(tx, id); err != nil {
			return err
		}
		return tx.Exec(`UPDATE workshop_log SET state = $2 WHERE id = $1`, id, string(Undone))
	})
	if err != nil {
		return nil, err
	}
	labs := []string{}
	for name := range undo {
		if name != "" {
			labs = append(labs, name)
		}
	}
	slices.SortFunc(labs, compareNatural)
	if settings, found := undo[""]; found {
		err := w.db.Write(ctx, func(tx *store.Tx) error {
			return setColumns(tx, "workshop", settings.Settings, settingsUndo, `id = 1`)
		})
		if err != nil {
			return nil, err
		}
	}
	return w.begin(ctx, Entry{Who: who, What: "Undo: " + entry.What}, labs, func(int64) task {
		return func(ctx context.Context, a Attendee) (*undoData, error) {
			return nil, w.undoIn(ctx, a.Lab, id, undo[a.Lab])
		}
	})
}

// undoIn undoes an action in one lab.
func (w *Workshop) undoIn(ctx context.Context, name string, entry int64, u undoData) error {
	if u.Removed != nil {
		return w.returnRemoved(ctx, name, entry, u)
	}
	if u.Kept != "" {
		if err := w.Registry.PutBack(ctx, name, w.keptPath(u.Kept), "Before an instructor undid their action"); err != nil {
			return err
		}
		w.dropKept(u.Kept)
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		if u.Kept != "" {
			u.Attendee = map[string]any{"message": "The instructor has undone their last action in your lab."}
		}
		return setColumns(tx, "workshop_attendee", u.Attendee, attendeeUndo, `lab = $1`, name)
	})
}

// historyTables are the tables that have rows for each lab.
var historyTables = []string{"workshop_step", "workshop_mistake", "workshop_fault", "workshop_standing"}

// removedKey is the key under which the history of a removed attendee waits for an undo.
func removedKey(entry int64, lab string) string { return fmt.Sprintf("removed %d %s", entry, lab) }

// removeKeeping removes an attendee and their lab, and returns what brings both back. A damaged lab cannot be kept: it is removed
// all the same, and only the attendee can come back.
func (w *Workshop) removeKeeping(ctx context.Context, name string, entry int64) (*undoData, error) {
	u := &undoData{Removed: &removed{}}
	kept, err := w.keep(ctx, name, entry)
	if err == nil {
		u.Kept = kept
	}
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		if u.Attendee, err = readColumns(tx, "workshop_attendee", allAttendeeColumns, `lab = $1`, name); err != nil {
			return err
		}
		u.Removed.Devices, err = store.List(tx, func(r store.Row) (d device, err error) {
			err = r.Scan(&d.Hash, &d.Since)
			return d, err
		}, `SELECT token_hash, since_ms FROM workshop_device WHERE lab = $1`, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return u, w.remove(ctx, name, removedKey(entry, name))
}

// remove deletes a lab and then its attendee. Their history gets another key; it is deleted if the key is empty. If the process is
// killed between the two deletions, the attendee remains, and the next start of the server creates the lab again.
func (w *Workshop) remove(ctx context.Context, name, historyKey string) error {
	if err := w.Registry.Delete(ctx, name); err != nil && !problem.Is(err, problem.NotFound) {
		return err
	}
	w.places.remove(name)
	return w.removeAttendee(ctx, name, historyKey)
}

// removeAttendee removes an attendee and their browsers' tokens. The lab stays.
func (w *Workshop) removeAttendee(ctx context.Context, name, historyKey string) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		for _, table := range historyTables {
			var err error
			if historyKey == "" {
				err = tx.Exec(`DELETE FROM `+table+` WHERE lab = $1`, name)
			} else {
				err = tx.Exec(`UPDATE `+table+` SET lab = $2 WHERE lab = $1`, name, historyKey)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.Exec(`DELETE FROM workshop_device WHERE lab = $1`, name); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM workshop_attendee WHERE lab = $1`, name)
	})
}

// returnRemoved brings a removed attendee and their lab back.
func (w *Workshop) returnRemoved(ctx context.Context, name string, entry int64, u undoData) error {
	w.joining.Lock()
	defer w.joining.Unlock()
	err := w.db.Read(ctx, func(tx *store.Tx) error {
		taken, err := tx.Exists(`SELECT 1 FROM workshop_attendee WHERE lab = $1`, name)
		if err == nil && taken {
			err = errPlaceTaken
		}
		if err != nil {
			return err
		}
		taken, err = tx.Exists(`SELECT 1 FROM workshop_attendee WHERE name_key = $1`, u.Attendee["name_key"])
		if err == nil && taken {
			err = errNameTaken
		}
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case u.Kept != "":
		err = w.Registry.PutBack(ctx, name, w.keptPath(u.Kept), "Before the instructor brought the attendee back")
	case !w.Registry.Exists(name):
		err = w.createLab(ctx, name)
	}
	if err != nil {
		return err
	}
	w.dropKept(u.Kept)
	return w.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`INSERT INTO workshop_attendee (lab, nickname, name_key, pin_hash, joined_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
			name, u.Attendee["nickname"], u.Attendee["name_key"], u.Attendee["pin_hash"], u.Attendee["joined_ms"], u.Attendee["seen_ms"])
		if err != nil {
			return err
		}
		if err := setColumns(tx, "workshop_attendee", u.Attendee, allAttendeeColumns, `lab = $1`, name); err != nil {
			return err
		}
		for _, d := range u.Removed.Devices {
			err := tx.Exec(`INSERT INTO workshop_device (token_hash, lab, since_ms) VALUES ($1, $2, $3)`, d.Hash, name, d.Since)
			if err != nil {
				return err
			}
		}
		for _, table := range historyTables {
			if err := tx.Exec(`UPDATE `+table+` SET lab = $2 WHERE lab = $1`, removedKey(entry, name), name); err != nil {
				return err
			}
		}
		return nil
	})
}

// forgetOldUndo deletes what undoes old actions, so that copies of labs and removed people do not stay.
func (w *Workshop) forgetOldUndo(ctx context.Context) error {
	var names []string
	err := w.db.Write(ctx, func(tx *store.Tx) error {
		old, err := store.List(tx, func(r store.Row) (id int64, err error) { err = r.Scan(&id); return id, err },
			`SELECT DISTINCT entry FROM workshop_undo JOIN workshop_log ON id = entry
			WHERE state <> $1 AND (at_ms < $2 OR entry NOT IN (
				SELECT DISTINCT entry FROM workshop_undo ORDER BY entry DESC LIMIT $3))`,
			string(Running), store.Millis(tx.Now().Add(-undoKept)), undoActive)
		if err != nil {
			return err
		}
		for _, id := range old {
			undo, err := readUndo(tx, id)
			if err != nil {
				return err
			}
			for name, u := range undo {
				names = append(names, u.Kept)
				for _, table := range historyTables {
					if err := tx.Exec(`DELETE FROM `+table+` WHERE lab = $1`, removedKey(id, name)); err != nil {
						return err
					}
				}
			}
			if err := tx.Exec(`DELETE FROM workshop_undo WHERE entry = $1`, id); err != nil {
				return err
			}
		}
		return nil
	})
	for _, name := range names {
		w.dropKept(name)
	}
	return err
}
