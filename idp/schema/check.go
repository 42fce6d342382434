package schema

import (
	"regexp"
	"strings"

	"understudy/seed/base/problem"
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,49}$`)

// Complete trims an attribute as the Profile Editor's form sends it, fills in the type, drops empty rows of the enum, and
// checks the result. Fields of the problem: name, title, enum, groupValues.
func (a *Attribute) Complete() error {
	a.Name, a.Title = strings.TrimSpace(a.Name), strings.TrimSpace(a.Title)
	var check problem.Check
	check.Require(variableName.MatchString(a.Name), "name",
		"The variable name can contain letters, digits and underscores. It starts with a letter or an underscore.")
	check.Require(a.Title != "", "title", "Display name is required.")
	if a.Type == "" {
		a.Type = "string"
	}
	check.Require(!a.Combine || a.Type == "array", "groupValues",
		"Only an attribute of the data type string array can combine values. Choose Use group priority.")
	a.completeEnum(&check)
	return check.Err()
}

func (a *Attribute) completeEnum(check *problem.Check) {
	titles, values := map[string]bool{}, map[string]bool{}
	var kept []Choice
	for _, choice := range a.Enum {
		choice.Title, choice.Value = strings.TrimSpace(choice.Title), strings.TrimSpace(choice.Value)
		if choice.Title == "" && choice.Value == "" {
			continue
		}
		check.Require(choice.Title != "" && choice.Value != "", "enum", "Each row needs a display name and a value.")
		check.Require(!values[choice.Value] && !titles[choice.Title], "enum",
			"Each display name and each value must be unique: "+choice.Title+" occurs twice.")
		titles[choice.Title], values[choice.Value] = true, true
		kept = append(kept, choice)
	}
	a.Enum = kept
}
