package idp

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// ClockSkew returns how far Okta's clock is ahead of the lab's. It affects only the times in SAML messages.
func (o *Org) ClockSkew(ctx context.Context) (skew time.Duration, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		skew, err = clockSkew(tx)
		return err
	})
	return skew, err
}

// OktaTime returns the time of Okta's clock, which a fault can set ahead.
func (o *Org) OktaTime(ctx context.Context) (time.Time, error) {
	skew, err := o.ClockSkew(ctx)
	return o.db.Now().Add(skew), err
}

// SetClockSkew sets Okta's clock ahead of the lab's; a negative skew sets it behind. The fault "clock-off" uses it.
func (o *Org) SetClockSkew(ctx context.Context, skew time.Duration) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO okta_clock (id, skew_ms) VALUES (1, $1) ON CONFLICT (id) DO UPDATE
			SET skew_ms = excluded.skew_ms`, skew.Milliseconds())
	})
}

func clockSkew(tx *store.Tx) (time.Duration, error) {
	var ms int64
	err := tx.QueryRow(`SELECT coalesce(max(skew_ms), 0) FROM okta_clock`).Scan(&ms)
	return time.Duration(ms) * time.Millisecond, err
}
