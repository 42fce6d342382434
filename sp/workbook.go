package sp

import "context"

// Workbook is a document with a little data of its own.
type Workbook struct {
	File
	Path    []Crumb
	Content Content
}

// Content is what a workbook holds; kept as JSON in its row.
type Content struct {
	Text  string         `json:"text,omitempty" yaml:"text"`
	Pages []WorkbookPage `json:"pages" yaml:"pages"`
}

// WorkbookPage is a tab of a workbook.
type WorkbookPage struct {
	Name     string    `json:"name" yaml:"name"`
	Elements []Element `json:"elements" yaml:"elements"`
}

// Element is a table, or a chart over a table's columns.
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

// Chart reports whether the element is drawn.
func (e Element) Chart() bool { return e.Kind == "bar" || e.Kind == "line" }

// Table gives the first table of the content; nil when it has none. Charts are drawn over its data.
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

// Element finds an element by id; nil when there is none.
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

// WorkbookInput is what edit mode saves. Fields of a problem: name, text, data.
type WorkbookInput struct {
	Name        string
	Description string
	Text        string
	Data        string // the first table as CSV with a header line; empty keeps it
	Version     int64  // as loaded; Conflict when somebody saved meanwhile. 0 skips the check
}

// Workbook opens a workbook by id or URL id; Forbidden without a right to view it. It counts as a visit.
func (o *Organization) Workbook(ctx context.Context, by Actor, id string) (Workbook, error) {
	return Workbook{}, errTodo
}

// CreateWorkbook makes a workbook in parentID (My Documents when empty), with a small table to begin with.
func (o *Organization) CreateWorkbook(ctx context.Context, by Actor, parentID, name string) (Workbook, error) {
	return Workbook{}, errTodo
}

// UpdateWorkbook saves edit mode. Needs Can edit and Create, edit, and publish workbooks.
func (o *Organization) UpdateWorkbook(ctx context.Context, by Actor, id string, in WorkbookInput) error {
	return errTodo
}

// SearchFiles finds documents and folders that the actor may see, by name.
func (o *Organization) SearchFiles(ctx context.Context, by Actor, search string, limit int) ([]File, error) {
	return nil, errTodo
}

// CSV is the first table as comma-separated text with a header line, as edit mode shows it.
func (c *Content) CSV() string { return "" }
