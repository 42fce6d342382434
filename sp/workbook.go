package sp

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Workbook is a document with data.
type Workbook struct {
	File
	Path    []Crumb
	Content Content
}

// Content is the content of a workbook. The database stores it as JSON.
type Content struct {
	Text  string         `json:"text,omitempty" yaml:"text"`
	Pages []WorkbookPage `json:"pages" yaml:"pages"`
}

// WorkbookPage is a tab of a workbook.
type WorkbookPage struct {
	Name     string    `json:"name" yaml:"name"`
	Elements []Element `json:"elements" yaml:"elements"`
}

// Element is a table, or a chart over two columns of the first table.
type Element struct {
	ID      string     `json:"id" yaml:"id"`
	Kind    string     `json:"kind" yaml:"kind"` // table, bar, line
	Title   string     `json:"title" yaml:"title"`
	Columns []Column   `json:"columns" yaml:"columns"`
	Rows    [][]string `json:"rows" yaml:"rows"` // a chart has two columns: label and value
}

// Column is a column of an element.
type Column struct {
	Name   string `json:"name" yaml:"name"`
	Number bool   `json:"number,omitempty" yaml:"number"`
}

// Chart reports whether the element is a chart.
func (e Element) Chart() bool { return e.Kind == "bar" || e.Kind == "line" }

// Table returns the first table, which has the data of the charts; nil if there is none.
func (c *Content) Table() *Element {
	for p := range c.Pages {
		for e := range c.Pages[p].Elements {
			if !c.Pages[p].Elements[e].Chart() {
				return &c.Pages[p].Elements[e]
			}
		}
	}
	return nil
}

// Element returns the element with an id; nil if there is none.
func (c *Content) Element(id string) *Element {
	for p := range c.Pages {
		for e := range c.Pages[p].Elements {
			if c.Pages[p].Elements[e].ID == id {
				return &c.Pages[p].Elements[e]
			}
		}
	}
	return nil
}

// WorkbookInput is the form of edit mode. Fields of an error: name, text, data.
type WorkbookInput struct {
	Name        string
	Description string
	Text        string
	Data        string // the first table as CSV with a header line; empty: no change
	Version     int64  // version that the input is based on; 0 skips the check for changes
}

// Workbook opens a workbook by id or URL id. Without the access Can view the error is Forbidden. The workbook becomes the
// latest of the member's Recents.
func (o *Organization) Workbook(ctx context.Context, by Actor, id string) (b Workbook, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if b, err = loadWorkbook(tx, v, id); err != nil || v.member.ID == "" {
			return err
		}
		if err := tx.Exec(`INSERT INTO sigma_visits (member_id, file_id, at_ms) VALUES ($1, $2, $3)
			ON CONFLICT (member_id, file_id) DO UPDATE SET at_ms = excluded.at_ms`, v.member.ID, b.ID, store.Millis(tx.Now())); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "OPEN", Object: Object{"workbook", b.ID, b.Name}})
	})
	return b, err
}

func loadWorkbook(tx *store.Tx, v viewer, id string) (b Workbook, err error) {
	if b.File, err = openFile(tx, v, id); err != nil {
		return b, err
	}
	if b.Kind != KindWorkbook {
		return b, problem.New(problem.NotFound, "There is no such workbook.")
	}
	if b.Path, err = pathOf(tx, v, b.File); err != nil {
		return b, err
	}
	var text string
	if err := tx.QueryRow(`SELECT content FROM sigma_files WHERE id = $1`, b.ID).Scan(&text); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(text), &b.Content)
}

// CreateWorkbook creates a workbook with a small table in parentID, or in My Documents if that is empty. Needs Create, edit,
// and publish workbooks. Fields of an error: name.
func (o *Organization) CreateWorkbook(ctx context.Context, by Actor, parentID, name string) (b Workbook, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.mayCreate(KindWorkbook, name); err != nil {
			return err
		}
		if name, err = checkFileName(name); err != nil {
			return err
		}
		parent, err := placeFor(tx, v, parentID, "CREATE_WORKBOOK")
		if err != nil {
			return err
		}
		b.Content = newContent()
		b.File, err = addFile(tx, v, File{Kind: KindWorkbook, ParentID: parent.ID, Name: name, OwnerID: v.member.ID},
			encodeContent(b.Content), "CREATE_WORKBOOK")
		return err
	})
	return b, err
}

// newContent is the content of a new workbook.
func newContent() Content {
	table := Element{ID: "table-1", Kind: "table", Title: "Table",
		Columns: []Column{{Name: "Item"}, {Name: "Amount", Number: true}},
		Rows:    [][]string{{"First", "10"}, {"Second", "20"}}}
	chart := Element{ID: "chart-1", Kind: "bar", Title: chartTitle(table.Columns[0], table.Columns[1])}
	return withCharts(Content{Pages: []WorkbookPage{{Name: "Page 1", Elements: []Element{table, chart}}}})
}

// chartTitle is the title of a chart that nobody has named: "Amount by Item".
func chartTitle(label, value Column) string { return value.Name + " by " + label.Name }

// withCharts computes every chart from the first table. The first text column has the labels, the first number column the
// values. Rows with the same label are added up. A chart that is titled after its columns follows their names.
func withCharts(c Content) Content {
	table := c.Table()
	if table == nil {
		return c
	}
	label, value := -1, -1
	for i, col := range table.Columns {
		if col.Number && value < 0 {
			value = i
		}
		if !col.Number && label < 0 {
			label = i
		}
	}
	if label < 0 || value < 0 {
		return c
	}
	var order []string
	sums := map[string]float64{}
	for _, row := range table.Rows {
		n, err := strconv.ParseFloat(strings.ReplaceAll(cell(row, value), ",", ""), 64)
		if err != nil {
			continue
		}
		if _, seen := sums[cell(row, label)]; !seen {
			order = append(order, cell(row, label))
		}
		sums[cell(row, label)] += n
	}
	var rows [][]string
	for _, l := range order {
		rows = append(rows, []string{l, strconv.FormatFloat(sums[l], 'f', -1, 64)})
	}
	for p := range c.Pages {
		for e := range c.Pages[p].Elements {
			if el := &c.Pages[p].Elements[e]; el.Chart() {
				if len(el.Columns) == 2 && el.Title == chartTitle(el.Columns[0], el.Columns[1]) {
					el.Title = chartTitle(table.Columns[label], table.Columns[value])
				}
				el.Columns, el.Rows = []Column{table.Columns[label], table.Columns[value]}, rows
			}
		}
	}
	return c
}

func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// UpdateWorkbook saves edit mode. Needs the access Can edit and the permission Create, edit, and publish workbooks. The error
// is Conflict, code VERSION, if somebody saved the workbook after in.Version.
func (o *Organization) UpdateWorkbook(ctx context.Context, by Actor, id string, in WorkbookInput) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := editable(tx, v, id, "edit", "UPDATE_WORKBOOK", func(r Rights) bool { return r.Edit })
		if err != nil {
			return err
		}
		b, err := loadWorkbook(tx, v, f.ID)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != b.Version {
			return &problem.Error{Kind: problem.Conflict, Code: "VERSION",
				Message: b.UpdatedBy + " saved this workbook meanwhile. Open it again to see the change. Your input is still in the form."}
		}
		if in.Name, err = checkFileName(in.Name); err != nil {
			return err
		}
		if len(in.Text) > 20_000 {
			return problem.InvalidField("text", "Use at most 20,000 characters.")
		}
		b.Content.Text = strings.ReplaceAll(in.Text, "\r\n", "\n")
		if strings.TrimSpace(in.Data) != "" {
			if err := b.Content.replaceTable(in.Data); err != nil {
				return err
			}
		}
		content, description := encodeContent(withCharts(b.Content)), strings.TrimSpace(in.Description)
		if err := updateFile(tx, v, b.ID, filePatch{name: &in.Name, description: &description, content: &content}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "UPDATE_WORKBOOK", Object: Object{"workbook", b.ID, in.Name}})
	})
}

// replaceTable replaces the first table by comma-separated text with a header line.
func (c *Content) replaceTable(text string) error {
	if len(text) > 500_000 {
		return problem.InvalidField("data", "Use at most 500,000 characters.")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.TrimLeadingSpace = true
	records, err := r.ReadAll()
	if err != nil {
		return problem.InvalidField("data", fmt.Sprintf("This is not a valid table: %v.", err))
	}
	if len(records) == 0 {
		return problem.InvalidField("data", "The first line must have the names of the columns.")
	}
	if len(records[0]) > 50 || len(records) > 5001 {
		return problem.InvalidField("data", "Use at most 50 columns and 5,000 rows.")
	}
	table := c.Table()
	if table == nil {
		if len(c.Pages) == 0 {
			c.Pages = []WorkbookPage{{Name: "Page 1"}}
		}
		c.Pages[0].Elements = append(c.Pages[0].Elements, Element{ID: "table-1", Kind: "table", Title: "Table"})
		table = c.Table()
	}
	table.Columns, table.Rows = nil, records[1:]
	for i, name := range records[0] {
		table.Columns = append(table.Columns, Column{Name: name, Number: numeric(table.Rows, i)})
	}
	return nil
}

// numeric reports whether a column has only numbers and empty cells.
func numeric(rows [][]string, column int) bool {
	for _, row := range rows {
		_, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(row[column]), ",", ""), 64)
		if err != nil && row[column] != "" {
			return false
		}
	}
	return len(rows) > 0
}

// SearchFiles lists documents and folders that the actor can view, by name or description.
func (o *Organization) SearchFiles(ctx context.Context, by Actor, search string, limit int) (list []File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		list, err = visible(tx, v, `f.kind <> 'home' AND lower(f.name || ' ' || f.description) LIKE $1 ESCAPE '\'`,
			`ORDER BY f.updated_ms DESC, lower(f.name), f.id LIMIT 500`, contains(strings.TrimSpace(search)))
		return err
	})
	return list[:min(len(list), max(limit, 1))], err
}

// CSV returns the first table as comma-separated text with a header line, for edit mode.
func (c *Content) CSV() string {
	t := c.Table()
	if t == nil {
		return ""
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	header := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		header[i] = column.Name
	}
	_ = w.Write(header) // a strings.Builder returns no error
	for _, row := range t.Rows {
		_ = w.Write(row)
	}
	w.Flush()
	return b.String()
}

func encodeContent(c Content) string {
	text, _ := json.Marshal(c) // strings and numbers always marshal
	return string(text)
}
