package lab

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strconv"
	"time"

	"understudy/scim"
	"understudy/seed/base/store"
)

// Trouble is how Sigma's directory misbehaves towards the next SCIM requests, as a service does that is overloaded or
// half broken.
type Trouble struct {
	Status     int           // answered instead of the request's own answer; 0: only late
	RetryAfter time.Duration // told with the status, in whole seconds; 0: not told
	Delay      time.Duration // before the answer, in wall time
	Requests   int           // how many requests meet it
}

// SetTrouble makes the directory misbehave; a Trouble of no requests ends that.
func (l *Lab) SetTrouble(ctx context.Context, t Trouble) error {
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_trouble (id, status, retry_after, delay_ms, remaining) VALUES (1, $1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET status = excluded.status, retry_after = excluded.retry_after, delay_ms = excluded.delay_ms, remaining = excluded.remaining`,
			t.Status, int(t.RetryAfter.Seconds()), t.Delay.Milliseconds(), t.Requests)
	})
}

// meetTrouble counts a request among those that meet the trouble; ok is false when there is none left.
func (l *Lab) meetTrouble(ctx context.Context) (t Trouble, ok bool, err error) {
	read := func(tx *store.Tx) error {
		var after, delay int64
		err := tx.QueryRow(`SELECT status, retry_after, delay_ms, remaining FROM lab_trouble WHERE id = 1 AND remaining > 0`).Scan(&t.Status, &after, &delay, &t.Requests)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		t.RetryAfter, t.Delay, ok = time.Duration(after)*time.Second, time.Duration(delay)*time.Millisecond, err == nil
		return err
	}
	if err := l.DB.Read(ctx, read); err != nil || !ok {
		return t, ok, err
	}
	err = l.DB.Write(ctx, func(tx *store.Tx) error {
		ok = false
		if err := read(tx); err != nil || !ok {
			return err
		}
		return tx.Exec(`UPDATE lab_trouble SET remaining = remaining - 1 WHERE id = 1`)
	})
	return t, ok, err
}

// troubled serves the request as the directory's trouble lets it.
func (l *Lab) troubled(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, meets, err := l.meetTrouble(r.Context())
		if err != nil || !meets {
			next.ServeHTTP(w, r) // which meets the same error, and says it
			return
		}
		if t.Delay > 0 {
			select {
			case <-time.After(t.Delay):
			case <-r.Context().Done():
				return
			}
		}
		if t.Status == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if t.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(t.RetryAfter.Seconds())))
		}
		detail := "The service has a fault. Try again later."
		if t.Status == http.StatusTooManyRequests {
			detail = "Too many requests."
		}
		scim.WriteError(w, scim.NewError(t.Status, "", "%s", detail))
	})
}
