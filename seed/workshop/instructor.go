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

var errWrongPassword = problem.InvalidField("password",
	"This is not the instructor password. The server printed the password when the workshop was first started.")

// SignInInstructor checks the instructor password and returns a token for a cookie. Several instructors can be signed in.
//
// Errors: Invalid with the field password; Forbidden after too many wrong passwords.
func (w *Workshop) SignInInstructor(ctx context.Context, g Guesser, password string) (token string, err error) {
	own, shared := w.buckets(guessPassword, g)
	guess, err := w.attempts.Take(own, shared...) // bcrypt takes long
	if err != nil {
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
		return "", errWrongPassword
	}
	guess.Refund()
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		token = tx.Secret(32)
		return tx.Exec(`INSERT INTO workshop_instructor (token_hash, name, since_ms) VALUES ($1, '', $2)`,
			store.Hash(token), store.Millis(tx.Now()))
	})
	return token, err
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

// Row is an attendee with their progress, as the console shows it.
type Row struct {
	Attendee
	Done    int       // number of finished steps
	Current string    // id of the current step; empty when all are done
	Since   time.Time // when the last step was finished; zero when none is
	Awaits  string    // sentence that says how the current step is completed; empty when the step has no check
	Missed  []string  // mistakes that the guide found in the current step, as sentences
	Problem string    // why the progress is unknown; empty when it is known
}

// Rows lists all attendees with their progress. A lab that cannot be read has a Problem instead of an error.
func (w *Workshop) Rows(ctx context.Context) ([]Row, error) {
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(attendees))
	for _, attendee := range attendees {
		row := Row{Attendee: attendee}
		p, since, err := w.progress(ctx, attendee.Lab)
		if err != nil {
			row.Problem = "The progress of this lab cannot be read at this moment."
			if lab.IsDamaged(err) {
				row.Problem = "The file of this lab is damaged. Undo the last step, bring the lab to a step, or reset it."
			}
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

// progress reads the progress of one lab. since is when its last step was finished; zero when none is.
func (w *Workshop) progress(ctx context.Context, name string) (p guide.Progress, since time.Time, err error) {
	l, release, err := w.Registry.Acquire(ctx, name)
	if err != nil {
		return p, since, err
	}
	defer release()
	if p, err = w.Guide.Progress(ctx, l); err != nil {
		return p, since, err
	}
	done, err := w.Guide.StepsDone(ctx, l)
	for _, at := range done {
		if at.After(since) {
			since = at
		}
	}
	return p, since, err
}

// Kinds of actions. The values are those of the console's form.
const (
	SendMessage = "message"
	BringToStep = "bring"
	UndoStep    = "undo"
	ResetLab    = "reset"
	StartFault  = "start-fault"
	UndoFault   = "undo-fault"
	Lock        = "lock"
	Unlock      = "unlock"
	LowerHand   = "lower"
	Remove      = "remove"
)

// Action is what an instructor does to labs.
type Action struct {
	Kind    string // one of the constants
	Step    string // id of the step, for BringToStep
	Message string // text, for SendMessage
	Fault   string // id of the fault, for StartFault; empty starts a random one
}

// Act applies an action to the labs with the given names and tells their attendees. When the action fails in some labs, it
// is still applied to the others. The Conflict problem names the labs in which it failed.
func (w *Workshop) Act(ctx context.Context, action Action, labs []string) error {
	ctx = context.WithoutCancel(ctx) // an instructor who closes the page must not leave half of the labs changed
	failed, errs := make([]string, len(labs)), make([]error, len(labs))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0)) // one per CPU, because bringing a lab to a step is CPU-bound
	for i, name := range labs {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			who := name
			attendee, found, err := w.attendeeOf(ctx, name)
			switch {
			case err != nil:
			case !found:
				err = problem.New(problem.NotFound, "This lab has no attendee any more.")
			default:
				who = attendee.Nickname + " (" + name + ")"
				err = w.act(ctx, action, name)
			}
			if p := problem.As(err); p != nil {
				failed[i] = who + ": " + p.Message
			} else if err != nil {
				errs[i] = fmt.Errorf("%s: %w", name, err)
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	failed = slices.DeleteFunc(failed, func(s string) bool { return s == "" })
	if len(failed) == 0 {
		return nil
	}
	p := problem.New(problem.Conflict, "The action failed in some labs.")
	for _, sentence := range failed {
		p.Fields = append(p.Fields, problem.Field{Message: sentence})
	}
	return p
}

// act applies an action to one lab and stores a message that tells its attendee.
func (w *Workshop) act(ctx context.Context, action Action, name string) (err error) {
	switch action.Kind {
	case ResetLab, BringToStep, UndoStep, UndoFault:
		if err := w.Registry.Repair(ctx, name); err != nil {
			return err
		}
	}
	message := ""
	switch action.Kind {
	case ResetLab:
		err = w.Registry.ResetTo(ctx, name, "Before the instructor reset the lab", lab.KeepSessions)
		message = "The instructor has reset your lab."
	case BringToStep:
		err = w.Guide.RebuildBefore(ctx, name, action.Step, w.Address)
		message = "The instructor has brought your lab to step " + action.Step + "."
	case UndoStep:
		err = w.Guide.Undo(ctx, name)
		message = "The instructor has undone your last step."
	case StartFault:
		err = w.Faults.Start(ctx, name, action.Fault, w.Address)
		message = "The instructor has started a fault in your lab. Find the cause and fix it."
	case UndoFault:
		err = w.Faults.Undo(ctx, name)
		message = "The instructor has undone the fault in your lab."
	case Lock:
		return w.setAttendeeColumn(ctx, name, "locked", 1)
	case Unlock:
		return w.setAttendeeColumn(ctx, name, "locked", 0)
	case LowerHand:
		return w.SetHand(ctx, name, false)
	case Remove:
		return w.remove(ctx, name)
	case SendMessage:
		message = action.Message
	default:
		return problem.New(problem.Invalid, "The action is unknown. Choose an action from the list.")
	}
	if err != nil {
		return err
	}
	return w.setAttendeeColumn(ctx, name, "message", message)
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
			errs[i] = w.remove(ctx, attendee.Lab)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// remove deletes a lab and then its attendee. If the process is killed between the two deletions, the attendee remains, and the
// next start of the server creates the lab again.
func (w *Workshop) remove(ctx context.Context, lab string) error {
	if err := w.Registry.Delete(ctx, lab); err != nil && !problem.Is(err, problem.NotFound) {
		return err
	}
	w.places.remove(lab)
	return w.removeAttendee(ctx, lab)
}
