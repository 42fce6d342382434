// Package export turns a table of a workbook into the files that Sigma's Export menu offers: CSV, Excel, PDF, PNG and
// JSON. It writes bytes and decides nothing: whether a member may export is a rule of package sp.
package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Table is an element of a workbook on its way out.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
	Label   int       // column that names the chart's bars
	Value   int       // column that gives their length; -1 when there is no chart
	Made    time.Time // when it was exported, in lab time; printed on the PDF
}

// Format is one entry of the Export menu.
type Format struct {
	Label       string // as the menu shows it
	Name        string // in the address: "csv"
	Extension   string
	ContentType string
	write       func(io.Writer, Table) error
}

// Formats are the entries of the Export menu, in the order of Sigma's menu.
var Formats = []Format{
	{"CSV", "csv", "csv", "text/csv; charset=utf-8", writeCSV},
	{"Excel", "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writeExcel},
	{"PDF", "pdf", "pdf", "application/pdf", writePDF},
	{"PNG", "png", "png", "image/png", writePNG},
	{"JSON", "json", "json", "application/json", writeJSON},
}

// ByName finds a format by its name in an address.
func ByName(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Write writes the table in the format.
func (f Format) Write(w io.Writer, t Table) error {
	if err := f.write(w, t); err != nil {
		return fmt.Errorf("export %s: %w", f.Label, err)
	}
	return nil
}

// FileName is what the downloaded file is called: the title without what file systems dislike.
func (f Format) FileName(t Table) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, strings.TrimSpace(t.Title))
	if clean == "" {
		clean = "export"
	}
	return clean + "." + f.Extension
}

// Number reads a cell as people write numbers: "1,200.50", "$40", "12 %".
func Number(cell string) (float64, bool) {
	s := strings.Trim(strings.TrimSpace(cell), "$€£%")
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n-n == 0 // neither infinite nor NaN
}

// plainNumber reports whether a cell is a number exactly as a machine writes it, so that no text ("007", "1e5") is altered.
func plainNumber(cell string) (float64, bool) {
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || strconv.FormatFloat(n, 'f', -1, 64) != cell {
		return 0, false
	}
	return n, true
}

func (t Table) cell(row, column int) string {
	if row < len(t.Rows) && column >= 0 && column < len(t.Rows[row]) {
		return t.Rows[row][column]
	}
	return ""
}
