package export

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A4 across, in points.
const (
	pdfWidth, pdfHeight = 842.0, 595.0
	pdfMargin           = 40.0
	pdfRow              = 18.0
	pdfFont             = 10.0
)

// writePDF writes a PDF 1.4 with the table on as many pages as it needs. Helvetica is one of the fonts that every reader
// brings along, so nothing is embedded; letters outside Windows-1252's Latin part print as "?".
func writePDF(w io.Writer, t Table) error {
	const perPage = 25 // the height without margins and heading, in rows
	var pages []string
	for from := 0; from == 0 || from < len(t.Rows); from += perPage {
		pages = append(pages, pdfPage(t, from, min(from+perPage, len(t.Rows))))
	}
	file := pdfFile{}
	file.object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
	}
	file.object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), strings.Join(kids, " ")))
	file.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	for i, page := range pages {
		file.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>",
			pdfWidth, pdfHeight, 5+2*i))
		file.object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page))
	}
	_, err := w.Write(file.close())
	return err
}

// pdfPage draws the heading and the rows from up to (not with) to.
func pdfPage(t Table, from, to int) string {
	var b strings.Builder
	y := pdfHeight - pdfMargin - 14
	pdfText(&b, pdfMargin, y, 16, t.Title)
	pdfText(&b, pdfMargin, y-16, 8, "Training stand-in, exported "+t.Made.UTC().Format("2 Jan 2006 15:04 MST"))
	width := (pdfWidth - 2*pdfMargin) / float64(max(len(t.Columns), 1))
	fits := int((width - 8) / (pdfFont * 0.55)) // Helvetica's letters are a little over half as wide as high
	line := func(y float64, cells func(int) string) {
		for c := range t.Columns {
			pdfText(&b, pdfMargin+4+float64(c)*width, y, pdfFont, shorten(cells(c), fits))
		}
		fmt.Fprintf(&b, "0.8 G 0.5 w %g %g m %g %g l S\n", pdfMargin, y-5, pdfWidth-pdfMargin, y-5)
	}
	y -= 2.5 * pdfRow
	fmt.Fprintf(&b, "0.92 g %g %g %g %g re f\n", pdfMargin, y-5, pdfWidth-2*pdfMargin, pdfRow)
	line(y, func(c int) string { return t.Columns[c] })
	for i := from; i < to; i++ {
		y -= pdfRow
		line(y, func(c int) string { return t.cell(i, c) })
	}
	return b.String()
}

func pdfText(b *strings.Builder, x, y, size float64, text string) {
	fmt.Fprintf(b, "0 g BT /F1 %g Tf %g %g Td (%s) Tj ET\n", size, x, y, pdfString(text))
}

// beyondLatin1 is what WinAnsiEncoding has between 0x80 and 0x9f (PDF 32000-1, annex D).
var beyondLatin1 = map[rune]byte{
	'€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88, '‰': 0x89, 'Š': 0x8a, '‹': 0x8b, 'Œ': 0x8c, 'Ž': 0x8e,
	'‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, '˜': 0x98, '™': 0x99, 'š': 0x9a, '›': 0x9b, 'œ': 0x9c, 'ž': 0x9e, 'Ÿ': 0x9f,
}

// pdfString escapes a literal string (PDF 32000-1, 7.3.4.2).
func pdfString(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteString("\\" + string(r))
		case beyondLatin1[r] != 0:
			b.WriteByte(beyondLatin1[r])
		case r < ' ': // a line break in a cell, a tab
			b.WriteByte(' ')
		case r > 0xff || r >= 0x7f && r < 0xa0: // the font has no such letter
			b.WriteByte('?')
		default:
			b.WriteByte(byte(r)) // the file holds bytes, not UTF-8
		}
	}
	return b.String()
}

// shorten cuts a text to n letters, the last of them an ellipsis.
func shorten(s string, n int) string {
	if n < 1 || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:max(n-3, 0)]) + "..."
}

// pdfFile collects numbered objects and where they begin.
type pdfFile struct {
	body    bytes.Buffer
	offsets []int
}

func (f *pdfFile) object(text string) {
	if f.body.Len() == 0 {
		f.body.WriteString("%PDF-1.4\n")
	}
	f.offsets = append(f.offsets, f.body.Len())
	fmt.Fprintf(&f.body, "%d 0 obj\n%s\nendobj\n", len(f.offsets), text)
}

func (f *pdfFile) close() []byte {
	start := f.body.Len()
	fmt.Fprintf(&f.body, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, o := range f.offsets {
		fmt.Fprintf(&f.body, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&f.body, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(f.offsets)+1, start)
	return f.body.Bytes()
}
