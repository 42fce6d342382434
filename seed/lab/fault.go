package lab

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// FaultCard is the fault card that is in play in a lab. It travels in time with the lab: where it was not in play yet, it
// is not.
type FaultCard struct {
	Card       string            // the card's name
	State      map[string]string // what its check must know of how it was before
	Checkpoint int               // the lab as it was before
	At         time.Time
	Mended     time.Time // when its check held again; zero until then
}

// FaultCard gives the card in play; ok is false when there is none.
func (l *Lab) FaultCard(ctx context.Context) (c FaultCard, ok bool, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		c, err = store.One(tx, "none", func(r store.Row) (c FaultCard, err error) {
			var state string
			var at, mended int64
			if err := r.Scan(&c.Card, &state, &c.Checkpoint, &at, &mended); err != nil {
				return c, err
			}
			c.At, c.Mended = store.Time(at), store.Time(mended)
			return c, json.Unmarshal([]byte(state), &c.State)
		}, `SELECT card, state, checkpoint, at_ms, mended_ms FROM lab_fault WHERE id = 1`)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return FaultCard{}, false, nil
	}
	return c, err == nil, err
}

// PutFaultCard puts a card into play.
func (l *Lab) PutFaultCard(ctx context.Context, c FaultCard) error {
	state, err := json.Marshal(c.State)
	if err != nil {
		return err
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_fault (id, card, state, checkpoint, at_ms, mended_ms) VALUES (1, $1, $2, $3, $4, 0)
			ON CONFLICT (id) DO UPDATE SET card = excluded.card, state = excluded.state, checkpoint = excluded.checkpoint, at_ms = excluded.at_ms, mended_ms = 0`,
			c.Card, string(state), c.Checkpoint, store.Millis(tx.Now()))
	})
}

// MarkMended notes that the card's check holds again.
func (l *Lab) MarkMended(ctx context.Context) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE lab_fault SET mended_ms = $1 WHERE id = 1 AND mended_ms = 0`, store.Millis(tx.Now()))
	})
}

// TakeFaultCardAway ends the exercise and leaves the lab as it is.
func (l *Lab) TakeFaultCardAway(ctx context.Context) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error { return tx.Exec(`DELETE FROM lab_fault`) })
}
