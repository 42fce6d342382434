package workshop

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	page "understudy/ui/lab"
)

// The page of the console changes when the workshop changes, and from time to time because it shows how long something takes.
const (
	eventDelay  = 80 * time.Millisecond // between a change and its event: one click often makes several changes
	eventLatest = 20 * time.Second
)

// update is what an event changes in an open console. Rows are HTML by lab, and parts are HTML by the id of an element. Order is
// set when other rows are shown, or in another order.
type update struct {
	Parts map[string]string `json:"parts,omitempty"`
	Rows  map[string]string `json:"rows,omitempty"`
	Order []string          `json:"order,omitempty"`
	Empty bool              `json:"empty"` // nobody has joined
}

// sent is what an open console shows.
type sent struct {
	begun bool
	parts map[string]string
	rows  map[string]page.ConsoleRow
	order []string
}

// events is a stream of server-sent events for open consoles and projectors. An event comes when the workshop or one of its labs
// has changed, and holds only what has changed. The first event comes at once, for changes that were made while the browser loaded
// the page.
func (w *Workshop) events(c echo.Context) error {
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	defer context.AfterFunc(w.Stopped, cancel)()
	c.Response().Header().Set(echo.HeaderContentType, "text/event-stream")
	c.Response().Header().Set("X-Accel-Buffering", "no") // tells nginx not to hold events back
	c.Response().WriteHeader(200)
	q := queryOf(c.QueryParams())
	shown := sent{parts: map[string]string{}, rows: map[string]page.ConsoleRow{}}
	for {
		version := w.db.Version()
		u, changed, err := w.updateOf(ctx, q, &shown)
		if err != nil {
			return nil //nolint:nilerr // the browser connects again
		}
		if changed {
			data, err := json.Marshal(u)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(c.Response(), "event: workshop\ndata: %s\n\n", data); err != nil {
				return nil //nolint:nilerr // the browser has closed the page
			}
			c.Response().Flush()
		}
		if !w.waitForChange(ctx, version) {
			return nil
		}
	}
}

// waitForChange waits until the workshop has changed, at most eventLatest. It returns false when ctx is done.
func (w *Workshop) waitForChange(ctx context.Context, version uint64) bool {
	limited, cancel := context.WithTimeout(ctx, eventLatest)
	defer cancel()
	_, _ = w.db.WaitChange(limited, version) // the error is that of a context
	select {
	case <-ctx.Done():
		return false
	case <-time.After(eventDelay):
		return true
	}
}

// updateOf returns what an open console does not show yet, and records that it shows it now.
func (w *Workshop) updateOf(ctx context.Context, q Query, shown *sent) (u update, changed bool, err error) {
	rows, err := w.knownRows(ctx)
	if err != nil {
		return u, false, err
	}
	view, err := w.consoleView(ctx, rows, q)
	if err != nil {
		return u, false, err
	}
	parts, err := view.Parts(ctx)
	if err != nil {
		return u, false, err
	}
	u = update{Parts: map[string]string{}, Rows: map[string]string{}, Empty: len(rows) == 0}
	for id, part := range parts {
		if shown.parts[id] != part {
			u.Parts[id] = part
		}
	}
	now := map[string]page.ConsoleRow{}
	var order []string
	for _, row := range view.Rows {
		now[row.Lab], order = row, append(order, row.Lab)
		if reflect.DeepEqual(row, shown.rows[row.Lab]) {
			continue
		}
		if u.Rows[row.Lab], err = row.HTML(ctx); err != nil {
			return u, false, err
		}
	}
	if !slices.Equal(order, shown.order) || !shown.begun {
		u.Order = append([]string{}, order...)
	}
	changed = !shown.begun || len(u.Parts) > 0 || len(u.Rows) > 0 || u.Order != nil
	shown.begun, shown.rows, shown.order = true, now, order
	maps.Copy(shown.parts, parts)
	return u, changed, nil
}
