package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"understudy/idp/logfilter"
	"understudy/seed/base/csvfile"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// scope returns the condition of a query, without its cursor, over okta_log.
func (q LogQuery) scope() (where string, args []any, err error) {
	f, err := logfilter.Parse(q.Text)
	if err != nil {
		return "", nil, err
	}
	where, args = f.SQL, f.Args
	if !q.Since.IsZero() {
		args = append(args, q.Since.UnixMilli())
		where += fmt.Sprintf(" AND published_ms >= $%d", len(args))
	}
	if !q.Until.IsZero() {
		args = append(args, q.Until.UnixMilli())
		where += fmt.Sprintf(" AND published_ms <= $%d", len(args))
	}
	return where, args, nil
}

// Log returns a page of events, newest first unless q.Ascending. Fields of the problem: filter, after.
func (o *Org) Log(ctx context.Context, q LogQuery) (page LogPage, err error) {
	where, args, err := q.scope()
	if err != nil {
		return page, err
	}
	if q.Limit <= 0 || q.Limit > 1000 {
		q.Limit = 100
	}
	order, after := "DESC", "<"
	if q.Ascending {
		order, after = "ASC", ">"
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		whole, all := where, args
		if q.After != "" {
			seq, err := strconv.ParseInt(q.After, 10, 64)
			if err != nil {
				return problem.InvalidField("after", "This page of the log does not exist. Search again.")
			}
			args = append(args, seq)
			where += fmt.Sprintf(" AND seq %s $%d", after, len(args))
		}
		var last int64
		page.Events, err = store.List(tx, func(r store.Row) (e LogEvent, err error) {
			var text string
			if err := r.Scan(&last, &text); err != nil {
				return e, err
			}
			return e, json.Unmarshal([]byte(text), &e)
		}, fmt.Sprintf(`SELECT seq, event FROM okta_log WHERE %s ORDER BY seq %s LIMIT %d`, where, order, q.Limit), args...)
		if len(page.Events) == q.Limit {
			page.Next = strconv.FormatInt(last, 10)
		}
		if err != nil || q.After == "" && page.Next == "" { // the first page is the only one
			page.Total = len(page.Events)
			return err
		}
		return tx.QueryRow(`SELECT count(*) FROM okta_log WHERE `+whole, all...).Scan(&page.Total)
	})
	return page, err
}

// LogAfter gives up to limit events that were recorded after the one with a number, newest first. newest is the number of the
// last event, or seq when there is none. Numbers increase, and recorded events never change.
func (o *Org) LogAfter(ctx context.Context, seq int64, limit int) (events []LogEvent, newest int64, err error) {
	newest = seq
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		events, err = store.List(tx, func(r store.Row) (e LogEvent, err error) {
			var at int64
			var text []byte
			if err := r.Scan(&at, &text); err != nil {
				return e, err
			}
			newest = max(newest, at)
			return e, json.Unmarshal(text, &e)
		}, `SELECT seq, event FROM okta_log WHERE seq > $1 ORDER BY seq DESC LIMIT $2`, seq, limit)
		return err
	})
	return events, newest, err
}

// LogCounts counts the events of a query in equal periods, oldest first. Without q.Since the first period starts at
// the first event; without q.Until the last one ends now.
func (o *Org) LogCounts(ctx context.Context, q LogQuery, buckets int) (counts []LogBucket, err error) {
	if buckets < 1 {
		return nil, nil
	}
	where, args, err := q.scope()
	if err != nil {
		return nil, err
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		counts, err = logCounts(tx, q, where, args, buckets)
		return err
	})
	return counts, err
}

func logCounts(tx *store.Tx, q LogQuery, where string, args []any, buckets int) ([]LogBucket, error) {
	if q.Until.IsZero() {
		q.Until = tx.Now()
	}
	if q.Since.IsZero() {
		var first int64
		if err := tx.QueryRow(`SELECT coalesce(min(published_ms), 0) FROM okta_log WHERE `+where,
			args...).Scan(&first); err != nil {
			return nil, err
		}
		if q.Since = store.Time(first); first == 0 {
			q.Since = q.Until.Add(-time.Hour)
		}
	}
	width := max(q.Until.Sub(q.Since)/time.Duration(buckets), time.Second)
	counts := make([]LogBucket, buckets)
	for i := range counts {
		counts[i].Start = q.Since.Add(time.Duration(i) * width)
		counts[i].End = counts[i].Start.Add(width)
	}
	return counts, tx.Each(`SELECT published_ms FROM okta_log WHERE `+where, args, func(r store.Row) error {
		var ms int64
		if err := r.Scan(&ms); err != nil {
			return err
		}
		if i := int(store.Time(ms).Sub(q.Since) / width); i >= 0 {
			counts[min(i, buckets-1)].Count++
		}
		return nil
	})
}

// LogCSV writes the events of a query as the Admin Console's Download CSV does, newest first.
func (o *Org) LogCSV(ctx context.Context, w io.Writer, q LogQuery) error {
	out := csvfile.New(w)
	_ = out.Write("timestamp", "severity", "eventType", "displayMessage", "outcome.result", "outcome.reason",
		"actor.type", "actor.displayName", "actor.alternateId", "client.ipAddress", "target", "transaction.id", "uuid") // out.Close reports it at the end
	q.Limit = 1000
	for {
		page, err := o.Log(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			var targets []string
			for _, t := range e.Targets {
				targets = append(targets, t.DisplayName+" ("+t.Type+")")
			}
			_ = out.Write(e.Published, e.Severity, e.EventType, e.DisplayMessage, e.Outcome.Result, value(e.Outcome.Reason),
				e.Actor.Type, e.Actor.DisplayName, e.Actor.AlternateID, value(e.Client.IPAddress),
				strings.Join(targets, "; "), e.Transaction.ID, e.UUID)
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	return out.Close()
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
