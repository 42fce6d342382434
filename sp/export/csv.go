package export

import (
	"encoding/csv"
	"io"
)

// writeCSV writes RFC 4180 with CRLF line ends. A row that is too short gets empty cells.
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
