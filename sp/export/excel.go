package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// The parts of the smallest workbook that spreadsheet programs open (ECMA-376, SpreadsheetML), without the sheet itself.
var excelParts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`</Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>` +
		`</Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`</Relationships>`},
}

// writeExcel writes an Office Open XML workbook with one sheet. Text stands inline, so no cell can become a formula.
func writeExcel(w io.Writer, t Table) error {
	archive := zip.NewWriter(w)
	add := func(name, text string) error {
		part, err := archive.Create(name)
		if err != nil {
			return err
		}
		_, err = io.WriteString(part, xml.Header+text)
		return err
	}
	for _, p := range excelParts {
		if err := add(p.name, p.text); err != nil {
			return err
		}
	}
	if err := add("xl/worksheets/sheet1.xml", excelSheet(t)); err != nil {
		return err
	}
	return archive.Close()
}

func excelSheet(t Table) string {
	var b bytes.Buffer
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	row := func(number int, cells func(column int) string) {
		fmt.Fprintf(&b, `<row r="%d">`, number)
		for c := range t.Columns {
			excelCell(&b, excelColumn(c)+strconv.Itoa(number), cells(c))
		}
		b.WriteString(`</row>`)
	}
	row(1, func(c int) string { return t.Columns[c] })
	for i := range t.Rows {
		row(i+2, func(c int) string { return t.cell(i, c) })
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

func excelCell(b *bytes.Buffer, reference, value string) {
	if _, ok := plainNumber(value); ok {
		fmt.Fprintf(b, `<c r="%s"><v>%s</v></c>`, reference, value)
		return
	}
	fmt.Fprintf(b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">`, reference)
	_ = xml.EscapeText(b, []byte(value)) // a bytes.Buffer never fails
	b.WriteString(`</t></is></c>`)
}

// excelColumn names a column: A, B, …, Z, AA, ….
func excelColumn(index int) string {
	name := ""
	for index++; index > 0; index = (index - 1) / 26 {
		name = string(rune('A'+(index-1)%26)) + name
	}
	return name
}
