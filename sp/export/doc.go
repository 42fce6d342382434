// Package export writes a table as one of the files of Sigma's Export menu: CSV, Excel, PDF, PNG or JSON.
//
// The caller builds a [Table], finds the [Format] by its name and calls [Format.Write]:
//
//	workbook element ── package sp ──▶ Table ── Format.Write ──▶ bytes of the download
//
// The package only writes bytes. Package sp decides whether a member may export (sp/export.go).
//
// Start reading in table.go.
//
//	table.go  Table, Format, the list of formats, file names, numbers in cells
//	csv.go    comma-separated values (RFC 4180)
//	json.go   an array with one object for each row
//	excel.go  a workbook with one sheet, by excelize
//	pdf.go    a table over as many pages as it needs, by fpdf
//	png.go    a bar chart, or the rows as lines of text
//	font.go   the Go font, which PDF and PNG share, and which characters it has
package export
