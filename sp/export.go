package sp

import (
	"bytes"
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp/export"
)

// Format is the name of a file format of [export.Formats].
type Format string

// The formats.
const (
	CSV   Format = "csv"
	Excel Format = "xlsx"
	PDF   Format = "pdf"
	PNG   Format = "png"
	JSON  Format = "json"
)

// Formats lists the formats in the order of the menu Export.
func Formats() []Format { return []Format{CSV, Excel, PDF, PNG, JSON} }

// Label is the entry of the menu Export; empty for an unknown format.
func (f Format) Label() string {
	known, _ := export.ByName(string(f))
	return known.Label
}

// ExportFile is a finished download.
type ExportFile struct {
	Name        string // file name with extension
	ContentType string
	Body        []byte
}

// Export writes a workbook, or one of its elements, as a file. It needs the access Can view and the permission Download.
// Without the permission the error is Forbidden, code PERMISSION_MISSING, and the audit log has the attempt. If elementID
// is empty, the file has the first table of the workbook, and a PNG file the first chart.
func (o *Organization) Export(ctx context.Context, by Actor, workbookID, elementID string, f Format) (file ExportFile, err error) {
	format, known := export.ByName(string(f))
	if !known {
		return file, problem.New(problem.NotFound, "There is no such export format.")
	}
	var table export.Table
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		b, err := loadWorkbook(tx, v, workbookID)
		if err != nil {
			return err
		}
		about := Object{"workbook", b.ID, b.Name}
		if err := v.require(Download, Exports, "EXPORT", about); err != nil {
			return err
		}
		e, err := exported(&b.Content, elementID, f)
		if err != nil {
			return err
		}
		table = tableOf(b, e, elementID != "")
		table.Exported = tx.Now()
		return record(tx, by, Event{Type: Exports, Name: "EXPORT", Object: about,
			Detail: map[string]string{"format": format.Label, "element": e.Title, "destination": "Direct download"}})
	})
	if err != nil {
		return file, err
	}
	var body bytes.Buffer // written after the transaction, which blocks the lab
	if err := format.Write(&body, table); err != nil {
		return file, err
	}
	return ExportFile{Name: format.FileName(table), ContentType: format.ContentType, Body: body.Bytes()}, nil
}

// exported returns the element that a format writes.
func exported(c *Content, elementID string, f Format) (Element, error) {
	if elementID != "" {
		if e := c.Element(elementID); e != nil {
			return *e, nil
		}
		return Element{}, problem.New(problem.NotFound, "There is no such element in this workbook.")
	}
	var first *Element
	for p := range c.Pages {
		for i := range c.Pages[p].Elements {
			e := &c.Pages[p].Elements[i]
			if e.Chart() == (f == PNG) {
				return *e, nil
			}
			if first == nil {
				first = e
			}
		}
	}
	if first == nil {
		return Element{}, problem.New(problem.NotFound, "This workbook has nothing to export.")
	}
	return *first, nil
}

// tableOf converts an element. named reports whether the request named the element; then its title is part of the table's.
func tableOf(b Workbook, e Element, named bool) export.Table {
	t := export.Table{Title: b.Name, Rows: e.Rows, Value: -1}
	if named && e.Title != "" {
		t.Title += " - " + e.Title
	}
	for _, c := range e.Columns {
		t.Columns = append(t.Columns, c.Name)
	}
	if e.Chart() {
		t.Value = 1
	}
	return t
}
