package sp

import "context"

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
// one is Forbidden, code PERMISSION_MISSING, and stands in the audit log.
func (o *Organization) Export(ctx context.Context, by Actor, workbookID, elementID string, f Format) (ExportFile, error) {
	return ExportFile{}, errTodo
}
