package workshop

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
)

// Kinds of actions. The values are those of the console's form.
const (
	SendMessage = "message"
	BringToStep = "bring"
	UndoStep    = "undo"
	ResetLab    = "reset"
	StartFault  = "start-fault"
	UndoFault   = "undo-fault"
	FinishFault = "finish-fault"
	Lock        = "lock"
	Unlock      = "unlock"
	LowerHand   = "lower"
	NewPIN      = "new-pin"
	Remove      = "remove"
)

// Action is what an instructor does to labs.
type Action struct {
	Kind    string // one of the constants
	Step    string // id of the step, for BringToStep
	Message string // text, for SendMessage
	Fault   string // id of the fault, for StartFault; empty starts a random one
	Who     string // name of the instructor, for the log
}

// Limits of texts that instructors write, in characters.
const (
	maxMessage = 500
	maxBanner  = 300
)

// Title is the action as a sentence without its end: "Bring to step 7.6". Invalid, at the field of the console's form, when the
// action is unknown or lacks something.
func (w *Workshop) Title(a Action) (string, error) {
	switch a.Kind {
	case SendMessage:
		switch n := utf8.RuneCountInString(a.Message); {
		case n == 0:
			return "", problem.InvalidField("message", "Enter the message.")
		case n > maxMessage:
			return "", problem.InvalidField("message", fmt.Sprintf("Enter a message of at most %d characters. This one has %d.", maxMessage, n))
		}
		return "Send the message “" + shortened(a.Message, 60) + "”", nil
	case BringToStep:
		if !slices.Contains(w.Guide.Steps(), a.Step) {
			return "", problem.InvalidField("step", "Choose a step of the guide.")
		}
		return "Bring to step " + a.Step, nil
	case StartFault:
		if a.Fault == "" {
			return "Start a random fault", nil
		}
		f, found := w.Faults.Find(a.Fault)
		if !found {
			return "", problem.InvalidField("fault", "Choose a fault of the list.")
		}
		return "Start the fault “" + f.Title + "”", nil
	}
	for _, o := range actionOptions {
		if o.Value == a.Kind {
			return o.Label, nil
		}
	}
	return "", problem.InvalidField("action", "The action is unknown. Choose an action from the list.")
}

// shortened is a text of at most n characters.
func shortened(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// Begin starts an action in the labs with the given names, in the background. Each attendee is told. When the action fails in some
// labs, it is still applied to the others.
func (w *Workshop) Begin(ctx context.Context, a Action, labs []string) (*Job, error) {
	title, err := w.Title(a)
	if err != nil {
		return nil, err
	}
	return w.begin(ctx, Entry{Who: a.Who, What: title}, labs, func(entry int64) task {
		return func(ctx context.Context, attendee Attendee) (*undoData, error) { return w.act(ctx, a, attendee, entry) }
	})
}

// Act is Begin for callers that wait until the action has ended. The Conflict problem names the labs in which it failed.
func (w *Workshop) Act(ctx context.Context, a Action, labs []string) error {
	j, err := w.Begin(ctx, a, labs)
	if err != nil {
		return err
	}
	_, err = j.Wait(context.WithoutCancel(ctx), 24*time.Hour)
	return err
}

// changesLab reports whether a kind of action changes what is in the lab.
func changesLab(kind string) bool {
	switch kind {
	case ResetLab, BringToStep, UndoStep, StartFault, UndoFault, FinishFault:
		return true
	}
	return false
}

// act applies an action to the lab of one attendee, stores a message that tells them, and returns what undoes both.
func (w *Workshop) act(ctx context.Context, a Action, attendee Attendee, entry int64) (*undoData, error) {
	present, found, err := w.attendeeOf(ctx, attendee.Lab)
	if err != nil || !found {
		if err == nil {
			err = errAttendeeGone
		}
		return nil, err
	}
	if a.Kind == Remove {
		return w.removeKeeping(ctx, attendee.Lab, entry)
	}
	undo := &undoData{}
	if a.Kind == FinishFault || a.Kind == UndoFault {
		w.lookNow(ctx, attendee.Lab) // the results must know whether the fault is fixed before it ends
	}
	if changesLab(a.Kind) {
		if err := w.Registry.Repair(ctx, attendee.Lab); err != nil {
			return nil, err
		}
		name, err := w.keep(ctx, attendee.Lab, entry)
		if err != nil {
			return nil, err
		}
		undo.Kept = name
	}
	column, value, err := w.applyAction(ctx, a, attendee.Lab)
	if err != nil {
		w.dropKept(undo.Kept)
		return nil, err
	}
	if notice, is := value.(string); is && column == "message" && a.Kind != SendMessage {
		value = withNotice(present.Message, notice)
	}
	if undo.Attendee, err = w.swapAttendeeColumn(ctx, attendee.Lab, column, value); err != nil {
		return nil, err
	}
	return undo, nil
}

// withNotice is a message that the attendee has not dismissed, together with the notice of an action.
func withNotice(message, notice string) string {
	if message == "" || strings.Contains(message, notice) || utf8.RuneCountInString(message) > 2*maxMessage {
		return cmp.Or(message, notice)
	}
	return message + " " + notice
}

// applyAction changes the lab and returns the column of the attendee that changes with it: for most actions their message.
func (w *Workshop) applyAction(ctx context.Context, a Action, name string) (column string, value any, err error) {
	message := ""
	switch a.Kind {
	case ResetLab:
		err = w.Registry.ResetTo(ctx, name, "Before the instructor reset the lab", lab.KeepSessions)
		message = "The instructor has reset your lab."
	case BringToStep:
		err = w.Guide.RebuildBefore(ctx, name, a.Step, w.Address)
		message = "The instructor has brought your lab to step " + a.Step + "."
	case UndoStep:
		err = w.Guide.Undo(ctx, name)
		message = "The instructor has undone your last step."
	case StartFault:
		err = w.Faults.Start(ctx, name, a.Fault, w.Address)
		message = "The instructor has started a fault in your lab. Find the cause and fix it."
	case UndoFault:
		err = w.Faults.Undo(ctx, name)
		message = "The instructor has undone the fault in your lab."
	case FinishFault:
		err = w.Faults.Finish(ctx, name)
		message = "The instructor has ended the fault exercise in your lab."
	case Lock:
		return "locked", 1, nil
	case Unlock:
		return "locked", 0, nil
	case LowerHand:
		return "hand_ms", 0, nil
	case NewPIN:
		return "pin", randomPIN(), nil
	case SendMessage:
		message = a.Message
	}
	return "message", message, err
}
