package sp

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// number reads a figure as people write it; thousands may be set apart by commas.
func number(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

const (
	sheetNS    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationNS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS  = "http://schemas.openxmlformats.org/package/2006/relationships"
	typesNS    = "http://schemas.openxmlformats.org/package/2006/content-types"
	xmlHeader  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// spreadsheet writes elements as the sheets of a workbook (ECMA-376, SpreadsheetML), with text in the cells.
func spreadsheet(elements []Element) ([]byte, error) {
	if len(elements) == 0 {
		elements = []Element{{Title: "Sheet 1"}}
	}
	var types, sheets, relations strings.Builder
	used := map[string]bool{}
	parts := map[string]string{}
	for i, e := range elements {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(sheetName(e.Title, n, used)), n, n)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relationNS, n)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", n)] = sheet(e)
	}
	parts["[Content_Types].xml"] = xmlHeader + `<Types xmlns="` + typesNS + `"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		types.String() + `</Types>`
	parts["_rels/.rels"] = xmlHeader + `<Relationships xmlns="` + packageNS + `"><Relationship Id="rId1" Type="` + relationNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	parts["xl/workbook.xml"] = xmlHeader + `<workbook xmlns="` + sheetNS + `" xmlns:r="` + relationNS + `"><sheets>` + sheets.String() + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = xmlHeader + `<Relationships xmlns="` + packageNS + `">` + relations.String() + `</Relationships>`

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	order := []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
	for i := range elements {
		order = append(order, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
	}
	for _, name := range order {
		w, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, parts[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func sheet(e Element) string {
	var b strings.Builder
	b.WriteString(xmlHeader + `<worksheet xmlns="` + sheetNS + `"><sheetData><row r="1">`)
	for i, c := range e.Columns {
		textCell(&b, i, 1, c.Name)
	}
	b.WriteString(`</row>`)
	for r, row := range e.Rows {
		fmt.Fprintf(&b, `<row r="%d">`, r+2)
		for i, c := range e.Columns {
			if n, ok := number(cell(row, i)); ok && c.Number {
				fmt.Fprintf(&b, `<c r="%s%d"><v>%s</v></c>`, columnName(i), r+2, strconv.FormatFloat(n, 'g', -1, 64))
			} else {
				textCell(&b, i, r+2, cell(row, i))
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

func textCell(b *strings.Builder, column, row int, text string) {
	fmt.Fprintf(b, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(column), row, escape(text))
}

// columnName counts as spreadsheets do: A, B, … Z, AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// sheetName keeps to Excel's rules: at most 31 characters, none of []:*?/\, each name once.
func sheetName(title string, n int, used map[string]bool) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title), " '")
	if r := []rune(name); len(r) > 27 {
		name = string(r[:27])
	}
	if name == "" {
		name = fmt.Sprintf("Sheet %d", n)
	}
	if used[strings.ToLower(name)] {
		name = fmt.Sprintf("%s %d", name, n)
	}
	used[strings.ToLower(name)] = true
	return name
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
