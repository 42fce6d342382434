package sp

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"

	"understudy/seed/problem"
	"understudy/seed/store"
)

// Format is what an export can be written as.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	Excel Format = "xlsx"
	PDF   Format = "pdf"
	PNG   Format = "png"
	JSON  Format = "json"
)

// Formats lists the formats in the menu's order.
func Formats() []Format { return []Format{CSV, Excel, PDF, PNG, JSON} }

// Label is the format as the menu writes it.
func (f Format) Label() string {
	return map[Format]string{CSV: "CSV", Excel: "Excel", PDF: "PDF", PNG: "PNG", JSON: "JSON"}[f]
}

// ExportFile is a finished download.
type ExportFile struct {
	Name        string // with ending
	ContentType string
	Body        []byte
}

// Export writes a workbook, or one element of it, in a format. Needs Can view and the permission Download; a refused
// one is Forbidden, code PERMISSION_MISSING, and stands in the audit log. CSV, PNG and JSON are of one element: where
// none is named, the first table (PNG: the first chart).
func (o *Organization) Export(ctx context.Context, by Actor, workbookID, elementID string, f Format) (file ExportFile, err error) {
	var b Workbook
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if b, err = loadWorkbook(tx, v, workbookID); err != nil {
			return err
		}
		about := Object{"workbook", b.ID, b.Name}
		if err := v.require(Download, Exports, "EXPORT", about); err != nil {
			return err
		}
		return record(tx, by, Event{Type: Exports, Name: "EXPORT", Object: about,
			Detail: map[string]string{"format": f.Label(), "element": elementID, "destination": "Direct download"}})
	})
	if err != nil {
		return file, err
	}
	return write(b, elementID, f)
}

// write makes the file; it needs no transaction any more.
func write(b Workbook, elementID string, f Format) (file ExportFile, err error) {
	elements, err := exported(&b.Content, elementID, f)
	if err != nil {
		return file, err
	}
	file.Name = fileName(b.Name, elementID, elements) + "." + string(f)
	switch f {
	case CSV:
		file.ContentType, file.Body = "text/csv; charset=utf-8", elementCSV(elements[0], true)
	case JSON:
		file.ContentType, file.Body = "application/json", elementJSON(elements[0])
	case Excel:
		file.ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		file.Body, err = spreadsheet(elements)
	case PDF:
		file.ContentType, file.Body = "application/pdf", pdfDocument(b.Name, b.Content.Text, elements)
	case PNG:
		file.ContentType = "image/png"
		file.Body, err = chartPNG(elements[0])
	}
	return file, err
}

// exported chooses the elements that a format writes.
func exported(c *Content, elementID string, f Format) ([]Element, error) {
	if f.Label() == "" {
		return nil, problem.New(problem.NotFound, "There is no such export format.")
	}
	if elementID != "" {
		e := c.Element(elementID)
		if e == nil {
			return nil, problem.New(problem.NotFound, "There is no such element in this workbook.")
		}
		return []Element{*e}, nil
	}
	var all []Element
	for _, p := range c.Pages {
		all = append(all, p.Elements...)
	}
	if f == Excel || f == PDF {
		return all, nil
	}
	for _, e := range all {
		if e.Chart() == (f == PNG) {
			return []Element{e}, nil
		}
	}
	if len(all) == 0 {
		return nil, problem.New(problem.NotFound, "This workbook has nothing to export in this format.")
	}
	return all[:1], nil
}

func fileName(workbook, elementID string, elements []Element) string {
	name := workbook
	if elementID != "" && elements[0].Title != "" {
		name += " - " + elements[0].Title
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, name)
	return string([]rune(name)[:min(len([]rune(name)), 120)])
}

// elementCSV writes a table with a header line. A guarded one keeps spreadsheets from reading text as formulas.
func elementCSV(e Element, guarded bool) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	header := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		header[i] = c.Name
	}
	_ = w.Write(header) // a strings.Builder takes everything
	for _, row := range e.Rows {
		line := make([]string, len(e.Columns))
		for i := range line {
			line[i] = cell(row, i)
			if guarded && !e.Columns[i].Number && line[i] != "" && strings.ContainsRune("=+-@\t\r", rune(line[i][0])) {
				line[i] = "'" + line[i]
			}
		}
		_ = w.Write(line)
	}
	w.Flush()
	return []byte(b.String())
}

func elementJSON(e Element) []byte {
	rows := make([]map[string]any, 0, len(e.Rows))
	for _, row := range e.Rows {
		object := map[string]any{}
		for i, c := range e.Columns {
			object[c.Name] = cell(row, i)
			if n, ok := number(cell(row, i)); ok && c.Number {
				object[c.Name] = n
			}
		}
		rows = append(rows, object)
	}
	text, _ := json.MarshalIndent(rows, "", "  ") // strings and finite numbers always marshal
	return append(text, '\n')
}
