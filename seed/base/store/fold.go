package store

import (
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// SQLite's own lower knows no letters beyond ASCII, while the halves lower what people type with Go's: "Équipe" would be a
// free name twice and be found by no search. So lower means strings.ToLower in every lab's file, as it does in
// PostgreSQL. An index uses it too: a file is to be changed by this program only.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("lower", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		switch v := args[0].(type) {
		case string:
			return strings.ToLower(v), nil
		case []byte:
			return strings.ToLower(string(v)), nil
		default: // numbers, and null for null
			return v, nil
		}
	})
}
