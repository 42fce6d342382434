package lab

import (
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// GuidePosition is the step that the learner chose to see in the guide panel.
type GuidePosition struct {
	Step string // empty at the end of the guide
	Open string // the first step that was not completed at that time; empty when all were completed
}

// GuidePosition returns the position that the learner chose last in a guide; ok is false when there is none.
func (l *Lab) GuidePosition(ctx context.Context, guide string) (p GuidePosition, ok bool, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		p, err = store.One(tx, "", func(r store.Row) (p GuidePosition, err error) {
			return p, r.Scan(&p.Step, &p.Open)
		}, `SELECT step, open FROM lab_guide_position WHERE guide = $1`, guide)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return p, false, nil
	}
	return p, err == nil, err
}

// SetGuidePosition stores the position in a guide.
func (l *Lab) SetGuidePosition(ctx context.Context, guide string, p GuidePosition) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_guide_position (guide, step, open) VALUES ($1, $2, $3)
			ON CONFLICT (guide) DO UPDATE SET step = excluded.step, open = excluded.open`, guide, p.Step, p.Open)
	})
}
