package export

import (
	"io"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/goregular"
)

// Sizes of the page in points (1/72 inch). The page is A4, landscape.
const (
	pdfMargin   = 40.0
	pdfFontSize = 10.0
	pdfLine     = 13.0 // height of a line of text
	pdfPadding  = 2.5  // above and below the text of a row

	// pdfMaxLines is how many lines a cell may have. Longer text is cut, so that every row fits on a page.
	pdfMaxLines = 12
)

// writePDF writes the table over as many pages as it needs. Each page repeats the title and the columns' names.
func writePDF(w io.Writer, t Table) error {
	doc := newPDF(t)
	width, height := doc.GetPageSize()
	doc.SetHeaderFunc(func() {
		doc.SetFontSize(16)
		doc.CellFormat(0, 20, printable(t.Title), "", 1, "L", false, 0, "")
		doc.SetFontSize(8)
		exported := "Training stand-in, exported " + t.Exported.UTC().Format("2 Jan 2006 15:04 MST")
		doc.CellFormat(0, 20, exported, "", 1, "L", false, 0, "")
		doc.SetFontSize(pdfFontSize)
		writePDFRow(doc, t.Columns, true)
	})
	doc.AddPage()
	for i := range t.Rows {
		cells := make([]string, len(t.Columns))
		for c := range t.Columns {
			cells[c] = t.cell(i, c)
		}
		if doc.GetY()+pdfRowHeight(doc, cells, width) > height-pdfMargin {
			doc.AddPage()
		}
		writePDFRow(doc, cells, false)
	}
	return doc.Output(w)
}

func newPDF(t Table) *fpdf.Fpdf {
	doc := fpdf.New("L", "pt", "A4", "")
	doc.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	doc.SetAutoPageBreak(false, 0) // rows must not be torn apart
	doc.SetTitle(t.Title, true)
	doc.SetCreationDate(t.Exported.UTC())
	doc.SetModificationDate(t.Exported.UTC())
	doc.SetCatalogSort(true) // the same table gives the same bytes
	doc.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	doc.SetFont("Go", "", pdfFontSize)
	doc.SetFillColor(235, 235, 235)
	doc.SetDrawColor(204, 204, 204)
	doc.SetLineWidth(0.5)
	return doc
}

// writePDFRow writes one row at the current position and moves below the row. All columns have the same width.
func writePDFRow(doc *fpdf.Fpdf, cells []string, heading bool) {
	pageWidth, _ := doc.GetPageSize()
	width := pdfColumnWidth(pageWidth, len(cells))
	height := pdfRowHeight(doc, cells, pageWidth)
	top := doc.GetY()
	if heading {
		doc.Rect(pdfMargin, top, pageWidth-2*pdfMargin, height, "F")
	}
	for c, text := range cells {
		for i, line := range pdfLines(doc, text, width) {
			doc.SetXY(pdfMargin+float64(c)*width, top+pdfPadding+float64(i)*pdfLine)
			doc.CellFormat(width, pdfLine, line, "", 0, "LM", false, 0, "")
		}
	}
	doc.Line(pdfMargin, top+height, pageWidth-pdfMargin, top+height)
	doc.SetXY(pdfMargin, top+height)
}

func pdfColumnWidth(pageWidth float64, columns int) float64 {
	return (pageWidth - 2*pdfMargin) / float64(max(columns, 1))
}

// pdfRowHeight is the height of the row's tallest cell, in points.
func pdfRowHeight(doc *fpdf.Fpdf, cells []string, pageWidth float64) float64 {
	lines := 1
	for _, text := range cells {
		lines = max(lines, len(pdfLines(doc, text, pdfColumnWidth(pageWidth, len(cells)))))
	}
	return float64(lines)*pdfLine + 2*pdfPadding
}

// pdfLines breaks a cell's text into lines that fit the width, in points.
func pdfLines(doc *fpdf.Fpdf, text string, width float64) []string {
	lines := doc.SplitText(printable(text), width)
	if len(lines) > pdfMaxLines {
		lines = lines[:pdfMaxLines]
		last := []rune(lines[pdfMaxLines-1])
		lines[pdfMaxLines-1] = string(last[:max(len(last)-1, 0)]) + "…" // shows that text is missing
	}
	return lines
}
