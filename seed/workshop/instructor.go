package workshop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

var errWrongPassword = problem.InvalidField("password",
	"This is not the instructor password. Whoever started the server has set it, or has seen it at the first start.")

// SignInInstructor checks the instructor password and returns a token for a cookie. Several instructors can be signed in. name
// tells in the log who did what; "Instructor 2" if it is empty.
//
// Errors: Invalid with the field password or name; Forbidden after too many wrong passwords.
func (w *Workshop) SignInInstructor(ctx context.Context, g Guesser, password, name string) (token string, err error) {
	if name, err = cleanNickname(name); err != nil {
		return "", problem.InvalidField("name", problem.As(err).Fields[0].Message)
	}
	if err := w.CheckPassword(ctx, g, password); err != nil {
		return "", err
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		if name == "" {
			n := 0
			if err := tx.QueryRow(`SELECT count(*) FROM workshop_instructor`).Scan(&n); err != nil {
				return err
			}
			name = "Instructor " + strconv.Itoa(n+1)
		}
		token = tx.Secret(32)
		return tx.Exec(`INSERT INTO workshop_instructor (token_hash, name, since_ms) VALUES ($1, $2, $3)`,
			store.Hash(token), name, store.Millis(tx.Now()))
	})
	return token, err
}

// CheckPassword checks the instructor password.
//
// Errors: Invalid with the field password; Forbidden after too many wrong passwords.
func (w *Workshop) CheckPassword(ctx context.Context, g Guesser, password string) error {
	own, shared := w.buckets(guessPassword, g)
	guess, err := w.attempts.Take(own, shared...) // bcrypt takes long
	if err != nil {
		return err
	}
	var hash string
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT password_hash FROM workshop`).Scan(&hash)
	})
	if err != nil {
		return err
	}
	if bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) != nil {
		return errWrongPassword
	}
	guess.Refund()
	return nil
}

// Limits of the instructor password. bcrypt reads at most 72 bytes.
const (
	minPassword = 8
	maxPassword = 72
)

func checkNewPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return problem.InvalidField("new", "Enter a new password of at least 8 characters.")
	case len(password) > maxPassword:
		return problem.InvalidField("new", "Enter a new password of at most 72 bytes. Letters with accents count as two or more.")
	}
	return nil
}

// ReplacePassword replaces the instructor password. old must be the present one. All instructors are signed out, except the one
// with the token keep.
//
// Errors: Invalid with the field password (the old one) or new; Forbidden after too many wrong passwords.
func (w *Workshop) ReplacePassword(ctx context.Context, g Guesser, old, password, keep string) error {
	if err := checkNewPassword(password); err != nil {
		return err
	}
	if err := w.CheckPassword(ctx, g, old); err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	who, err := w.InstructorName(ctx, keep)
	if err != nil {
		return err
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE workshop SET password_hash = $1`, string(hash)); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM workshop_instructor WHERE token_hash <> $1`, store.Hash(keep)); err != nil {
			return err
		}
		_, err := addEntry(tx, Entry{Who: who, What: "Replace the instructor password", State: Finished})
		return err
	})
}

// InstructorName returns the name of the instructor with a token; "" for nobody.
func (w *Workshop) InstructorName(ctx context.Context, token string) (name string, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		name, err = store.One(tx, "none", store.Text, `SELECT name FROM workshop_instructor WHERE token_hash = $1`, store.Hash(token))
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return "", nil
	}
	return name, err
}

// IsInstructor reports whether a token belongs to a signed-in instructor. It is false for an empty token.
func (w *Workshop) IsInstructor(ctx context.Context, token string) (yes bool, err error) {
	if token == "" {
		return false, nil
	}
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		yes, err = tx.Exists(`SELECT 1 FROM workshop_instructor WHERE token_hash = $1`, store.Hash(token))
		return err
	})
	return yes, err
}

// parallelDeletions is how many labs are deleted at the same time. Deleting a lab that is in use takes a few seconds.
const parallelDeletions = 16

// Wipe removes every attendee and their lab, also while people have pages of the labs open. The join code and the other settings
// stay.
func (w *Workshop) Wipe(ctx context.Context) error {
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	errs := make([]error, len(attendees))
	var group sync.WaitGroup
	slots := make(chan struct{}, parallelDeletions)
	for i, attendee := range attendees {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			errs[i] = w.remove(ctx, attendee.Lab, "")
		})
	}
	group.Wait()
	errs = append(errs, w.forgetPeople(ctx))
	return errors.Join(errs...)
}

// forgetPeople deletes everything that the workshop has stored about people, in the log, too.
func (w *Workshop) forgetPeople(ctx context.Context) error {
	err := w.db.Write(ctx, func(tx *store.Tx) error {
		for _, table := range append([]string{"workshop_undo", "workshop_log"}, historyTables...) {
			if err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, os.RemoveAll(filepath.Join(w.Dir, "kept")))
}
