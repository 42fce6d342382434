package workshop

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"understudy/seed/base/store"
)

// The file stores each PIN in plain text, because printed cards show it. A hash would protect nothing: there are only a million
// PINs. The PIN only opens the lab of one attendee, and guesses are limited.

func randomPIN() string { return fmt.Sprintf("%06d", randomInt(1_000_000)) }

// hashPIN includes the lab, so that equal PINs of two attendees have different hashes. Spaces and hyphens do not matter: cards
// show the PIN in two groups.
func hashPIN(lab, pin string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd) {
			return -1
		}
		return r
	}, pin)
	return store.Hash(lab + " " + plain)
}

// SetPIN gives an attendee a PIN. Their open browsers stay signed in.
func (w *Workshop) SetPIN(ctx context.Context, lab, pin string) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_attendee SET pin = $2, pin_hash = $3 WHERE lab = $1`, lab, pin, hashPIN(lab, pin))
	})
}
