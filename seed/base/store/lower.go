package store

import (
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// The SQL function lower is replaced by strings.ToLower. SQLite's own lower changes ASCII letters only, but Okta and Sigma
// compare names that Go has lowered: "Équipe" could be created twice and would not be found by a search. An index in the
// file uses the function, so no other program may change the file.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("lower", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		switch v := args[0].(type) {
		case string:
			return strings.ToLower(v), nil
		case []byte:
			return strings.ToLower(string(v)), nil
		default: // a number stays a number, NULL stays NULL
			return v, nil
		}
	})
}
