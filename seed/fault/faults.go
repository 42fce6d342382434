package fault

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/lab"
)

// Faults starts and undoes faults in the labs of a registry. Its methods may be called from several goroutines.
type Faults struct {
	registry *lab.Registry
	faults   []Fault
	isGuide  func(*http.Request) bool // reports whether the guide itself plays a step; nil for never
}

// New loads the faults.
func New(registry *lab.Registry) (*Faults, error) {
	faults, err := Load()
	return &Faults{registry: registry, faults: faults}, err
}

// PlayedBy names the requests with which the guide itself plays steps, while it rebuilds a lab. Call PlayedBy before the first request.
func (f *Faults) PlayedBy(isGuide func(*http.Request) bool) { f.isGuide = isGuide }

// All lists all faults in the order of the page.
func (f *Faults) All() []Fault { return f.faults }

func (f *Faults) find(id string) (Fault, bool) {
	for _, fault := range f.faults {
		if fault.ID == id {
			return fault, true
		}
	}
	return Fault{}, false
}

var (
	errActive  = problem.New(problem.Conflict, "A fault is active already. Fix it, or undo it.")
	errUnknown = problem.New(problem.NotFound, "There is no such fault.")
	errNotYet  = problem.New(problem.Conflict,
		"This fault needs something that does not work in this lab yet. "+
			"Continue with the guide, or bring the lab to a later step.")
	errNotActive    = problem.New(problem.Conflict, "No fault is active.")
	errNotFixed     = problem.New(problem.Conflict, "The problem is not fixed yet. To give up, undo the fault.")
	errNoneCanStart = problem.New(problem.Conflict,
		"Every fault needs something that does not work in this lab yet. "+
			"Continue with the guide, or bring the lab to a later step.")
)

// Start breaks a lab. id names a fault; an empty id chooses a random one of those that can start. origin is the base URL
// of this server.
//
// Start returns a Conflict problem when a fault is active, or when the fault's checks do not pass before it starts. The
// lab is then unchanged.
func (f *Faults) Start(ctx context.Context, name, id, origin string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := f.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if _, active, err := l.ActiveFault(ctx); err != nil || active {
		if err == nil {
			err = errActive
		}
		return err
	}
	if id == "" {
		return f.startRandom(ctx, l, origin)
	}
	fault, found := f.find(id)
	if !found {
		return errUnknown
	}
	return f.start(ctx, l, fault, origin)
}

// startRandom tries the faults in order, beginning with a random one, and starts the first that can start. The random number
// comes from the lab's own generator, so that equal labs get equal faults.
func (f *Faults) startRandom(ctx context.Context, l *lab.Lab, origin string) error {
	first := 0
	err := l.DB.Write(ctx, func(tx *store.Tx) (err error) {
		first, err = strconv.Atoi(tx.Digits(6))
		return err
	})
	if err != nil {
		return err
	}
	for i := range f.faults {
		err := f.start(ctx, l, f.faults[(first+i)%len(f.faults)], origin)
		if !problem.Is(err, problem.Conflict) {
			return err
		}
	}
	return errNoneCanStart
}

func (f *Faults) start(ctx context.Context, l *lab.Lab, fault Fault, origin string) error {
	// The checkpoint comes before the checks, because checks leave entries in the logs.
	before, err := f.registry.SaveCheckpoint(ctx, l.Name, "Before a fault", "")
	if err != nil {
		return err
	}
	t := target{lab: l, origin: origin, state: map[string]string{}}
	ok, err := t.passes(ctx, fault)
	if err == nil && !ok {
		err = errNotYet
	}
	if err != nil {
		// The fault did not start, so its checkpoint is deleted: the one with the highest ID.
		return errors.Join(f.registry.DropCheckpoints(l.Name, before.ID-1), err)
	}
	if err := changes[fault.Change](ctx, t); err != nil { // a change that stopped halfway is rolled back
		return errors.Join(f.registry.RestoreCheckpoint(ctx, l.Name, before.ID),
			f.registry.DropCheckpoints(l.Name, before.ID-1), err)
	}
	t.state[originKey] = origin
	return l.SetFault(ctx, lab.Fault{ID: fault.ID, State: t.state, Checkpoint: before.ID})
}

// originKey is the key of the base URL in the stored state of a fault: everybody who looks at the fault later checks with the same.
const originKey = "\x00origin"

// Find returns a fault by its id.
func (f *Faults) Find(id string) (Fault, bool) { return f.find(id) }

// Look is Status for somebody who only watches, and looks again after each change of the lab. It reports fixed false for a fault
// whose checks send SCIM requests, unless thorough is true: the requests change the lab, too.
func (f *Faults) Look(ctx context.Context, l *lab.Lab, thorough bool) (active lab.Fault, found bool, err error) {
	active, found, err = l.ActiveFault(ctx)
	fault, known := f.find(active.ID)
	if err != nil || !found || !known || !active.Fixed.IsZero() || fault.sendsRequests() && !thorough {
		return active, found && known, err
	}
	if _, _, err := f.Status(ctx, l, ""); err != nil && !problem.Is(err, problem.Conflict) {
		return active, true, err
	}
	return l.ActiveFault(ctx)
}

// Status returns the active fault. fixed is true once all its checks have passed, and stays true. Status returns a Conflict
// problem when no fault is active.
func (f *Faults) Status(ctx context.Context, l *lab.Lab, origin string) (fault Fault, fixed bool, err error) {
	active, found, err := l.ActiveFault(ctx)
	if err != nil {
		return fault, false, err
	}
	fault, known := f.find(active.ID)
	if !found || !known {
		return fault, false, errNotActive
	}
	if !active.Fixed.IsZero() {
		return fault, true, nil
	}
	origin = cmp.Or(active.State[originKey], origin)
	delete(active.State, originKey)
	fixed, err = target{lab: l, origin: origin, state: active.State}.passes(ctx, fault)
	if err == nil && fixed {
		err = l.MarkFixed(ctx)
	}
	return fault, fixed, err
}

// sendsRequests reports whether the checks of a fault send SCIM requests.
func (f Fault) sendsRequests() bool { return slices.Contains(f.Check, "directory") }

// Undo restores the lab's state before the fault. The state before the undo is saved as a checkpoint.
func (f *Faults) Undo(ctx context.Context, name string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := f.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	active, found, err := l.ActiveFault(ctx)
	if err != nil {
		return err
	}
	if !found {
		return errNotActive
	}
	if _, err := f.registry.SaveCheckpoint(ctx, name, "Before the fault was undone", ""); err != nil {
		return err
	}
	return f.registry.RestoreCheckpoint(ctx, name, active.Checkpoint)
}

// Finish ends the exercise after the fault was fixed. The lab keeps its state. Finish returns a Conflict problem while the
// fault is not fixed.
func (f *Faults) Finish(ctx context.Context, name string) error {
	l, release, err := f.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := f.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	active, found, err := l.ActiveFault(ctx)
	if err == nil && (!found || active.Fixed.IsZero()) {
		err = errNotFixed
	}
	if err != nil {
		return err
	}
	return l.ClearFault(ctx)
}
