package sp

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// The page is A4 in points; text is set in the viewer's own Helvetica, so that no font is embedded.
const (
	pdfWidth, pdfHeight = 595.0, 842.0
	pdfMargin           = 50.0
	pdfLine             = 14.0
)

// pdfPage collects the drawing operators of the page at hand.
type pdfPages struct {
	pages []*bytes.Buffer
	y     float64
}

func (p *pdfPages) room(height float64) *bytes.Buffer {
	if len(p.pages) == 0 || p.y-height < pdfMargin {
		p.pages = append(p.pages, &bytes.Buffer{})
		p.y = pdfHeight - pdfMargin
	}
	return p.pages[len(p.pages)-1]
}

func (p *pdfPages) text(x float64, font string, size float64, text string) {
	fmt.Fprintf(p.room(0), "BT /%s %.0f Tf %.1f %.1f Td (%s) Tj ET\n", font, size, x, p.y, pdfString(text))
}

func (p *pdfPages) line(font string, size float64, text string) {
	p.room(size + 6)
	p.y -= size + 6
	p.text(pdfMargin, font, size, text)
}

// pdfDocument writes a workbook's text, tables and charts as a plain document (PDF 1.4, ISO 32000-1).
func pdfDocument(title, text string, elements []Element) []byte {
	p := &pdfPages{}
	p.line("B", 18, title)
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		for _, part := range wrapped(l, 95) {
			p.line("F", 10, part)
		}
	}
	for _, e := range elements {
		p.room(80)
		p.y -= pdfLine
		p.line("B", 12, e.Title)
		if e.Chart() {
			p.chart(e)
		} else {
			p.table(e)
		}
	}
	return p.document()
}

func (p *pdfPages) table(e Element) {
	if len(e.Columns) == 0 {
		return
	}
	width := (pdfWidth - 2*pdfMargin) / float64(len(e.Columns))
	fit := max(int(width/5), 3)
	head := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		head[i] = c.Name
	}
	for n, row := range append([][]string{head}, e.Rows...) {
		p.room(pdfLine)
		p.y -= pdfLine
		font := "F"
		if n == 0 {
			font = "B"
		}
		for i := range e.Columns {
			p.text(pdfMargin+float64(i)*width, font, 9, shortened(cell(row, i), fit))
		}
	}
}

func (p *pdfPages) chart(e Element) {
	highest := 0.0
	for _, row := range e.Rows {
		if n, ok := number(cell(row, 1)); ok {
			highest = max(highest, n)
		}
	}
	for _, row := range e.Rows {
		p.room(pdfLine)
		p.y -= pdfLine
		p.text(pdfMargin, "F", 9, shortened(cell(row, 0), 24))
		n, _ := number(cell(row, 1))
		length := 0.0
		if highest > 0 && n > 0 {
			length = n / highest * 260
		}
		fmt.Fprintf(p.room(0), "0.24 0.35 0.60 rg %.1f %.1f %.1f 9 re f 0 g\n", pdfMargin+130, p.y-1, length)
		p.text(pdfMargin+136+length, "F", 9, cell(row, 1))
	}
}

// document joins the pages into a file with its cross-reference table.
func (p *pdfPages) document() []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	kids := make([]string, len(p.pages))
	for i := range p.pages {
		kids[i] = fmt.Sprintf("%d 0 R", 5+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 %.0f %.0f] >>", strings.Join(kids, " "), len(kids), pdfWidth, pdfHeight)
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
	for i, page := range p.pages {
		object("<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R /B 4 0 R >> >> /Contents %d 0 R >>", 6+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String())
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// pdfString escapes text in Windows-1252, the encoding that the fonts are told; other characters become question marks.
func pdfString(text string) string {
	var b strings.Builder
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case !ok || c < ' ':
			b.WriteByte('?')
		case c == '(' || c == ')' || c == '\\':
			b.WriteString("\\" + string(rune(c)))
		case c > 126:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func shortened(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

func wrapped(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > n {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
