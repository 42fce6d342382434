package csvfile_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"understudy/seed/base/csvfile"
)

func TestFormulasBecomeText(t *testing.T) {
	for text, formula := range map[string]bool{
		`=HYPERLINK("https://evil.example")`: true, "+1+cmd|' /C calc'!A0": true, "-2+3": true, "@SUM(A1)": true, "\t=1": true, "\r=1": true,
		"\n=1": true, "＝1+1": true, "＋1": true, "－1+1": true, "＠x": true,
		"﹦1+1": true, "﹫x": true, " =1+1": true, "\u200b=1+1": true, "\ufeff=1": true, "−1+1": true,
		"=": true, "-": true, "+1.a": true, "+1": true, "-1": true, "＝1": true,
		"": false, "Ada": false, "a=b": false, "1e5": false, "12%": false, "'=1": false,
	} {
		want := text
		if formula {
			want = "'" + text
		}
		if got := csvfile.Cell(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestOptions(t *testing.T) {
	var plain, marked strings.Builder
	for _, c := range []struct {
		out     *strings.Builder
		options []csvfile.Option
		want    string
	}{
		{&plain, nil, "a,\"b,c\"\n'=1,ä\n"},
		{&marked, []csvfile.Option{csvfile.BOM, csvfile.CRLF}, "\ufeffa,\"b,c\"\r\n'=1,ä\r\n"},
	} {
		w := csvfile.New(c.out, c.options...)
		_, _ = w.Write("a", "b,c"), w.Write("=1", "ä")
		if err := w.Close(); err != nil || c.out.String() != c.want {
			t.Errorf("%v %q", err, c.out)
		}
	}
}

// A column of numbers stays one.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"-12.5": "-12.5", "+49": "+49", "-1,234.50": "-1,234.50", "-1e-5": "-1e-5", "-12%": "-12%", "-1+1": "'-1+1", "-A1": "'-A1", "=1": "'=1",
	} {
		var out strings.Builder
		w := csvfile.New(&out, csvfile.Numbers)
		if err := errors.Join(w.Write("a", text), w.Close()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || rows[0][1] != want {
			t.Errorf("%q becomes %q, %v", text, rows, err)
		}
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestCloseReturnsTheError(t *testing.T) {
	for _, options := range [][]csvfile.Option{nil, {csvfile.BOM}} {
		w := csvfile.New(broken{}, options...)
		_ = w.Write("a")
		if err := w.Close(); !errors.Is(err, errBroken) {
			t.Errorf("%v: %v", options, err)
		}
	}
}

// Whatever a cell contains, the file has one row with it, and no formula.
func FuzzWriter(f *testing.F) {
	for _, text := range []string{"=1+1", "a\"b", "a\nb", "＝1", "-1", "\x00=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out strings.Builder
		w := csvfile.New(&out)
		if err := errors.Join(w.Write("first", text), w.Close()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 2 {
			t.Fatalf("%q: %v %q", text, err, rows)
		}
		if cell := rows[0][1]; cell != "" && strings.ContainsRune("=@", rune(cell[0])) {
			t.Errorf("%q becomes %q", text, cell)
		}
	})
}
