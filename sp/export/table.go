package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Table is the element of a workbook that is exported.
type Table struct {
	Title    string
	Columns  []string
	Rows     [][]string // a row may be shorter than Columns; the missing cells are empty
	Label    int        // index of the column that names the chart's bars
	Value    int        // index of the column with the length of the bars; -1 without a chart
	Exported time.Time  // lab time; printed on the PDF
}

// Format is one entry of the Export menu.
type Format struct {
	Label       string // as the menu shows it
	Name        string // as the URL has it: "csv"
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

// ByName returns the format with a name, and false when there is none.
func ByName(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Write writes the table to w.
func (f Format) Write(w io.Writer, t Table) error {
	if err := f.write(w, t); err != nil {
		return fmt.Errorf("export %s: %w", f.Label, err)
	}
	return nil
}

// FileName is the name of the downloaded file: the title, with "-" for each character that a file system may refuse.
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

// Number reads a number as people write it: "1,200.50", "$40", "12 %". It returns false for other text.
func Number(cell string) (float64, bool) {
	s := strings.Trim(strings.TrimSpace(cell), "$€£%")
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n-n == 0 // neither infinite nor NaN
}

// plainNumber reads a number only if formatting the number gives the same text. "007" and "1e5" stay text.
func plainNumber(cell string) (float64, bool) {
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || strconv.FormatFloat(n, 'f', -1, 64) != cell {
		return 0, false
	}
	return n, true
}

// cell returns a cell by its indexes; empty when there is none.
func (t Table) cell(row, column int) string {
	if row < len(t.Rows) && column >= 0 && column < len(t.Rows[row]) {
		return t.Rows[row][column]
	}
	return ""
}
