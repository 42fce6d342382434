package workshop

import (
	"context"
	"time"

	"understudy/seed/base/store"
	"understudy/seed/guide"
	"understudy/seed/lab"
)

// watchInterval is how often the workshop looks for labs that have changed.
const watchInterval = 100 * time.Millisecond

// thoroughInterval is how often the workshop makes the checks of a fault that change the lab.
const thoroughInterval = 20 * time.Second

// watch keeps the standings of all labs up to date until ctx is done.
func (w *Workshop) watch(ctx context.Context) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.lookAtOpenLabs(ctx)
		}
	}
}

// seen is what the workshop remembers of the last look at a lab.
type seen struct {
	stamp    lab.Stamp
	restores int
	thorough time.Time // when the checks were made that change the lab
	fault    bool      // an unfixed fault is active
}

// lookAtOpenLabs looks at each open lab that has changed since the last look. A lab that fails is looked at again after its next
// change.
func (w *Workshop) lookAtOpenLabs(ctx context.Context) {
	w.looking.Lock()
	defer w.looking.Unlock()
	stamps := w.Registry.OpenStamps()
	for name, stamp := range stamps {
		last := w.seen[name]
		due := last.fault && w.db.Now().Sub(last.thorough) > thoroughInterval
		if stamp != last.stamp || due {
			w.lookAt(ctx, name, stamp)
		}
		if ctx.Err() != nil {
			return
		}
	}
	for name, last := range w.seen {
		if _, open := stamps[name]; !open && last.stamp != "" {
			w.noteClosed(ctx, name)
		}
	}
}

// noteClosed stores the stamp of a lab's file after the lab was closed, so that the workshop notices a later change of the file.
func (w *Workshop) noteClosed(ctx context.Context, name string) {
	stamp := w.Registry.FileStamp(name)
	if stamp == "" {
		return // it is open again, or is being changed, or no longer exists
	}
	last := w.seen[name]
	last.stamp = ""
	w.seen[name] = last
	w.logFailed("store the stamp of a lab", name, w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_standing SET stamp = $2 WHERE lab = $1`, name, string(stamp))
	}))
}

// lookLimit is how long the console waits for looks at labs. After a restart, many labs may have changed.
const lookLimit = time.Second

// lookAtAll brings the standings of all attendees' labs up to date before the console is shown. Labs that cannot be looked at
// within lookLimit are shown as they were seen before.
func (w *Workshop) lookAtAll(ctx context.Context, attendees []Attendee) error {
	w.lookAtOpenLabs(ctx)
	w.looking.Lock()
	defer w.looking.Unlock()
	known, err := w.standings(ctx)
	if err != nil {
		return err
	}
	end := time.Now().Add(lookLimit)
	for _, a := range attendees {
		stamp := w.Registry.FileStamp(a.Lab)
		if standing, found := known[a.Lab]; found && (stamp == "" || stamp == standing.Stamp) {
			continue
		}
		if time.Now().After(end) {
			return nil
		}
		w.lookAt(ctx, a.Lab, stamp)
	}
	return nil
}

// lookNow looks at one lab.
func (w *Workshop) lookNow(ctx context.Context, name string) {
	w.looking.Lock()
	defer w.looking.Unlock()
	w.lookAt(ctx, name, w.Registry.OpenStamps()[name])
}

// lookAt reads how far a lab is and stores it. The caller holds w.looking.
func (w *Workshop) lookAt(ctx context.Context, name string, stamp lab.Stamp) {
	attendee, found, err := w.attendeeOf(ctx, name)
	if err != nil || !found {
		w.seen[name] = seen{stamp: stamp}
		return
	}
	last := w.seen[name]
	next := seen{stamp: stamp, restores: w.Registry.Restores(name), thorough: last.thorough}
	thorough := w.db.Now().Sub(last.thorough) > thoroughInterval
	if thorough {
		next.thorough = w.db.Now()
	}
	view, err := w.view(ctx, name, thorough)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		view.standing.Problem = "The progress of this lab cannot be read at this moment."
		if lab.IsDamaged(err) {
			view.standing.Problem = "The file of this lab is damaged. Undo the last step, bring the lab to a step, or reset it."
		}
	}
	next.fault = view.standing.Fault != "" && view.standing.FaultFixed.IsZero()
	restored := next.restores != last.restores
	if after := w.Registry.OpenStamps()[name]; stamp != "" && after != "" {
		next.stamp = after // the look itself wrote what it found out
	}
	w.seen[name] = next
	w.logFailed("store the progress of a lab", name, w.store(ctx, attendee, view, restored))
}

// labView is a lab as the workshop sees it.
type labView struct {
	standing Standing
	progress guide.Progress
	isMain   bool // the attendee follows the guide that the console speaks of
}

// view reads how far a lab is.
func (w *Workshop) view(ctx context.Context, name string, thorough bool) (v labView, err error) {
	l, release, err := w.Registry.Acquire(ctx, name)
	if err != nil {
		return v, err
	}
	defer release()
	g, err := w.Guide.Of(ctx, l)
	if err != nil {
		return v, err
	}
	if v.progress, err = g.Progress(ctx, l); err != nil {
		return v, err
	}
	v.isMain = w.Guide.IsMain(g)
	v.standing.Done, v.standing.Total, v.standing.Mistakes = v.progress.Count(), len(g.Steps()), v.progress.Mistakes
	if v.progress.Current != nil {
		v.standing.Current, v.standing.Awaits = v.progress.Current.ID, v.progress.Current.Awaits
	}
	active, found, err := w.Faults.Look(ctx, l, thorough)
	if found {
		v.standing.Fault, v.standing.FaultSince, v.standing.FaultFixed = active.ID, active.At, active.Fixed
	}
	return v, err
}

// store writes what was seen of a lab. restored says that the lab's whole state was replaced since the last look: then the guide
// did the new steps, not the attendee.
func (w *Workshop) store(ctx context.Context, a Attendee, v labView, restored bool) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		now := tx.Now()
		before, err := readStanding(tx, a.Lab)
		if err != nil {
			return err
		}
		next := v.standing
		if next.Problem != "" {
			next.Done, next.Total, next.Current, next.Since = before.Done, before.Total, before.Current, before.Since
			next.Fault, next.FaultSince, next.FaultFixed = before.Fault, before.FaultSince, before.FaultFixed
			return writeStanding(tx, a.Lab, next)
		}
		next.Since = before.Since
		if restored || next.Current != before.Current || next.Since.IsZero() {
			next.Since = now
		}
		if v.isMain { // the results are about one guide
			if err := w.storeSteps(tx, a, v.progress, before, restored); err != nil {
				return err
			}
			if err := storeMistakes(tx, a.Lab, next); err != nil {
				return err
			}
		}
		if err := storeFault(tx, a.Lab, before, &next, now); err != nil {
			return err
		}
		return writeStanding(tx, a.Lab, next)
	})
}

func (w *Workshop) logFailed(what, name string, err error) {
	if err != nil && w.Stopped.Err() == nil {
		w.Log.Warn("workshop: cannot "+what, "lab", name, "error", err)
	}
}
