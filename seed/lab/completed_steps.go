package lab

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// StepsDone returns the completed steps of a guide and when each was completed, in lab time.
func (l *Lab) StepsDone(ctx context.Context, guide string) (done map[string]time.Time, err error) {
	done = map[string]time.Time{}
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT step, at_ms FROM lab_guide_progress WHERE guide = $1`, []any{guide}, func(r store.Row) error {
			var step string
			var at int64
			err := r.Scan(&step, &at)
			done[step] = store.Time(at)
			return err
		})
	})
	return done, err
}

// MarkDone records steps of a guide as completed. A step that is recorded already keeps its time.
func (l *Lab) MarkDone(ctx context.Context, guide string, steps ...string) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		for _, step := range steps {
			if err := tx.Exec(`INSERT INTO lab_guide_progress (guide, step, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
				guide, step, store.Millis(tx.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}
