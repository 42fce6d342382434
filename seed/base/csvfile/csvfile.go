// Package csvfile writes the comma-separated files that people download and open in a spreadsheet (RFC 4180). Every such file of
// the program is written by it: a spreadsheet runs a cell that looks like a formula, and people type what is in the cells.
//
// The package has only this file.
package csvfile

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// Option is a choice of the format.
type Option int

// The options.
const (
	// BOM puts a byte order mark before the text, without which Excel does not read UTF-8.
	BOM Option = iota
	// CRLF ends lines as RFC 4180 says; without it they end in LF.
	CRLF
	// Numbers keeps numbers with a sign as they are; without it they become text, like every cell that begins with an operator.
	Numbers
)

// Writer writes rows.
type Writer struct {
	csv     *csv.Writer
	numbers bool
	err     error // of the byte order mark
}

// New returns a writer to w. The caller must call Close.
func New(w io.Writer, options ...Option) *Writer {
	out := &Writer{csv: csv.NewWriter(w)}
	for _, o := range options {
		switch o {
		case BOM:
			_, out.err = io.WriteString(w, "\ufeff")
		case CRLF:
			out.csv.UseCRLF = true
		case Numbers:
			out.numbers = true
		}
	}
	return out
}

// Write writes one row. An error is returned by Close, too.
func (w *Writer) Write(cells ...string) error {
	row := make([]string, len(cells))
	for i, text := range cells {
		if row[i] = text; !w.numbers || !number.MatchString(text) {
			row[i] = Cell(text)
		}
	}
	return w.csv.Write(row)
}

// Close writes what is buffered, and returns the first error.
func (w *Writer) Close() error {
	w.csv.Flush()
	if w.err != nil {
		return w.err
	}
	return w.csv.Error()
}

// number matches what no spreadsheet takes for a formula although it begins with a sign.
var number = regexp.MustCompile(`^[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?%?$`)

// ignored are characters before a formula that spreadsheets skip.
const ignored = " \u00a0\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff\x00"

// Cell puts an apostrophe before a text that a spreadsheet would run as a formula (OWASP, CSV Injection): one that begins with
// an operator, in its full-width form as well, or with a tab or line break.
func Cell(text string) string {
	begin := strings.TrimLeft(text, ignored)
	if begin == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−", []rune(begin)[0]) {
		return text
	}
	return "'" + text
}
