package schema_test

import (
	"slices"
	"testing"

	"understudy/idp/schema"
	"understudy/seed/base/problem"
)

func TestValues(t *testing.T) {
	var a schema.Attribute
	if got := a.Values(" a, b,,c "); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("%q", got)
	}
	if got := a.Values(" , "); got != nil {
		t.Errorf("no values: %q", got)
	}
}

func TestUser(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range schema.User() {
		if seen[a.Name] || !a.Base || a.Type != "string" || a.Title == "" {
			t.Errorf("%+v", a)
		}
		seen[a.Name] = true
	}
}

func TestComplete(t *testing.T) {
	a := schema.Attribute{Name: " team_name ", Title: " Team ", Enum: []schema.Choice{{Title: "Blue ", Value: "b"}, {}}}
	if err := a.Complete(); err != nil || a.Name != "team_name" || a.Title != "Team" || a.Type != "string" ||
		!slices.Equal(a.Enum, []schema.Choice{{Title: "Blue", Value: "b"}}) {
		t.Errorf("%+v, %v", a, err)
	}
	for field, bad := range map[string]schema.Attribute{
		"name":        {Name: "1st", Title: "First"},
		"title":       {Name: "first"},
		"groupValues": {Name: "first", Title: "First", Combine: true},
		"enum": {Name: "first", Title: "First",
			Enum: []schema.Choice{{Title: "A", Value: "x"}, {Title: "B", Value: "x"}}},
	} {
		p := problem.As(bad.Complete())
		if p == nil || len(p.Fields) != 1 || p.Fields[0].Name != field {
			t.Errorf("%+v: %+v, want a problem at %s", bad, p, field)
		}
	}
}
