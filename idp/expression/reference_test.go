package expression_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"understudy/idp/expression"
	"understudy/idp/schema"
)

// leila is the person of the examples in the reference.
var leila = expression.Subject{
	User: map[string]string{"firstName": "Leila", "lastName": "Haddad", "login": "leila.haddad@brightwater.example",
		"email": "leila.haddad@brightwater.example", "department": "Sales", "employeeNumber": "123", "countryCode": "NO"},
	AppUser:  map[string]string{"userType": "viewer", "teams": "Red, Blue"},
	UserName: "lhaddad",
	AMR:      []string{"pwd"},
	Now:      time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC),
	Internal: func(name string) string { return map[string]string{"status": "ACTIVE"}[name] },
	App:      func(name string) string { return map[string]string{"label": "Sigma on AWS"}[name] },
	Org:      func() (map[string]string, error) { return map[string]string{"name": "Brightwater"}, nil },
	Groups: func() ([]expression.Group, error) {
		return []expression.Group{{ID: "00g1", Name: "Everyone"}, {ID: "00g2", Name: "Sales Oslo"}}, nil
	},
}

// statement is the place of an attribute statement, where all names exist.
var statement = expression.Place{Session: true, App: []string{"label"}, Org: []string{"name"},
	AppUser: []schema.Attribute{{Name: "userType", Type: "string"}, {Name: "teams", Type: "array"}}}

// examples reads the rows of the tables in the reference whose first column is an expression. kind is the title of the second
// column.
func examples(t testing.TB, kind string) (rows [][2]string) {
	t.Helper()
	page, err := os.ReadFile("../../static/docs/expressions.md")
	if err != nil {
		t.Fatal(err)
	}
	second := ""
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00"), "|")
		switch {
		case len(cells) < 4:
			second = ""
		case strings.TrimSpace(cells[1]) == "Expression":
			second = strings.TrimSpace(cells[2])
		case second == kind && !strings.HasPrefix(cells[1], "---"):
			row := [2]string{}
			for i := range row {
				row[i] = strings.ReplaceAll(strings.Trim(strings.TrimSpace(cells[i+1]), "`"), "\x00", "|")
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// Each example of the reference is valid and has the value that the reference gives.
func TestExamplesOfTheReference(t *testing.T) {
	rows := examples(t, "Value")
	for _, row := range rows {
		x, err := expression.Parse(row[0])
		if err == nil {
			err = x.Check(statement)
		}
		if err != nil {
			t.Errorf("%s is not valid %v", row[0], err)
			continue
		}
		v, err := x.Value(leila)
		if err != nil || v.Text() != row[1] {
			t.Errorf("%s is %q, want %q; %v", row[0], v.Text(), row[1], err)
		}
	}
	if len(rows) < 100 {
		t.Errorf("the reference has %d examples", len(rows))
	}
}

func TestErrorsOfTheReference(t *testing.T) {
	rows := examples(t, "Error")
	for _, row := range rows {
		if err := expression.Validate(row[0], statement); err == nil || err.Error() != row[1] {
			t.Errorf("%s: %v, want %s", row[0], err, row[1])
		}
	}
	if len(rows) < 5 {
		t.Errorf("the reference has %d errors", len(rows))
	}
}

// The reference has an example of each function and method.
func TestReferenceIsComplete(t *testing.T) {
	var all strings.Builder
	for _, row := range examples(t, "Value") {
		all.WriteString(row[0] + "\n")
	}
	functions, methods := expression.Supported()
	for _, name := range functions {
		if !strings.Contains(all.String(), name+"(") {
			t.Errorf("the reference has no example of the function %s", name)
		}
	}
	for _, name := range methods {
		if !strings.Contains(all.String(), "."+name+"(") {
			t.Errorf("the reference has no example of the method %s", name)
		}
	}
}
