package lab

import (
	"context"
	"log/slog"
	"time"

	"understudy/seed/base/store"
)

// PageRequest is one request for a page of a half and the status of its response. It holds no form values and no query.
type PageRequest struct {
	ID       int64
	At       time.Time // arrival, lab time
	Half     string    // "okta", "sigma"
	Window   int
	Method   string
	Path     string // within the half, without the query
	Status   int
	Took     time.Duration
	Location string // target of a redirect, without the query; empty for other responses
}

// pageRequestsKept is how many page requests a lab stores.
const pageRequestsKept = 1000

// RecordPageRequest stores a page request. An error is logged: a page must not fail because its record could not be written.
func (l *Lab) RecordPageRequest(ctx context.Context, p PageRequest, log *slog.Logger) {
	p.Path, p.Location = store.Recorded(p.Path), store.Recorded(p.Location)
	l.record(ctx, "storing a page request failed", log, func(tx *store.Tx) (affectsChecks bool, err error) {
		id, err := tx.Insert(`INSERT INTO lab_page_request (at_ms, half, window, method, path, status, took_us, location) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			p.At.UnixMilli(), p.Half, p.Window, p.Method, p.Path, p.Status, p.Took.Microseconds(), p.Location)
		if err != nil || id%pruneEvery != 0 {
			return false, err
		}
		return false, tx.Exec(`DELETE FROM lab_page_request WHERE id <= $1`, id-pageRequestsKept)
	})
}

// PageRequests lists up to limit page requests, newest first.
func (l *Lab) PageRequests(ctx context.Context, limit int) (list []PageRequest, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, func(r store.Row) (p PageRequest, err error) {
			var at, took int64
			err = r.Scan(&p.ID, &at, &p.Half, &p.Window, &p.Method, &p.Path, &p.Status, &took, &p.Location)
			p.At, p.Took = store.Time(at), time.Duration(took)*time.Microsecond
			return p, err
		}, `SELECT id, at_ms, half, window, method, path, status, took_us, location FROM lab_page_request ORDER BY id DESC LIMIT $1`, limit)
		return err
	})
	return list, err
}
