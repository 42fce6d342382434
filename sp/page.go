package sp

import (
	"fmt"
	"strings"

	"understudy/seed/base/store"
)

// Page is one page of a list.
type Page[T any] struct {
	Items  []T
	Total  int // of all pages
	Number int // from 1
	Size   int
}

// Pages is the number of pages, at least 1.
func (p Page[T]) Pages() int {
	if p.Size == 0 || p.Total == 0 {
		return 1
	}
	return (p.Total + p.Size - 1) / p.Size
}

// where collects the conditions of a query. Each ? becomes the next numbered placeholder.
type where struct {
	parts []string
	args  []any
}

func (w *where) and(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, condition)
}

func (w *where) sql() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// contains returns a LIKE pattern for typed text. The query needs ESCAPE '\'.
func contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

const defaultPageSize = 50

// page reads one page of a list and counts the whole list. fields is "SELECT …", from is " FROM …".
func page[T any](
	tx *store.Tx, number, size int, scan func(store.Row) (T, error), fields, from string, w where, order string,
) (p Page[T], err error) {
	if number < 1 {
		number = 1
	}
	if size < 1 || size > 1000 {
		size = defaultPageSize
	}
	p.Number, p.Size = number, size
	from += w.sql()
	p.Items, p.Total, err = store.ListPage(tx, scan, fields+from+" "+order, `SELECT count(*)`+from, size, (number-1)*size, w.args...)
	return p, err
}
