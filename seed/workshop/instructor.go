package workshop

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/guide"
	"understudy/seed/lab"
)

var errPassword = problem.InvalidField("password", "This is not the instructors' password. The server printed it when the workshop began.")

// Enter signs an instructor in. Several can be in at once.
func (w *Workshop) Enter(ctx context.Context, from, password string) (token string, err error) {
	if err := w.guesses.allow("password " + from); err != nil {
		return "", err
	}
	var hash string
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT password_hash FROM workshop`).Scan(&hash)
	})
	if err != nil {
		return "", err
	}
	if bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) != nil {
		return "", errPassword
	}
	w.guesses.forgive("password " + from)
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		token = tx.Secret(32)
		return tx.Exec(`INSERT INTO workshop_instructor (token_hash, name, since_ms) VALUES ($1, '', $2)`, store.Hash(token), store.Millis(tx.Now()))
	})
	return token, err
}

// IsInstructor tells whether a browser's token is an instructor's.
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

// Row is an attendee as the instructors' console shows them.
type Row struct {
	Seat
	Done    int
	Current string // step; empty when all are done
	Since   time.Time
	Awaits  string // what the current step waits for, as a sentence; empty when it has no check
	Missed  []string
	Problem string // why the lab could not be judged
}

// Rows judges every lab of the room.
func (w *Workshop) Rows(ctx context.Context) ([]Row, error) {
	seats, err := w.Seats(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(seats))
	for _, seat := range seats {
		row := Row{Seat: seat}
		p, since, err := w.progress(ctx, seat.Lab)
		if err != nil {
			row.Problem = "The lab cannot be read at this moment."
		} else {
			row.Done, row.Missed, row.Since = p.Count(), p.Mistakes, since
			if p.Current != nil {
				row.Current, row.Awaits = p.Current.ID, p.Current.Awaits
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// progress judges one lab; since is when its last step was done.
func (w *Workshop) progress(ctx context.Context, name string) (p guide.Progress, since time.Time, err error) {
	l, release, err := w.Registry.Acquire(ctx, name)
	if err != nil {
		return p, since, err
	}
	defer release()
	if p, err = w.Guide.Progress(ctx, l); err != nil {
		return p, since, err
	}
	done, err := l.StepsDone(ctx)
	for _, at := range done {
		if at.After(since) {
			since = at
		}
	}
	return p, since, err
}

// Order is what an instructor wants done to labs.
type Order struct {
	Action  string // reset, undo, bring, fault, unfault, lock, unlock, lower (the hand), message
	Step    string // to bring to
	Message string
	Card    string // fault card to play; empty draws one
}

// Act carries an order out in labs, and tells their attendees. Those in which it cannot be carried out are named in the
// Conflict problem that comes back; the others are done all the same.
func (w *Workshop) Act(ctx context.Context, o Order, labs []string) error {
	ctx = context.WithoutCancel(ctx) // half a room is worse than an instructor who has closed the page
	refused, failed := make([]string, len(labs)), make([]error, len(labs))
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0)) // to bring a lab somewhere is work
	for i, name := range labs {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			who := name
			seat, known, err := w.seatOfLab(ctx, name)
			switch {
			case err != nil:
			case !known:
				err = problem.New(problem.NotFound, "Nobody sits there any more.")
			default:
				who = seat.Nickname + " (" + name + ")"
				err = w.act(ctx, o, name)
			}
			if p := problem.As(err); p != nil {
				refused[i] = who + ": " + p.Message
			} else if err != nil {
				failed[i] = fmt.Errorf("%s: %w", name, err)
			}
		})
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	refused = slices.DeleteFunc(refused, func(s string) bool { return s == "" })
	if len(refused) == 0 {
		return nil
	}
	p := problem.New(problem.Conflict, "That could not be done everywhere.")
	for _, sentence := range refused {
		p.Fields = append(p.Fields, problem.Field{Message: sentence})
	}
	return p
}

func (w *Workshop) act(ctx context.Context, o Order, name string) error {
	switch o.Action {
	case "reset":
		if err := w.Registry.ResetTo(ctx, name, "Before the instructor reset the lab", lab.KeepSessions); err != nil {
			return err
		}
		return w.changeSeat(ctx, name, "message", "The instructor has reset your lab.")
	case "bring":
		if err := w.Guide.RebuildBefore(ctx, name, o.Step, w.Address); err != nil {
			return err
		}
		return w.changeSeat(ctx, name, "message", "The instructor has brought your lab to step "+o.Step+".")
	case "undo":
		if err := w.Guide.Undo(ctx, name); err != nil {
			return err
		}
		return w.changeSeat(ctx, name, "message", "The instructor has undone your last step.")
	case "fault":
		if err := w.Faults.Play(ctx, name, o.Card, w.Address); err != nil {
			return err
		}
		return w.changeSeat(ctx, name, "message", "The instructor has broken something in your lab on purpose: a fault card is in play.")
	case "unfault":
		if err := w.Faults.TakeBack(ctx, name); err != nil {
			return err
		}
		return w.changeSeat(ctx, name, "message", "The instructor has taken the fault card back.")
	case "lock":
		return w.changeSeat(ctx, name, "locked", 1)
	case "unlock":
		return w.changeSeat(ctx, name, "locked", 0)
	case "lower":
		return w.RaiseHand(ctx, name, false)
	case "message":
		return w.changeSeat(ctx, name, "message", o.Message)
	}
	return problem.New(problem.Invalid, "There is no such action.")
}

// Wipe removes every attendee with their lab. The room stays, with its code.
func (w *Workshop) Wipe(ctx context.Context) error {
	seats, err := w.Seats(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, seat := range seats {
		if err := w.Registry.Delete(ctx, seat.Lab); err != nil && !problem.Is(err, problem.NotFound) {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, w.leave(ctx, seat.Lab))
	}
	return errors.Join(errs...)
}
