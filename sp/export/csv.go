package export

import (
	"io"

	"understudy/seed/base/csvfile"
)

// writeCSV writes RFC 4180 with CRLF line ends. A row that is too short gets empty cells.
func writeCSV(w io.Writer, t Table) error {
	out := csvfile.New(w, csvfile.CRLF, csvfile.Numbers)
	if err := out.Write(t.Columns...); err != nil {
		return err
	}
	for i := range t.Rows {
		line := make([]string, len(t.Columns))
		for c := range t.Columns {
			line[c] = t.cell(i, c)
		}
		if err := out.Write(line...); err != nil {
			return err
		}
	}
	return out.Close()
}
