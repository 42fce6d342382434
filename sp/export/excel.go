package export

import (
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// excelSheet is the name of the only sheet.
const excelSheet = "Data"

// writeExcel writes an Office Open XML workbook with one sheet: the columns' names in row 1, the data below.
//
// A cell is a number only if [plainNumber] says so. Every other cell is a string, so "=cmd()" never becomes a formula.
// Excel allows at most 32,767 characters in a cell; excelize cuts longer text.
func writeExcel(w io.Writer, t Table) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // the file is in memory; nothing can be lost
	if err := f.SetSheetName("Sheet1", excelSheet); err != nil {
		return err
	}
	exported := t.Exported.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: t.Title, Created: exported, Modified: exported}); err != nil {
		return err
	}
	for c, name := range t.Columns {
		if err := setExcelCell(f, c, 0, name); err != nil {
			return err
		}
		for i := range t.Rows {
			if err := setExcelCell(f, c, i+1, t.cell(i, c)); err != nil {
				return err
			}
		}
	}
	return f.Write(w)
}

// setExcelCell sets one cell; column and row count from 0.
func setExcelCell(f *excelize.File, column, row int, text string) error {
	reference, err := excelize.CoordinatesToCellName(column+1, row+1)
	if err != nil {
		return err
	}
	if n, ok := plainNumber(text); ok && row > 0 {
		return f.SetCellFloat(excelSheet, reference, n, -1, 64)
	}
	return f.SetCellStr(excelSheet, reference, text)
}
