package lab

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"understudy/seed/base/exchange"
	"understudy/seed/base/store"
)

// Kinds of exchanges.
const (
	SAMLRequest  = "SAML request"
	SAMLResponse = "SAML response"
	SCIM         = "SCIM"
)

// Exchange is one message between the halves, stored for the traffic page.
type Exchange struct {
	ID             int64
	At             time.Time // when it arrived, lab time
	Kind           string
	Window         int    // window of the browser that carried the message; 0 for SCIM
	ReceiverOrigin string // origin of the receiving server when it is not this lab
	Method         string
	Path           string // within the half
	RelayState     string // beside a SAML message
	Status         int    // 0: no response
	Took           time.Duration
	Request        string            // XML of a SAML message, or head and body of a SCIM request; secrets are masked
	RawRequest     string            // request line, headers and body of a SAML message as sent; without cookies
	Response       string            // body of a SCIM response; secrets are masked
	Checks         []exchange.Check  // of the receiver, in their order
	Changes        []exchange.Change // in the receiver's records
}

const (
	exchangesKept   = 500      // at least; older ones are deleted in batches
	MaxRecordedBody = 64 << 10 // bytes stored of each side of a message

	// pruneEvery is the number of new entries after which the oldest are deleted in one batch.
	pruneEvery = 50
)

// exchangeNotes is the stored form of checks and changes.
type exchangeNotes struct {
	Checks  []exchange.Check  `json:"checks,omitempty"`
	Changes []exchange.Change `json:"changes,omitempty"`
}

// RecordExchange stores a message. An error is logged: a request must not fail because its record could not be written.
func (l *Lab) RecordExchange(ctx context.Context, x Exchange, log *slog.Logger) {
	x.Path, x.ReceiverOrigin = store.Recorded(x.Path), store.Recorded(x.ReceiverOrigin)
	l.record(ctx, "storing an exchange failed", log, func(tx *store.Tx) (affectsChecks bool, err error) {
		notes, err := json.Marshal(exchangeNotes{x.Checks, x.Changes})
		if err != nil {
			return false, err
		}
		id, err := tx.Insert(`INSERT INTO lab_exchange (at_ms, kind, summary, window, elsewhere, method, path, relay_state, status, took_us, request, response, notes,
			wire) VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, x.At.UnixMilli(), x.Kind, x.Window, x.ReceiverOrigin,
			x.Method, x.Path, x.RelayState, x.Status, x.Took.Microseconds(), x.Request, x.Response, string(notes), x.RawRequest)
		if err != nil || id%pruneEvery != 0 {
			return err == nil, err
		}
		return true, tx.Exec(`DELETE FROM lab_exchange WHERE id <= $1`, id-exchangesKept)
	})
}

const (
	exchangeLine  = `SELECT id, at_ms, kind, window, elsewhere, method, path, '', status, took_us, '', '', '', '' FROM lab_exchange `
	exchangeWhole = `SELECT id, at_ms, kind, window, elsewhere, method, path, relay_state, status, took_us, request, response, notes, wire FROM lab_exchange `
)

// Exchanges returns up to limit messages, newest first, without their contents.
func (l *Lab) Exchanges(ctx context.Context, limit int) (list []Exchange, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanExchange, exchangeLine+`ORDER BY id DESC LIMIT $1`, limit)
		return err
	})
	return list, err
}

// exchangesAfter returns up to limit messages that were stored after the one with an ID, newest first, without their contents.
func (l *Lab) exchangesAfter(ctx context.Context, id int64, limit int) (list []Exchange, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanExchange, exchangeLine+`WHERE id > $1 ORDER BY id DESC LIMIT $2`, id, limit)
		return err
	})
	return list, err
}

// ExchangesFrom returns the messages with the IDs first to last with their contents, oldest first.
func (l *Lab) ExchangesFrom(ctx context.Context, first, last int64) (list []Exchange, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanExchange, exchangeWhole+`WHERE id BETWEEN $1 AND $2 ORDER BY id`, first, last)
		return err
	})
	return list, err
}

// Exchange returns one message with its contents. NotFound when it does not exist or was deleted.
func (l *Lab) Exchange(ctx context.Context, id int64) (x Exchange, err error) {
	err = l.readRecords(ctx, func(tx *store.Tx) error {
		x, err = store.One(tx, "This message does not exist, or it is older than the last 500 messages.", scanExchange, exchangeWhole+`WHERE id = $1`, id)
		return err
	})
	return x, err
}

func scanExchange(r store.Row) (x Exchange, err error) {
	var at, took int64
	var text string
	err = r.Scan(&x.ID, &at, &x.Kind, &x.Window, &x.ReceiverOrigin, &x.Method, &x.Path, &x.RelayState, &x.Status, &took,
		&x.Request, &x.Response, &text, &x.RawRequest)
	if err != nil {
		return x, err
	}
	x.At, x.Took = store.Time(at), time.Duration(took)*time.Microsecond
	var notes exchangeNotes
	if text != "" {
		err = json.Unmarshal([]byte(text), &notes)
	}
	x.Checks, x.Changes = notes.Checks, notes.Changes
	return x, err
}
