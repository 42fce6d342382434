package sp_test

import (
	"strings"
	"testing"

	"understudy/seed/base/problem"
	"understudy/sp"
)

func TestExportGivesEveryFormat(t *testing.T) {
	w := newWorld(t)
	sales := w.file(t, w.carl, "Sales")
	for f, begin := range map[sp.Format]string{sp.CSV: "Item,Amount", sp.Excel: "PK", sp.PDF: "%PDF-", sp.PNG: "\x89PNG", sp.JSON: "["} {
		for _, element := range []string{"", "table-1", "chart-1"} {
			file, err := w.Export(w.ctx, w.carl, sales.URLID, element, f)
			must(t, err)
			if !strings.HasPrefix(string(file.Body), begin) || !strings.HasSuffix(file.Name, "."+string(f)) || file.ContentType == "" {
				t.Errorf("%s of %q is %s with %.12q", f.Label(), element, file.Name, file.Body)
			}
		}
	}
	refused(t, second(w.Export(w.ctx, w.carl, sales.ID, "nothing", sp.CSV)), problem.NotFound, "")
	refused(t, second(w.Export(w.ctx, w.carl, sales.ID, "", "docx")), problem.NotFound, "")
	refused(t, second(w.Export(w.ctx, w.eve, w.file(t, w.carl, "Diary").ID, "", sp.CSV)), problem.Forbidden, "NO_ACCESS")
	if e := w.logged(t, "EXPORT"); e.Type != sp.Exports {
		t.Errorf("logged %+v", e)
	}
}

func TestChartIsTitledAfterItsColumns(t *testing.T) {
	w := newWorld(t)
	b, err := w.CreateWorkbook(w.ctx, w.carl, "", "Plan")
	must(t, err)
	for _, c := range []struct{ data, title string }{{"", "Amount by Item"}, {"City,Visits\nBern,5\n", "Visits by City"}, {"Town,Visits\nBern,5\n", "Visits by Town"}} {
		must(t, w.UpdateWorkbook(w.ctx, w.carl, b.ID, sp.WorkbookInput{Name: "Plan", Data: c.data}))
		got, err := w.Workbook(w.ctx, w.carl, b.ID)
		must(t, err)
		if chart := got.Content.Element("chart-1"); chart == nil || chart.Title != c.title {
			t.Errorf("chart %+v, want the title %q", chart, c.title)
		}
	}
}

func TestWorkbookTableIsReadFromCSV(t *testing.T) {
	w := newWorld(t)
	sales := w.file(t, w.carl, "Sales")
	for _, text := range []string{"a,b\n1\n", "a\n\"1\n", strings.Repeat("a,", 60) + "a\n"} {
		field(t, w.UpdateWorkbook(w.ctx, w.carl, sales.ID, sp.WorkbookInput{Name: "Sales", Data: text}), "data")
	}
	field(t, w.UpdateWorkbook(w.ctx, w.carl, sales.ID, sp.WorkbookInput{Name: " "}), "name")
	must(t, w.UpdateWorkbook(w.ctx, w.carl, sales.ID, sp.WorkbookInput{Name: "Sales", Data: "City,Note\r\nBern,\"a, \"\"b\"\"\"\r\n"}))
	b, err := w.Workbook(w.ctx, w.carl, sales.ID)
	must(t, err)
	if got := b.Content.CSV(); got != "City,Note\nBern,\"a, \"\"b\"\"\"\n" {
		t.Errorf("kept as %q", got)
	}
	must(t, w.UpdateWorkbook(w.ctx, w.carl, sales.ID, sp.WorkbookInput{Name: "Sales 2", Data: ""})) // an empty field keeps the table
	if b, err = w.Workbook(w.ctx, w.carl, sales.ID); err != nil || b.Content.Table().Rows[0][0] != "Bern" || b.Name != "Sales 2" {
		t.Errorf("after an edit without data: %+v (%v)", b.Content.Table(), err)
	}
}
