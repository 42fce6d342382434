package lab

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Fault is the fault exercise that is active in a lab. It is part of the lab's state: a checkpoint from before the exercise
// has none.
type Fault struct {
	ID         string            // of the fault file
	State      map[string]string // what the fault's check compares with: values from before the fault
	Checkpoint int               // the state of the lab before the fault
	At         time.Time
	Fixed      time.Time // when the check passed again; zero until then
}

// ActiveFault returns the active fault; ok is false when there is none.
func (l *Lab) ActiveFault(ctx context.Context) (f Fault, ok bool, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		f, err = store.One(tx, "none", func(r store.Row) (f Fault, err error) {
			var state string
			var at, fixed int64
			if err := r.Scan(&f.ID, &state, &f.Checkpoint, &at, &fixed); err != nil {
				return f, err
			}
			f.At, f.Fixed = store.Time(at), store.Time(fixed)
			return f, json.Unmarshal([]byte(state), &f.State)
		}, `SELECT fault, state, checkpoint, at_ms, fixed_ms FROM lab_fault WHERE id = 1`)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return Fault{}, false, nil
	}
	return f, err == nil, err
}

// SetFault makes a fault the active one, from now on and not fixed.
func (l *Lab) SetFault(ctx context.Context, f Fault) error {
	state, err := json.Marshal(f.State)
	if err != nil {
		return err
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		at := store.Millis(tx.Now())
		if err := tx.Exec(`INSERT INTO lab_fault_history (fault, at_ms) VALUES ($1, $2)`, f.ID, at); err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO lab_fault (id, fault, state, checkpoint, at_ms, fixed_ms) VALUES (1, $1, $2, $3, $4, 0)
			ON CONFLICT (id) DO UPDATE SET fault = excluded.fault, state = excluded.state, checkpoint = excluded.checkpoint, at_ms = excluded.at_ms, fixed_ms = 0`,
			f.ID, string(state), f.Checkpoint, at)
	})
}

// MarkFixed records that the check of the active fault passes again. Later calls keep the first time.
func (l *Lab) MarkFixed(ctx context.Context) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		now := store.Millis(tx.Now())
		if err := tx.Exec(`UPDATE lab_fault_history SET fixed_ms = $1 WHERE fixed_ms = 0 AND ended_ms = 0`, now); err != nil {
			return err
		}
		return tx.Exec(`UPDATE lab_fault SET fixed_ms = $1 WHERE id = 1 AND fixed_ms = 0`, now)
	})
}

// ClearFault ends the exercise and leaves the lab as it is.
func (l *Lab) ClearFault(ctx context.Context) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE lab_fault_history SET ended_ms = $1 WHERE ended_ms = 0`, store.Millis(tx.Now())); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM lab_fault`)
	})
}

func (l *Lab) viewFaults(ctx context.Context, v *View) error {
	return l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT fault, fixed_ms <> 0, ended_ms = 0 FROM lab_fault_history ORDER BY id`, nil, func(r store.Row) error {
			var f FaultView
			err := r.Scan(&f.ID, &f.Fixed, &f.Active)
			v.Faults = append(v.Faults, f)
			return err
		})
	})
}
