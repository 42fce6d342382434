package export

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var orders = Table{
	Title: "Orders: 2026/27", Columns: []string{"Customer", "Net \"total\"", "Note"}, Value: 1,
	Exported: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
	Rows: [][]string{
		{"Müller & Söhne", "1200.5", "a,b"}, {"=cmd()", "007", "line one\nline two"}, {"短い", "-3", "(paren\\thesis)"}, {"short row"},
	},
}

func write(t *testing.T, name string, table Table) []byte {
	t.Helper()
	f, ok := ByName(name)
	if !ok {
		t.Fatalf("no format %s", name)
	}
	var b bytes.Buffer
	if err := f.Write(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSVReadsBack(t *testing.T) {
	got, err := csv.NewReader(bytes.NewReader(write(t, "csv", orders))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// A spreadsheet would run the cell that looks like a formula; a negative number is none.
	asText := []string{"'=cmd()", orders.Rows[1][1], orders.Rows[1][2]}
	want := [][]string{orders.Columns, orders.Rows[0], asText, orders.Rows[2], {"short row", "", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJSONKeepsTextThatLooksLikeANumber(t *testing.T) {
	var got []map[string]any
	if err := json.Unmarshal(write(t, "json", orders), &got); err != nil {
		t.Fatal(err)
	}
	want := []any{1200.5, "007", -3.0, ""}
	for i, w := range want {
		if got[i][`Net "total"`] != w {
			t.Errorf("row %d: %v, want %v", i, got[i][`Net "total"`], w)
		}
	}
	if empty := write(t, "json", Table{Columns: []string{"a"}}); strings.TrimSpace(string(empty)) != "[\n]" {
		t.Errorf("%q", empty)
	}
}

func TestExcelReadsBackAndTextIsNoFormula(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", orders)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("Data")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{orders.Columns, orders.Rows[0], orders.Rows[1], orders.Rows[2], {"short row"}}
	if diff := cmp.Diff(want, got, cmp.Transformer("trim", func(row []string) []string {
		for len(row) > 0 && row[len(row)-1] == "" { // excelize may add empty cells at the end of a row
			row = row[:len(row)-1]
		}
		return slices.Clone(row)
	})); diff != "" {
		t.Error(diff)
	}
	for reference, want := range map[string]excelize.CellType{
		"B2": excelize.CellTypeUnset, // a number: the type attribute is left out
		"A3": excelize.CellTypeSharedString, "B3": excelize.CellTypeSharedString,
	} {
		if got, err := f.GetCellType("Data", reference); err != nil || got != want {
			t.Errorf("cell %s has type %v (%v), want %v", reference, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula("Data", "A3"); err != nil || formula != "" {
		t.Errorf("cell A3 has the formula %q (%v)", formula, err)
	}
}

func TestPDFBreaksPagesAndKeepsText(t *testing.T) {
	long := orders
	for i := range 100 {
		long.Rows = append(long.Rows[:len(long.Rows):len(long.Rows)], []string{"Row " + strconv.Itoa(i), "1", ""})
	}
	pages := pdfPages(t, write(t, "pdf", long))
	if len(pages) != 5 {
		t.Fatalf("%d pages, want 5", len(pages))
	}
	for i, page := range pages {
		if !slices.Contains(page, long.Title) || !slices.Contains(page, "Customer") {
			t.Errorf("page %d lacks the title or the columns: %q", i+1, page)
		}
	}
	for _, want := range []string{"Müller & Söhne", "=cmd()", "line one", "line two", `(paren\thesis)`, "??", "Row 0"} {
		if !slices.Contains(pages[0], want) {
			t.Errorf("page 1 lacks %q: %q", want, pages[0])
		}
	}
	if !slices.Contains(pages[4], "Row 99") {
		t.Errorf("the last page lacks the last row: %q", pages[4])
	}
}

func TestPDFShowsOtherAlphabets(t *testing.T) {
	texts := []string{"€ 5 – “net”…", "Łódź", "Привет", "Ελλάδα", "é(ß)"}
	table := Table{Title: "Žluťoučký", Columns: []string{"Text"}}
	for _, text := range texts {
		table.Rows = append(table.Rows, []string{text})
	}
	pages := pdfPages(t, write(t, "pdf", table))
	for _, want := range append(texts, table.Title) {
		if !slices.Contains(pages[0], want) {
			t.Errorf("the page lacks %q: %q", want, pages[0])
		}
	}
}

func TestPDFWrapsLongTextAndFitsEveryPage(t *testing.T) {
	word := strings.Repeat("word ", 2000)
	table := Table{Title: "Long", Columns: []string{"A", "B"}, Rows: [][]string{{word, "😀"}, {word, strings.Repeat("x", 5000)}}}
	pages := pdfPages(t, write(t, "pdf", table))
	if len(pages) != 1 || len(pages[0]) > 2+2+4*pdfMaxLines {
		t.Errorf("%d pages with %d texts on the first", len(pages), len(pages[0]))
	}
	if last := pages[0][len(pages[0])-1]; !strings.HasSuffix(last, "…") {
		t.Errorf("the last line %q does not show that text is missing", last)
	}
}

var (
	pdfStream  = regexp.MustCompile(`(?s)/Length \d+>>\nstream\n(.*?)\nendstream`)
	pdfLiteral = regexp.MustCompile(`(?s)\(((?:[^\\)]|\\.)*)\) ?Tj`)
)

// pdfPages reads the text of each page: the strings of its Tj operators, which are UTF-16 (PDF 32000-1, 9.4.3).
func pdfPages(t *testing.T, body []byte) (pages [][]string) {
	t.Helper()
	for _, m := range pdfStream.FindAllSubmatch(body, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(content, []byte("Tj")) {
			continue
		}
		var page []string
		for _, literal := range pdfLiteral.FindAllSubmatch(content, -1) {
			page = append(page, pdfText(literal[1]))
		}
		pages = append(pages, page)
	}
	return pages
}

// pdfText decodes a literal string (PDF 32000-1, 7.3.4.2) whose bytes are UTF-16, most significant byte first.
func pdfText(literal []byte) string {
	var raw []byte
	for i := 0; i < len(literal); i++ {
		if literal[i] == '\\' && i+1 < len(literal) {
			i++
			if literal[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, literal[i])
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

func TestPNGDecodesWithAndWithoutChart(t *testing.T) {
	for _, value := range []int{1, -1, 9} {
		table := orders
		table.Value = value
		if _, err := png.Decode(bytes.NewReader(write(t, "png", table))); err != nil {
			t.Errorf("chart column %d: %v", value, err)
		}
	}
}

func TestPrintableText(t *testing.T) {
	for text, want := range map[string]string{
		"Müller Straße": "Müller Straße", "短い😀": "???", "a\tb\x7f\u0085": "a b  ", "a\r\nb": "a\nb",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestFileNameIsValidOnEveryFileSystem(t *testing.T) {
	f, _ := ByName("csv")
	for title, want := range map[string]string{"Orders: 2026/27": "Orders- 2026-27.csv", " ": "export.csv", "a\r\nb": "a--b.csv", `..\..`: "..-...csv"} {
		if got := f.FileName(Table{Title: title}); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}
