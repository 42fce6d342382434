package workshop

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/store"
	"understudy/seed/lab"
)

// Standing is how far a lab is, as it was last seen. The workshop's file stores it, so that the console need not open the labs.
type Standing struct {
	Done       int       // number of finished steps
	Total      int       // number of steps in the guide that the attendee follows
	Current    string    // id of the current step; empty when all are done
	Since      time.Time // when the attendee began to work on the current step; a time during which they were away does not count
	Awaits     string    // sentence that says how the current step is completed; empty when the step has no check
	Mistakes   []string  // that the guide found in the current step, as sentences
	Fault      string    // id of the active fault; empty for none
	FaultSince time.Time
	FaultFixed time.Time // zero until the fault is fixed
	Problem    string    // why the progress is unknown; empty when it is known
	Stamp      lab.Stamp // of the lab's file when it was last closed
}

const standingColumns = `done, total, current, since_ms, awaits, mistakes, fault, fault_ms, fault_fixed_ms, problem, stamp`

func scanStanding(r store.Row, before ...any) (s Standing, err error) {
	var since, faultSince, faultFixed int64
	var mistakes, stamp string
	err = r.Scan(append(before, &s.Done, &s.Total, &s.Current, &since, &s.Awaits, &mistakes, &s.Fault, &faultSince, &faultFixed, &s.Problem, &stamp)...)
	if err != nil {
		return s, err
	}
	s.Since, s.FaultSince, s.FaultFixed, s.Stamp = store.Time(since), store.Time(faultSince), store.Time(faultFixed), lab.Stamp(stamp)
	return s, json.Unmarshal([]byte(mistakes), &s.Mistakes)
}

// standings reads the standings of all labs that were ever seen.
func (w *Workshop) standings(ctx context.Context) (all map[string]Standing, err error) {
	all = map[string]Standing{}
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT lab, `+standingColumns+` FROM workshop_standing`, nil, func(r store.Row) error {
			var name string
			s, err := scanStanding(r, &name)
			all[name] = s
			return err
		})
	})
	return all, err
}

func readStanding(tx *store.Tx, name string) (Standing, error) {
	list, err := store.List(tx, func(r store.Row) (Standing, error) { return scanStanding(r) },
		`SELECT `+standingColumns+` FROM workshop_standing WHERE lab = $1`, name)
	if err != nil || len(list) == 0 {
		return Standing{}, err
	}
	return list[0], nil
}

func writeStanding(tx *store.Tx, name string, s Standing) error {
	mistakes, err := json.Marshal(append([]string{}, s.Mistakes...))
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO workshop_standing (lab, `+standingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (lab) DO UPDATE SET done = excluded.done, total = excluded.total, current = excluded.current,
			since_ms = excluded.since_ms, awaits = excluded.awaits,
			mistakes = excluded.mistakes, fault = excluded.fault, fault_ms = excluded.fault_ms,
			fault_fixed_ms = excluded.fault_fixed_ms, problem = excluded.problem, stamp = excluded.stamp`,
		name, s.Done, s.Total, s.Current, store.Millis(s.Since), s.Awaits, string(mistakes), s.Fault,
		store.Millis(s.FaultSince), store.Millis(s.FaultFixed), s.Problem, string(s.Stamp))
}
