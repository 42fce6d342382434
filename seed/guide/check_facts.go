package guide

import (
	"context"
	"slices"
	"strings"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// judgement is what the guide remembers of a check in a lab, so that it judges the check again only after a change of what
// the check reads.
type judgement struct {
	mark   uint64 // of the lab's file; what the check read was read later
	judged bool
	met    bool
	scans  []scanState
}

// scanState is what the guide remembers of a search of a log.
type scanState struct {
	mark   uint64
	judged bool
	newest int64 // number of the last entry that was searched
	result script.ScanResult
}

// judge judges the checks again whose parts have changed. Afterwards their judgements in cached are those of the lab as it is.
func (g *Guide) judge(r *reading, cached *labProgress, checks []*script.Check) error {
	for _, check := range checks {
		j := cached.judgements[check]
		if j == nil {
			j = &judgement{scans: make([]scanState, len(check.Scans()))}
			cached.judgements[check] = j
		}
		found, err := extendScans(r, check, j)
		if err != nil {
			return err
		}
		if j.judged && !found && !r.changedSince(j.mark, check.Parts()) {
			continue
		}
		facts, err := r.facts(check.Parts())
		if err != nil {
			return err
		}
		results := make([]script.ScanResult, len(j.scans))
		for i := range j.scans {
			results[i] = j.scans[i].result
		}
		met, err := check.Evaluate(facts, results)
		j.met, j.mark, j.judged = err == nil && met, r.mark, true // an error means that something does not exist yet
	}
	return nil
}

// extendScans searches what is new in the logs of a check. It reports whether the result of a search has changed. When the
// condition of a search reads a part that has changed, it searches the whole log again.
func extendScans(r *reading, check *script.Check, j *judgement) (found bool, err error) {
	scans := check.Scans()
	for i := range scans {
		scan, state := &scans[i], &j.scans[i]
		before := *state
		if !state.judged || r.changedSince(state.mark, scan.Parts) {
			*state = scanState{}
		} else if !r.changedSince(state.mark, []string{scan.Log}) {
			continue
		}
		entries, newest, err := r.newEntries(scan.Log, state.newest)
		if err != nil {
			return false, err
		}
		if len(entries) > 0 {
			facts, err := r.facts(scan.Parts)
			if err != nil {
				return false, err
			}
			restore := facts.SetLog(scan.Log, entries)
			state.result = scan.Extend(state.result, facts, len(entries))
			restore()
		}
		state.newest, state.mark, state.judged = newest, r.mark, true
		found = found || !before.judged || scan.Differ(before.result, state.result)
	}
	return found, nil
}

// reading reads parts of a lab's view once for several checks.
type reading struct {
	ctx    context.Context
	lab    *lab.Lab
	script *script.Script
	mark   uint64 // of the lab's file, before anything was read

	parts   []string // that view has
	view    map[string]any
	known   script.Facts // of view; nil when parts were added
	entries map[logPosition]newEntries
}

// logPosition is a log of the view and the number of an entry.
type logPosition struct {
	log   string
	after int64
}

type newEntries struct {
	list   []any
	newest int64
}

func (g *Guide) newReading(ctx context.Context, l *lab.Lab) *reading {
	return &reading{
		ctx: ctx, lab: l, script: g.script, mark: l.DB.Mark(),
		view: map[string]any{"okta": map[string]any{}, "sigma": map[string]any{}}, entries: map[logPosition]newEntries{},
	}
}

func (r *reading) changedSince(mark uint64, parts []string) bool {
	return r.lab.ViewChangedSince(mark, parts...)
}

// facts returns facts that contain at least the parts of the view with these names.
func (r *reading) facts(parts []string) (script.Facts, error) {
	missing := slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return slices.Contains(r.parts, part) })
	if len(missing) > 0 {
		view, err := r.lab.View(r.ctx, missing...)
		if err != nil {
			return nil, err
		}
		r.add(view, missing)
		r.known = nil
	}
	if r.known == nil {
		r.known = r.script.FactsOf(r.view, r.parts)
	}
	return r.known, nil
}

// add adds parts of a view that was read.
func (r *reading) add(view lab.View, parts []string) {
	from := plain(view).(map[string]any)
	for _, part := range parts {
		product, member, isMember := strings.Cut(part, ".")
		switch {
		case isMember:
			r.view[product].(map[string]any)[member] = from[product].(map[string]any)[member]
		default: // a whole product, traffic, copied or pasted
			r.view[product] = from[product]
		}
	}
	r.parts = append(r.parts, parts...)
}

// newEntries returns the entries of a log that were added after the one with a number, and the number of the last.
func (r *reading) newEntries(log string, after int64) (list []any, newest int64, err error) {
	at := logPosition{log, after}
	if known, read := r.entries[at]; read {
		return known.list, known.newest, nil
	}
	view, newest, err := r.lab.NewEntries(r.ctx, log, after)
	if err != nil {
		return nil, 0, err
	}
	product, member, isMember := strings.Cut(log, ".")
	value := plain(view).(map[string]any)[product]
	if isMember {
		value = value.(map[string]any)[member]
	}
	list, _ = value.([]any)
	r.entries[at] = newEntries{list, newest}
	return list, newest, nil
}
