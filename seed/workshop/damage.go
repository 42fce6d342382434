package workshop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"

	"understudy/seed/base/store"
	"understudy/seed/lab"
)

// Recovered is a lab that has lost its attendee, because the workshop's file was damaged or deleted. Its person returns with this
// nickname and PIN.
type Recovered struct{ Lab, Nickname, PIN string }

// Recovered returns the labs that had no attendee when this start created the workshop's file.
func (w *Workshop) Recovered() []Recovered { return w.recovered }

// DamagedFile returns where this start has put a damaged file of the workshop; "" if the file was whole.
func (w *Workshop) DamagedFile() string { return w.damagedFile }

// startAgain sets the workshop's damaged file aside and opens a new one. The labs stay.
func (w *Workshop) startAgain(ctx context.Context, path string, damage error) (err error) {
	w.damagedFile, err = store.SetAside(path, filepath.Join(filepath.Dir(path), "damaged"))
	if err != nil {
		return errors.Join(damage, err)
	}
	slog.Error("the file of the workshop is damaged", "file", path, "kept", w.damagedFile, "error", damage)
	if err := os.RemoveAll(path); err != nil {
		return errors.Join(damage, err)
	}
	return w.open(ctx, path)
}

// readAll reads each table once, so that a missing table or column is found at the start.
func (w *Workshop) readAll(ctx context.Context) error {
	if _, err := w.Attendees(ctx); err != nil {
		return err
	}
	return w.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := readState(tx); err != nil {
			return err
		}
		for _, columns := range []string{`join_hash, pin_hash, name_key FROM workshop_attendee`, `token_hash, lab, since_ms FROM workshop_device`,
			`token_hash, name, since_ms FROM workshop_instructor`} {
			if _, err := tx.Exists(`SELECT ` + columns); err != nil {
				return err
			}
		}
		return nil
	})
}

var attendeesLab = regexp.MustCompile(`^lab-\d{2,}$`)

// recoverLabs stores an attendee for each lab of an earlier workshop in a new file.
func recoverLabs(tx *store.Tx, labs *lab.Registry) (list []Recovered, err error) {
	names, err := labs.List()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !attendeesLab.MatchString(name) {
			continue
		}
		r := Recovered{Lab: name, Nickname: name, PIN: fmt.Sprintf("%06d", randomInt(1_000_000))}
		err := tx.Exec(`INSERT INTO workshop_attendee (lab, nickname, name_key, pin_hash, joined_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $5)`,
			r.Lab, r.Nickname, nicknameKey(r.Nickname), hashPIN(r.Lab, r.PIN), store.Millis(tx.Now()))
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}
