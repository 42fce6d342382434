package lab

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"understudy/seed/base/store"
)

// InjectedFault is how Sigma's directory answers the next SCIM requests wrongly or late, as an overloaded service does.
type InjectedFault struct {
	Status     int           // of the response that replaces the real one; 0: the real response is sent late
	RetryAfter time.Duration // header of that response, in whole seconds; 0: no header
	Delay      time.Duration // before the response, in wall time
	Requests   int           // how many requests are affected; EveryRequest until the fault is ended
}

// EveryRequest is the number of requests of a fault that does not end by itself.
const EveryRequest = math.MaxInt32

// InjectFault lets the next SCIM requests fail. A fault with no requests ends the failures.
func (l *Lab) InjectFault(ctx context.Context, f InjectedFault) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_injected_fault (id, status, retry_after, delay_ms, remaining) VALUES (1, $1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET status = excluded.status, retry_after = excluded.retry_after,
				delay_ms = excluded.delay_ms, remaining = excluded.remaining`,
			f.Status, int(f.RetryAfter.Seconds()), f.Delay.Milliseconds(), f.Requests)
	})
}

// pendingFaultKey names the kept value that says whether a fault is left: every SCIM request asks.
type pendingFaultKey struct{}

// TakeInjectedFault counts one request as affected and returns the fault; ok is false when no fault is left.
func (l *Lab) TakeInjectedFault(ctx context.Context) (f InjectedFault, ok bool, err error) {
	read := func(tx *store.Tx) error {
		var after, delay int64
		row := tx.QueryRow(`SELECT status, retry_after, delay_ms, remaining FROM lab_injected_fault WHERE id = 1 AND remaining > 0`)
		err := row.Scan(&f.Status, &after, &delay, &f.Requests)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		f.RetryAfter, f.Delay, ok = time.Duration(after)*time.Second, time.Duration(delay)*time.Millisecond, err == nil
		return err
	}
	pending, err := l.HasInjectedFault(ctx)
	if err != nil || !pending {
		return f, false, err
	}
	err = l.DB.Write(ctx, func(tx *store.Tx) error {
		ok = false
		if err := read(tx); err != nil || !ok {
			return err
		}
		if f.Requests == EveryRequest {
			return nil
		}
		return tx.Exec(`UPDATE lab_injected_fault SET remaining = remaining - 1 WHERE id = 1`)
	})
	return f, ok, err
}

// HasInjectedFault reports whether a fault of Sigma's directory is left.
func (l *Lab) HasInjectedFault(ctx context.Context) (pending bool, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) (err error) {
		pending, err = store.Keep(tx, pendingFaultKey{}, func() (bool, error) {
			return tx.Exists(`SELECT 1 FROM lab_injected_fault WHERE id = 1 AND remaining > 0`)
		})
		return err
	})
	return pending, err
}
