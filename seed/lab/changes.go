package lab

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/exchange"
	"understudy/seed/base/store"
)

// RecordChange is a record that a message changed.
type RecordChange struct {
	exchange.Change
	Exchange int64
	At       time.Time // when the response was sent, lab time
}

// RecordChanges returns the records that the stored messages changed, newest first.
func (l *Lab) RecordChanges(ctx context.Context) (list []RecordChange, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		groups, err := store.List(tx, scanChanges, `SELECT id, at_ms, took_us, notes FROM lab_exchange WHERE notes LIKE '%"changes":%' ORDER BY id DESC`)
		for _, group := range groups {
			list = append(list, group...)
		}
		return err
	})
	return list, err
}

func scanChanges(r store.Row) (list []RecordChange, err error) {
	var id, at, took int64
	var text string
	if err := r.Scan(&id, &at, &took, &text); err != nil {
		return nil, err
	}
	var notes exchangeNotes
	if err := json.Unmarshal([]byte(text), &notes); err != nil {
		return nil, err
	}
	for _, c := range notes.Changes {
		list = append(list, RecordChange{Change: c, Exchange: id, At: store.Time(at).Add(time.Duration(took) * time.Microsecond)})
	}
	return list, nil
}
