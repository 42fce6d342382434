package lab

import (
	"context"
	"log/slog"

	"understudy/seed/base/store"
)

// visitsKept is how many different pages a lab stores as visited.
const visitsKept = 5000

// RecordVisits stores the paths of pages that somebody has opened. It writes only new paths: most pages are opened again and again.
func (l *Lab) RecordVisits(ctx context.Context, h Half, paths []string, log *slog.Logger) {
	for i := range paths {
		paths[i] = store.Recorded(paths[i])
	}
	l.record(ctx, "storing a visit failed", log, func(tx *store.Tx) (affectsChecks bool, err error) {
		for _, path := range paths {
			added, err := tx.Change(`INSERT INTO lab_visit (half, path) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM lab_visit WHERE half = $1 AND path = $2)
				AND (SELECT count(*) FROM lab_visit) < $3`, string(h), path, visitsKept)
			if err != nil {
				return affectsChecks, err
			}
			affectsChecks = affectsChecks || added > 0
		}
		return affectsChecks, nil
	})
}

// visits lists the paths of a half that were opened.
func (l *Lab) visits(ctx context.Context, h Half) (paths []string, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		paths, err = store.List(tx, store.Text, `SELECT path FROM lab_visit WHERE half = $1 ORDER BY path`, string(h))
		return err
	})
	return append([]string{}, paths...), err
}
