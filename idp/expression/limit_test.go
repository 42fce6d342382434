package expression_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/idp/expression"
	"understudy/seed/base/waittest"
)

// hostile returns expressions that grow or repeat something, by its name. n is how often.
var hostile = map[string]func(n int) string{
	"open calls":        func(n int) string { return strings.Repeat("String.toLowerCase(", n) },
	"nested calls":      func(n int) string { return strings.Repeat("toLowerCase(", n) + `"a"` + strings.Repeat(")", n) },
	"open parentheses":  func(n int) string { return strings.Repeat("(", n) },
	"nested NOT":        func(n int) string { return strings.Repeat("NOT ", n) + "true" },
	"exclamation marks": func(n int) string { return strings.Repeat("!", n) + "true" },
	"minus signs":       func(n int) string { return strings.Repeat("-", n) + "1" },
	"nested lists":      func(n int) string { return strings.Repeat("{", n) + strings.Repeat("}", n) },
	"long sum":          func(n int) string { return strings.Repeat("user.firstName+", n) + "user.lastName" },
	"long condition":    func(n int) string { return strings.Repeat("true AND ", n) + "true" },
	"choices":           func(n int) string { return strings.Repeat("false ? 1 : ", n) + "2" },
	"properties":        func(n int) string { return "user" + strings.Repeat(".a", n) },
	"indexes":           func(n int) string { return "{1}" + strings.Repeat("[0]", n) },
	"methods":           func(n int) string { return `"a"` + strings.Repeat(".trim()", n) },
	"quotation marks":   func(n int) string { return strings.Repeat(`"`, n) },
	"open text":         func(n int) string { return `"` + strings.Repeat("'", n) },
	"spaces":            func(n int) string { return strings.Repeat(" ", n) },
	"arguments":         func(n int) string { return `String.join("",` + strings.Repeat(`user.firstName,`, n) + `"")` },
	"growing text": func(n int) string {
		return strings.Repeat("String.replace(", n) + `"a"` + strings.Repeat(`, "a", "aaaaaaaaaaaaaaaa")`, n)
	},
	"growing list": func(n int) string {
		return strings.Repeat("Arrays.add(", n) + "{}" + strings.Repeat(`, "aaaaaaaaaaaaaaaa")`, n)
	},
	"growing number": func(n int) string { return strings.Repeat("9", n) },
	"groups":         func(n int) string { return strings.Repeat(`isMemberOfGroupName("x") OR `, n) + "false" },
	"regex":          func(n int) string { return `isMemberOfGroupNameRegex("` + strings.Repeat("(a*)*", n) + `$")` },
	"large regex":    func(n int) string { return `isMemberOfGroupNameRegex("` + strings.Repeat("(a?){9}", n) + `b")` },
	"repeated regex": func(n int) string {
		return strings.Repeat(`isMemberOfGroupNameRegex("((a{1,30}){1,30})b") OR `, n) + "false"
	},
	"many groups": func(n int) string {
		return `getFilteredGroups({` + strings.Repeat(`"1",`, n) + `"2"}, "` + strings.Repeat("group.name+", n) + `group.id", 100)`
	},
	"time zones":      func(n int) string { return strings.Repeat(`Time.now("Europe/Oslo")+`, n) + `""` },
	"inner":           func(n int) string { return `getFilteredGroups({"0"}, "` + strings.Repeat("(", n) + `", 1)` },
	"unknown name":    func(n int) string { return strings.Repeat("x", n) },
	"unknown method":  func(n int) string { return "user.login." + strings.Repeat("x", n) + "()" },
	"pattern":         func(n int) string { return `Time.now("EST", "` + strings.Repeat("y", n) + `")` },
	"unknown operand": func(n int) string { return strings.Repeat("a.b.c + ", n) + "a" },
}

// patience is how much processor time one expression may use: some thousand times as much as it uses. Without limits, some of
// these expressions use minutes.
const patience = 10 * time.Second

// An expression of any length is refused or evaluated within a moment, for a user of a thousand groups, too. The longest
// expression that is parsed at all has 4000 characters, so a longer one takes no longer.
func TestHostileExpressionsTakeNoTime(t *testing.T) {
	crowd := subject
	crowd.Groups = func() (list []expression.Group, err error) {
		for i := range 1000 {
			list = append(list, expression.Group{ID: fmt.Sprint(i), Name: strings.Repeat("a", 200)})
		}
		return list, nil
	}
	for name, repeat := range hostile {
		for _, n := range []int{1, 10, 99, 150, 500, 4000, 20_000, 1_000_000} {
			t.Run(fmt.Sprintf("%s %d", name, n), func(t *testing.T) {
				text := repeat(n)
				used := waittest.CPU(t, func() {
					err := expression.Validate(text, everything)
					if len(text) > expression.MaxLength && err == nil {
						t.Error("the expression is accepted although it is too long")
					}
					v, err := expression.Evaluate(text, crowd)
					if err != nil {
						t.Error(err)
					}
					if len(v.Text()) > 1<<16 {
						t.Errorf("the value has %d bytes", len(v.Text()))
					}
				})
				if used > patience {
					t.Errorf("it used %s of processor time", used)
				}
			})
		}
	}
}

// A filter of a group attribute statement takes no time, either, whatever its regular expression repeats.
func TestHostileFiltersTakeNoTime(t *testing.T) {
	crowd := subject
	crowd.Groups = func() ([]expression.Group, error) {
		return slices.Repeat([]expression.Group{{Name: strings.Repeat("a", 200)}}, 1000), nil
	}
	for _, pattern := range []string{"(a+)+$", "((a{1,30}){1,30})b", strings.Repeat("(a?){9}", 50) + "b", strings.Repeat("a?", 500) + "b"} {
		var values []string
		var err error
		used := waittest.CPU(t, func() {
			values, err = expression.AttributeStatement{Filter: "REGEX", FilterValue: pattern}.Values(crowd)
		})
		if used > patience || err != nil {
			t.Errorf("%.40s: %d values after %s of processor time; %v", pattern, len(values), used, err)
		}
	}
}

// The groups of a user are loaded only if the expression names them. An error of loading them is not hidden.
func TestGroupsAreLoadedWhenNamed(t *testing.T) {
	broken := errors.New("the file is closed")
	s := subject
	s.Groups = func() ([]expression.Group, error) { return nil, broken }
	if v, err := expression.Evaluate(`user.firstName`, s); err != nil || v.Text() != "Maya" {
		t.Errorf("an expression without groups: %q, %v", v.Text(), err)
	}
	for _, text := range []string{`isMemberOfGroupName("x")`, `getFilteredGroups({"x"}, "group.id", 1)`,
		`"a" + (user.firstName == isMemberOfGroup("y"))`, `org.name`} {
		s.Org = func() (map[string]string, error) { return nil, broken }
		if _, err := expression.Evaluate(text, s); !errors.Is(err, broken) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
