package export

import (
	"encoding/json"
	"io"
)

// writeJSON writes an array with one object for each row. The members of an object have the order of the columns, which
// a map would lose. A cell becomes a JSON number only if [plainNumber] says so.
func writeJSON(w io.Writer, t Table) error {
	buf := []byte("[")
	for i := range t.Rows {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, "\n  {"...)
		for c, name := range t.Columns {
			if c > 0 {
				buf = append(buf, ", "...)
			}
			key, err := json.Marshal(name)
			if err != nil {
				return err
			}
			var value any = t.cell(i, c)
			if n, ok := plainNumber(t.cell(i, c)); ok {
				value = n
			}
			text, err := json.Marshal(value)
			if err != nil {
				return err
			}
			buf = append(append(append(buf, key...), ": "...), text...)
		}
		buf = append(buf, '}')
	}
	_, err := w.Write(append(buf, "\n]\n"...))
	return err
}
