package workshop

import (
	"context"
	"fmt"
	"io"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Import replaces the lab of an attendee by an exported one. Undo in the log brings the replaced lab back.
//
// Errors: Invalid at the field lab, or at the field file when the file is damaged; the lab is then unchanged.
func (w *Workshop) Import(ctx context.Context, who, name string, from io.Reader) error {
	attendee, found, err := w.attendeeOf(ctx, name)
	if err == nil && !found {
		err = problem.InvalidField("lab", "Choose an attendee of the list.")
	}
	if err != nil {
		return err
	}
	if err := w.Registry.Repair(ctx, name); err != nil {
		return err
	}
	var id int64
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		id, err = addEntry(tx, Entry{Who: who, What: "Import a lab", Whom: []string{attendee.Nickname}, State: Running, Total: 1})
		return err
	})
	if err != nil {
		return err
	}
	state, undo := Finished, undoData{}
	if undo.Kept, err = w.keep(ctx, name, id); err == nil {
		// Attendees reach the lab at the address of the workshop, whatever address the instructor uses.
		err = w.Registry.ImportInto(address.With(ctx, address.Address{Origin: w.Address}), name, from)
	}
	if err != nil {
		state = Cancelled
		w.dropKept(undo.Kept)
	}
	stored := w.db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if state == Finished {
			if err := addUndo(tx, id, name, undo); err != nil {
				return err
			}
			err := tx.Exec(`UPDATE workshop_attendee SET message = $2 WHERE lab = $1`, name, "The instructor has replaced your lab by another one.")
			if err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE workshop_log SET state = $2, finished = $3 WHERE id = $1`, id, string(state), state == Finished)
	})
	if err != nil {
		return err
	}
	if stored != nil {
		return fmt.Errorf("import into %s: %w", name, stored)
	}
	return w.forgetOldUndo(ctx)
}
