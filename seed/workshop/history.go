package workshop

import (
	"context"
	"time"

	"understudy/seed/base/store"
	"understudy/seed/guide"
)

// StepTime is how long an attendee worked on a step.
type StepTime struct {
	Step    string
	Began   time.Time
	Done    time.Time     // zero until the step is done
	Spent   time.Duration // without the time that the attendee was away
	Brought bool          // the guide did the step, not the attendee
}

// storeSteps records the steps that an attendee has begun and done. A step that is recorded as done keeps its times, also when the
// attendee undoes it.
func (w *Workshop) storeSteps(tx *store.Tx, a Attendee, p guide.Progress, before Standing, brought bool) error {
	if p.Count() == before.Done && currentID(p) == before.Current && !before.Since.IsZero() {
		return nil
	}
	known, err := readSteps(tx, a.Lab)
	if err != nil {
		return err
	}
	now := store.Millis(tx.Now())
	for _, id := range w.Guide.Steps() {
		recorded, begun := known[id]
		if !p.Done[id] || begun && !recorded.Done.IsZero() {
			continue
		}
		err := tx.Exec(`INSERT INTO workshop_step (lab, step, began_ms, away_ms, done_ms, spent_ms, brought)
				VALUES ($1, $2, $3, $4, $3, 0, $5)
			ON CONFLICT (lab, step) DO UPDATE SET done_ms = $3, brought = $5, spent_ms = max(0, $3 - began_ms - ($4 - away_ms))`,
			a.Lab, id, now, a.Away.Milliseconds(), brought)
		if err != nil {
			return err
		}
	}
	current := currentID(p)
	if current == "" {
		return nil
	}
	return tx.Exec(`INSERT INTO workshop_step (lab, step, began_ms, away_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		a.Lab, current, now, a.Away.Milliseconds())
}

func currentID(p guide.Progress) string {
	if p.Current == nil {
		return ""
	}
	return p.Current.ID
}

const stepColumns = `step, began_ms, done_ms, spent_ms, brought`

func scanStep(r store.Row, before ...any) (s StepTime, err error) {
	var began, done, spent int64
	err = r.Scan(append(before, &s.Step, &began, &done, &spent, &s.Brought)...)
	s.Began, s.Done, s.Spent = store.Time(began), store.Time(done), time.Duration(spent)*time.Millisecond
	return s, err
}

func readSteps(tx *store.Tx, name string) (map[string]StepTime, error) {
	steps := map[string]StepTime{}
	list, err := store.List(tx, func(r store.Row) (StepTime, error) { return scanStep(r) },
		`SELECT `+stepColumns+` FROM workshop_step WHERE lab = $1`, name)
	for _, s := range list {
		steps[s.Step] = s
	}
	return steps, err
}

func storeMistakes(tx *store.Tx, name string, s Standing) error {
	for _, sentence := range s.Mistakes {
		err := tx.Exec(`INSERT INTO workshop_mistake (lab, step, sentence, first_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			name, s.Current, sentence, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
	}
	return nil
}

// storeFault records the beginning, the fix and the end of a fault. The labs count in their own time, the workshop does not.
func storeFault(tx *store.Tx, name string, before Standing, next *Standing, now time.Time) error {
	same := next.Fault == before.Fault && (before.FaultFixed.IsZero() || !next.FaultFixed.IsZero())
	if before.Fault != "" && !same {
		err := tx.Exec(`UPDATE workshop_fault SET ended_ms = $2 WHERE lab = $1 AND ended_ms = 0`, name, store.Millis(now))
		if err != nil {
			return err
		}
	}
	if next.Fault == "" {
		return nil
	}
	if !same {
		next.FaultSince = now
		_, err := tx.Insert(`INSERT INTO workshop_fault (lab, fault, started_ms) VALUES ($1, $2, $3)`, name, next.Fault, store.Millis(now))
		if err != nil {
			return err
		}
	} else {
		next.FaultSince = before.FaultSince
	}
	if next.FaultFixed.IsZero() {
		return nil
	}
	if next.FaultFixed = before.FaultFixed; !same || before.FaultFixed.IsZero() {
		next.FaultFixed = now
	}
	return tx.Exec(`UPDATE workshop_fault SET fixed_ms = $2 WHERE lab = $1 AND ended_ms = 0 AND fixed_ms = 0`, name, store.Millis(now))
}

// FaultTime is a fault that was active in a lab.
type FaultTime struct {
	Fault   string
	Started time.Time
	Fixed   time.Time // zero if it was not fixed
	Ended   time.Time // zero while it is active
}

// Outcome says how a fault ended: "active", "fixed", "undone".
func (f FaultTime) Outcome() string {
	switch {
	case !f.Fixed.IsZero():
		return "fixed"
	case !f.Ended.IsZero():
		return "undone"
	}
	return "active"
}

// Mistake is a mistake that the guide found in an attendee's lab.
type Mistake struct{ Step, Sentence string }

// history is everything that the results need, by lab.
type history struct {
	steps    map[string][]StepTime
	mistakes map[string][]Mistake
	faults   map[string][]FaultTime
}

func (w *Workshop) history(ctx context.Context) (h history, err error) {
	h = history{map[string][]StepTime{}, map[string][]Mistake{}, map[string][]FaultTime{}}
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		err := tx.Each(`SELECT lab, `+stepColumns+` FROM workshop_step ORDER BY began_ms, rowid`, nil, func(r store.Row) error {
			var name string
			s, err := scanStep(r, &name)
			h.steps[name] = append(h.steps[name], s)
			return err
		})
		if err != nil {
			return err
		}
		err = tx.Each(`SELECT lab, step, sentence FROM workshop_mistake ORDER BY first_ms, rowid`, nil, func(r store.Row) error {
			var name string
			var m Mistake
			err := r.Scan(&name, &m.Step, &m.Sentence)
			h.mistakes[name] = append(h.mistakes[name], m)
			return err
		})
		if err != nil {
			return err
		}
		return tx.Each(`SELECT lab, fault, started_ms, fixed_ms, ended_ms FROM workshop_fault ORDER BY id`, nil, func(r store.Row) error {
			var name string
			var f FaultTime
			var started, fixed, ended int64
			err := r.Scan(&name, &f.Fault, &started, &fixed, &ended)
			f.Started, f.Fixed, f.Ended = store.Time(started), store.Time(fixed), store.Time(ended)
			h.faults[name] = append(h.faults[name], f)
			return err
		})
	})
	return h, err
}
