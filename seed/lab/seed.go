package lab

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// maxSeed is the longest seed, in bytes.
const maxSeed = 100

// SetSeed sets the source of the lab's identifiers: labs with the same seed, scenario and actions give their records the same
// identifiers, whatever their names are. Secrets stay random. An empty seed is the lab's name. Invalid at the field seed.
func (l *Lab) SetSeed(ctx context.Context, seed string) error {
	if len(seed) > maxSeed || strings.ContainsFunc(seed, func(r rune) bool { return r < ' ' }) {
		return problem.InvalidField("seed", fmt.Sprintf("A seed is one line of at most %d bytes.", maxSeed))
	}
	err := l.DB.Write(ctx, func(tx *store.Tx) error { return tx.Exec(`UPDATE lab_about SET seed = $1`, seed) })
	if err != nil {
		return err
	}
	return l.useSeed(ctx)
}

// Seed returns the seed that SetSeed has set.
func (l *Lab) Seed(ctx context.Context) (seed string, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow(`SELECT seed FROM lab_about WHERE id = 1`).Scan(&seed)
		if errors.Is(err, sql.ErrNoRows) { // a lab that is being made
			return nil
		}
		return err
	})
	return seed, err
}

// useSeed makes the lab's file take its identifiers from the stored seed.
func (l *Lab) useSeed(ctx context.Context) error {
	seed, err := l.Seed(ctx)
	if err != nil {
		return err
	}
	if seed == "" {
		seed = l.Name
	}
	return l.DB.SetSeed(ctx, seed)
}

// carrySeed keeps the seed of a lab whose file is replaced.
func (l *Lab) carrySeed(ctx context.Context) (restore func(context.Context) error, err error) {
	seed, err := l.Seed(ctx)
	return func(ctx context.Context) error {
		if now, err := l.Seed(ctx); err != nil || now == seed { // a checkpoint has it
			return err
		}
		return l.SetSeed(ctx, seed)
	}, err
}
