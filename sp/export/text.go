package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
)

// writeCSV writes RFC 4180 with CRLF line ends.
func writeCSV(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(t.Columns); err != nil {
		return err
	}
	for i := range t.Rows {
		line := make([]string, len(t.Columns))
		for c := range t.Columns {
			line[c] = t.cell(i, c)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeJSON writes an array with one object for each row; the members stand in the order of the columns.
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
