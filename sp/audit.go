package sp

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"understudy/seed/base/store"
)

// EventType is the column Event Type of the audit log, with the values of 2023.
type EventType string

// The event types (Sigma help: audit log events and metadata).
const (
	AccessSigma        EventType = "ACCESS_SIGMA"
	UserAccounts       EventType = "USER_ACCOUNTS"
	AccountTypeEvents  EventType = "ACCOUNT_TYPES"
	TeamEvents         EventType = "TEAMS"
	ObjectInteractions EventType = "OBJECT_INTERACTIONS"
	Exports            EventType = "EXPORTS"
	Provisioning       EventType = "PROVISIONING"
)

// EventTypes lists the event types for a filter.
func EventTypes() []EventType {
	return []EventType{AccessSigma, UserAccounts, AccountTypeEvents, TeamEvents, ObjectInteractions, Exports, Provisioning}
}

// Object is what an event is about.
type Object struct{ Kind, ID, Name string }

// Event is an event without the time and actor that the log adds.
type Event struct {
	Type    EventType
	Name    string // "LOGIN", "CREATE_TEAM"
	Failure bool
	Reason  string // reason code or sentence; never a secret
	Object  Object
	Detail  map[string]string
}

// AuditEntry is an event in the audit log.
type AuditEntry struct {
	Seq    int64
	ID     string
	At     time.Time
	Type   EventType
	Name   string
	Status string // Success, Failure
	Reason string
	Actor  Actor
	Object Object
	Detail map[string]string
}

// AuditQuery filters the audit log. A zero value does not filter.
type AuditQuery struct {
	Search       string // in event name, reason, actor and object
	Type         EventType
	Status       string // Success, Failure
	Since, Until time.Time
	Page, Size   int // Page counts from 1; Size 0 means 50
}

// AuditLog lists the audit log, newest first. Admins only.
func (o *Organization) AuditLog(ctx context.Context, by Actor, q AuditQuery) (p Page[AuditEntry], err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("read the audit log"); err != nil {
			return err
		}
		var w where
		if q.Type != "" {
			w.and(`type = ?`, string(q.Type))
		}
		if q.Status != "" {
			w.and(`status = ?`, q.Status)
		}
		if !q.Since.IsZero() {
			w.and(`at_ms >= ?`, store.Millis(q.Since))
		}
		if !q.Until.IsZero() {
			w.and(`at_ms < ?`, store.Millis(q.Until))
		}
		if s := strings.TrimSpace(q.Search); s != "" {
			w.and(`lower(name || ' ' || reason || ' ' || actor_name || ' ' || actor_email || ' ' || object_name)
				LIKE ? ESCAPE '\'`, contains(s))
		}
		p, err = page(tx, q.Page, q.Size, scanAudit, auditFields, ` FROM sigma_audit`, w, `ORDER BY seq DESC`)
		return err
	})
	return p, err
}

// auditFields are the columns that scanAudit reads.
const auditFields = `SELECT seq, id, at_ms, type, name, status, reason, actor_kind, actor_id, actor_name, actor_email, object_kind,
	object_id, object_name, detail, ip, user_agent, session_id, request_id, request_uri`

// AuditAfter gives up to limit entries that were recorded after the one with a number, newest first.
func (o *Organization) AuditAfter(ctx context.Context, by Actor, seq int64, limit int) (entries []AuditEntry, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("read the audit log"); err != nil {
			return err
		}
		entries, err = store.List(tx, scanAudit, auditFields+` FROM sigma_audit WHERE seq > $1 ORDER BY seq DESC LIMIT $2`, seq, limit)
		return err
	})
	return entries, err
}

// Record writes an event that a handler observed, such as a refused SAML response.
func (o *Organization) Record(ctx context.Context, by Actor, e Event) error {
	return o.db.Write(ctx, func(tx *store.Tx) error { return record(tx, by, e) })
}

// record writes an event to the audit log, in the transaction of the change.
func record(tx *store.Tx, by Actor, e Event) error { return recordAt(tx, by, e, nil, tx.Now()) }

// recordAt writes an event of a time with a number, or with the next one if seq is nil.
func recordAt(tx *store.Tx, by Actor, e Event, seq any, at time.Time) error {
	status := "Success"
	if e.Failure {
		status = "Failure"
	}
	recorded := map[string]string{}
	for name, value := range e.Detail {
		recorded[name] = store.Recorded(value)
	}
	detail, err := json.Marshal(recorded)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO sigma_audit (seq, id, at_ms, type, name, status, reason, actor_kind, actor_id, actor_name, actor_email,
		object_kind, object_id, object_name, detail, ip, user_agent, session_id, request_id, request_uri)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		seq, tx.UUID(), store.Millis(at), string(e.Type), e.Name, status, store.Recorded(e.Reason),
		string(by.Kind), by.MemberID, store.Recorded(by.Name), store.Recorded(by.Email),
		e.Object.Kind, e.Object.ID, store.Recorded(e.Object.Name), string(detail), by.Client.IP,
		store.Recorded(by.Client.UserAgent), by.Client.SessionID, by.Client.RequestID, store.Recorded(by.Client.RequestURI))
}

func scanAudit(r store.Row) (e AuditEntry, err error) {
	var at int64
	var detail string
	a, c := &e.Actor, &e.Actor.Client
	err = r.Scan(&e.Seq, &e.ID, &at, &e.Type, &e.Name, &e.Status, &e.Reason, &a.Kind, &a.MemberID, &a.Name, &a.Email,
		&e.Object.Kind, &e.Object.ID, &e.Object.Name, &detail, &c.IP, &c.UserAgent, &c.SessionID, &c.RequestID, &c.RequestURI)
	if err != nil {
		return e, err
	}
	e.At = store.Time(at)
	return e, json.Unmarshal([]byte(detail), &e.Detail)
}
