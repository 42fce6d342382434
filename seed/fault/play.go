package fault

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/lab"
)

// Faults plays cards in the labs of a registry.
type Faults struct {
	registry *lab.Registry
	cards    []Card
	busy     sync.Map // of *sync.Mutex by lab: a double click plays one card
}

// only keeps others from playing and taking back cards in a lab until the returned function is called.
func (f *Faults) only(name string) (done func()) {
	held, _ := f.busy.LoadOrStore(name, &sync.Mutex{})
	held.(*sync.Mutex).Lock()
	return held.(*sync.Mutex).Unlock
}

// New reads the cards.
func New(registry *lab.Registry) (*Faults, error) {
	cards, err := Cards()
	return &Faults{registry: registry, cards: cards}, err
}

// Cards lists all cards.
func (f *Faults) Cards() []Card { return f.cards }

func (f *Faults) card(id string) (Card, bool) {
	for _, c := range f.cards {
		if c.ID == id {
			return c, true
		}
	}
	return Card{}, false
}

var (
	errInPlay   = problem.New(problem.Conflict, "A fault card is in play already. Mend it, or take it back.")
	errNoCard   = problem.New(problem.NotFound, "There is no such fault card.")
	errNotYet   = problem.New(problem.Conflict, "What this card breaks does not work in this lab yet. Go on with the guide first, or bring the lab to a later step.")
	errNone     = problem.New(problem.Conflict, "No fault card is in play.")
	errNoneFits = problem.New(problem.Conflict, "Nothing in this lab works yet that a card could break. Go on with the guide first, or bring the lab to a later step.")
)

// Play breaks what a card breaks; an empty id draws one of those that can be played. origin is how people reach this
// server. Conflict when a card is in play, or when what it breaks does not work to begin with; then nothing is changed.
func (f *Faults) Play(ctx context.Context, name, id, origin string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	defer f.only(l.Name)()
	if _, inPlay, err := l.ActiveFault(ctx); err != nil || inPlay {
		if err == nil {
			err = errInPlay
		}
		return err
	}
	if id == "" {
		return f.draw(ctx, l, origin)
	}
	c, known := f.card(id)
	if !known {
		return errNoCard
	}
	return f.play(ctx, l, c, origin)
}

// draw plays a card that the lab's own generator chooses, or the next one that can be played.
func (f *Faults) draw(ctx context.Context, l *lab.Lab, origin string) error {
	first := 0
	err := l.DB.Write(ctx, func(tx *store.Tx) (err error) {
		first, err = strconv.Atoi(tx.Digits(6))
		return err
	})
	if err != nil {
		return err
	}
	for i := range f.cards {
		err := f.play(ctx, l, f.cards[(first+i)%len(f.cards)], origin)
		if !problem.Is(err, problem.Conflict) {
			return err
		}
	}
	return errNoneFits
}

func (f *Faults) play(ctx context.Context, l *lab.Lab, c Card, origin string) error {
	// The checkpoint comes first: to ask whether something works leaves its traces too.
	before, err := f.registry.SaveCheckpoint(ctx, l.Name, "Before a fault card", "")
	if err != nil {
		return err
	}
	b := bench{lab: l, origin: origin, state: map[string]string{}}
	ok, err := b.holds(ctx, c)
	if err == nil && !ok {
		err = errNotYet
	}
	if err != nil {
		return errors.Join(f.registry.DropCheckpoints(l.Name, before.ID-1), err)
	}
	if err := changes[c.Change](ctx, b); err != nil { // half a change is none
		return errors.Join(f.registry.RestoreCheckpoint(ctx, l.Name, before.ID), f.registry.DropCheckpoints(l.Name, before.ID-1), err)
	}
	return l.SetFault(ctx, lab.Fault{ID: c.ID, State: b.state, Checkpoint: before.ID})
}

// Look gives the card in play, and tells whether it is mended: its check holds, or has held since.
func (f *Faults) Look(ctx context.Context, l *lab.Lab, origin string) (c Card, mended bool, err error) {
	played, inPlay, err := l.ActiveFault(ctx)
	if err != nil {
		return c, false, err
	}
	c, known := f.card(played.ID)
	if !inPlay || !known {
		return c, false, errNone
	}
	if !played.Fixed.IsZero() {
		return c, true, nil
	}
	mended, err = bench{lab: l, origin: origin, state: played.State}.holds(ctx, c)
	if err == nil && mended {
		err = l.MarkFixed(ctx)
	}
	return c, mended, err
}

// TakeBack restores the lab as it was before the card was played. What it was until now is kept as a checkpoint.
func (f *Faults) TakeBack(ctx context.Context, name string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	defer f.only(l.Name)()
	played, inPlay, err := l.ActiveFault(ctx)
	if err != nil {
		return err
	}
	if !inPlay {
		return errNone
	}
	if _, err := f.registry.SaveCheckpoint(ctx, name, "Before the fault card was taken back", ""); err != nil {
		return err
	}
	return f.registry.RestoreCheckpoint(ctx, name, played.Checkpoint)
}

// PutAway ends an exercise that is mended.
func (f *Faults) PutAway(ctx context.Context, name string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	defer f.only(l.Name)()
	played, inPlay, err := l.ActiveFault(ctx)
	if err == nil && (!inPlay || played.Fixed.IsZero()) {
		err = problem.New(problem.Conflict, "The fault is not mended yet. Take the card back to give up.")
	}
	if err != nil {
		return err
	}
	return l.ClearFault(ctx)
}
