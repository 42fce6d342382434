package lab

import (
	"context"
	"time"

	"understudy/seed/base/store"
	"understudy/seed/script"
)

// ClipboardItem is a value that the learner copied from a page and needs on another one.
type ClipboardItem struct {
	Label string // of the field that the value was copied from
	Value string
	At    time.Time
}

// Limits of the clipboard. A longer value is not stored.
const (
	clipboardItems = 20
	pastedFields   = 60
	clipboardValue = 8 << 10 // bytes
	clipboardLabel = 100     // bytes
)

// Clipboard lists the copied values in the order in which their fields were first copied.
func (l *Lab) Clipboard(ctx context.Context) (items []ClipboardItem, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		items, err = store.List(tx, func(r store.Row) (i ClipboardItem, err error) {
			var at int64
			err = r.Scan(&i.Label, &i.Value, &at)
			i.At = store.Time(at)
			return i, err
		}, `SELECT label, value, at_ms FROM lab_clipboard ORDER BY at_ms, label`)
		return err
	})
	return items, err
}

// PastedFields lists the labels of the fields into which a copied value was pasted.
func (l *Lab) PastedFields(ctx context.Context) (labels []string, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		labels, err = store.List(tx, store.Text, `SELECT label FROM lab_pasted ORDER BY label`)
		return err
	})
	return labels, err
}

// RecordPaste records that a copied value was pasted into the field with a label, and from which field it was copied, if that is
// known. The value itself is not recorded.
func (l *Lab) RecordPaste(ctx context.Context, label, from string) error {
	if label == "" || len(label) > clipboardLabel || len(from) > clipboardLabel {
		return nil
	}
	pasted := []string{label}
	if from != "" {
		pasted = append(pasted, label+script.PastedFrom+from)
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		for _, p := range pasted {
			err := tx.Exec(`INSERT INTO lab_pasted (label, at_ms) SELECT $1, $2 WHERE (SELECT count(*) FROM lab_pasted) < $3 ON CONFLICT DO NOTHING`,
				p, store.Millis(tx.Now()), pastedFields)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// RecordCopy stores a copied value. A newer value of the same field replaces the older one.
func (l *Lab) RecordCopy(ctx context.Context, label, value string) error {
	if label == "" || value == "" || len(label) > clipboardLabel || len(value) > clipboardValue {
		return nil
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_clipboard (label, value, at_ms)
			SELECT $1, $2, $3 WHERE (SELECT count(*) FROM lab_clipboard WHERE label <> $1) < $4
			ON CONFLICT (label) DO UPDATE SET value = excluded.value`, label, value, store.Millis(tx.Now()), clipboardItems)
	})
}
