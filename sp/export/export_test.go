package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var orders = Table{
	Title: "Orders: 2026/27", Columns: []string{"Customer", "Net \"total\"", "Note"}, Value: 1, Made: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
	Rows: [][]string{{"Müller & Söhne", "1200.5", "a,b"}, {"=cmd()", "007", "line one\nline two"}, {"短い", "-3", "(paren\\thesis)"}, {"short row"}},
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
	want := [][]string{orders.Columns, orders.Rows[0], orders.Rows[1], orders.Rows[2], {"short row", "", ""}}
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

func TestExcelPartsAreXMLAndTextIsNoFormula(t *testing.T) {
	body := write(t, "xlsx", orders)
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); err == nil; {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Name == "xl/worksheets/sheet1.xml" {
			for _, want := range []string{`<c r="B2"><v>1200.5</v></c>`, `<c r="A3" t="inlineStr"><is><t xml:space="preserve">=cmd()</t></is></c>`, "Müller &amp; Söhne"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("sheet lacks %s", want)
				}
			}
		}
	}
}

func TestExcelColumns(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := excelColumn(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

func TestPDFFindsItsObjects(t *testing.T) {
	long := orders
	for i := range 100 {
		long.Rows = append(long.Rows[:len(long.Rows):len(long.Rows)], []string{"Row " + strconv.Itoa(i), "1", ""})
	}
	body := write(t, "pdf", long)
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(body)
	if start == nil {
		t.Fatal("no startxref")
	}
	at, _ := strconv.Atoi(string(start[1]))
	table := string(body[at:])
	if !strings.HasPrefix(table, "xref\n0 ") {
		t.Fatalf("xref stands elsewhere: %.20q", table)
	}
	for i, line := range regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllStringSubmatch(table, -1) {
		offset, _ := strconv.Atoi(line[1])
		if want := strconv.Itoa(i+1) + " 0 obj\n"; !bytes.HasPrefix(body[offset:], []byte(want)) {
			t.Errorf("object %d is not where the table says: %.20q", i+1, body[offset:])
		}
	}
	if got := bytes.Count(body, []byte("/Type /Page ")); got != 5 {
		t.Errorf("%d pages, want 5", got)
	}
	for _, m := range regexp.MustCompile(`(?s)/Length (\d+) >>\nstream\n(.*?)\nendstream`).FindAllSubmatch(body, -1) {
		if n, _ := strconv.Atoi(string(m[1])); n != len(m[2]) {
			t.Errorf("stream of %d bytes says %d", len(m[2]), n)
		}
	}
	if !bytes.Contains(body, []byte(`(\(paren\\thesis\))`)) || !bytes.Contains(body, []byte("M\xfcller & S\xf6hne")) {
		t.Error("text is not escaped as PDF wants it")
	}
}

func TestPDFWritesWhatItsFontHas(t *testing.T) {
	for text, want := range map[string]string{
		"€ 5 – “net”…": "\x80 5 \x96 \x93net\x94\x85", "two\nlines\tand more": "two lines and more", "é(ß)": "\xe9\\(\xdf\\)", "短い\x7f\u0085": "????",
	} {
		if got := pdfString(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
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

func TestPNGLeavesNoLetterOut(t *testing.T) {
	drawn := func(text string) []byte {
		img := image.NewRGBA(image.Rect(0, 0, 80, 8))
		letters(img, 0, 0, 1, ink, text)
		return img.Pix
	}
	for text, want := range map[string]string{"Müller": "MULLER", "Straße": "STRASSE", "短い": "??", "a\nb": "A B"} {
		if !bytes.Equal(drawn(text), drawn(want)) {
			t.Errorf("%q is not drawn as %s", text, want)
		}
	}
}

func TestFileNameSuitsEveryFileSystem(t *testing.T) {
	f, _ := ByName("csv")
	for title, want := range map[string]string{"Orders: 2026/27": "Orders- 2026-27.csv", " ": "export.csv", "a\r\nb": "a--b.csv", `..\..`: "..-...csv"} {
		if got := f.FileName(Table{Title: title}); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}
