package lab

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// ShelfItem is a value that somebody copied in the lab and will need elsewhere.
type ShelfItem struct {
	Label string // of the field that it was copied from
	Value string
	At    time.Time
}

// shelfKept bounds the shelf; values are cut at shelfValue bytes.
const (
	shelfKept  = 20
	shelfValue = 8 << 10
)

// StepsDone gives the steps of the guide that are done, with when.
func (l *Lab) StepsDone(ctx context.Context) (done map[string]time.Time, err error) {
	done = map[string]time.Time{}
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT step, at_ms FROM lab_progress`, nil, func(r store.Row) error {
			var step string
			var at int64
			err := r.Scan(&step, &at)
			done[step] = store.Time(at)
			return err
		})
	})
	return done, err
}

// MarkDone notes steps as done; those that are noted already keep their time.
func (l *Lab) MarkDone(ctx context.Context, steps ...string) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		for _, step := range steps {
			if err := tx.Exec(`INSERT INTO lab_progress (step, at_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING`, step, store.Millis(tx.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// Shelf lists what was copied, in the order in which it was first copied.
func (l *Lab) Shelf(ctx context.Context) (items []ShelfItem, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		items, err = store.List(tx, func(r store.Row) (i ShelfItem, err error) {
			var at int64
			err = r.Scan(&i.Label, &i.Value, &at)
			i.At = store.Time(at)
			return i, err
		}, `SELECT label, value, at_ms FROM lab_shelf ORDER BY at_ms, label`)
		return err
	})
	return items, err
}

// Pasted lists the fields into which something was pasted that had been copied in the lab before.
func (l *Lab) Pasted(ctx context.Context) (labels []string, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		labels, err = store.List(tx, store.Text, `SELECT label FROM lab_pasted ORDER BY label`)
		return err
	})
	return labels, err
}

// NotePasted notes that something copied was pasted into a field. What it was is not asked.
func (l *Lab) NotePasted(ctx context.Context, label string) error {
	if label == "" || len(label) > 100 {
		return nil
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_pasted (label, at_ms) SELECT $1, $2 WHERE (SELECT count(*) FROM lab_pasted) < $3 ON CONFLICT DO NOTHING`,
			label, store.Millis(tx.Now()), shelfKept)
	})
}

// PutOnShelf keeps a copied value; a newer value of the same field takes its place.
func (l *Lab) PutOnShelf(ctx context.Context, label, value string) error {
	if label == "" || value == "" || len(label) > 100 || len(value) > shelfValue {
		return nil
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_shelf (label, value, at_ms)
			SELECT $1, $2, $3 WHERE (SELECT count(*) FROM lab_shelf WHERE label <> $1) < $4
			ON CONFLICT (label) DO UPDATE SET value = excluded.value`, label, value, store.Millis(tx.Now()), shelfKept)
	})
}
