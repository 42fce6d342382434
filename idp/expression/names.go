package expression

import (
	"slices"
	"strings"
	"sync"

	"understudy/idp/schema"
)

// userAttributes returns the types of the attributes of the Okta user profile: those that pages offer, and the rest of Okta's
// base attributes. Source: Okta's Users API, "Default profile properties".
var userAttributes = sync.OnceValue(func() map[string]valueType {
	known := attributeTypes(schema.User())
	for _, name := range []string{"middleName", "honorificPrefix", "honorificSuffix", "profileUrl", "streetAddress", "state",
		"zipCode", "postalAddress", "managerId"} {
		known[name] = textType
	}
	return known
})

func attributeTypes(list []schema.Attribute) map[string]valueType {
	types := map[string]valueType{"string": textType, "boolean": boolType, "number": numberType, "integer": numberType}
	known := make(map[string]valueType, len(list)+1)
	for _, attribute := range list {
		known[attribute.Name] = types[attribute.Type] // an array is written as a text, so it can be anything
	}
	return known
}

// attributes returns the attributes of a name with their types, and its words for errors; nil if the place does not have it.
func (c *checker) attributes(name string) (known map[string]valueType, described string) {
	switch {
	case c.place.group:
		if name == "group" {
			return textAttributes("id", "name", "description", "type", "profile", "objectClass"), "the group"
		}
	case name == "user" || name == "source":
		return userAttributes(), "the user profile"
	case name == "appuser" && c.place.AppUser != nil:
		known = attributeTypes(c.place.AppUser)
		known["userName"] = textType
		return known, "the app user profile"
	case name == "app" && c.place.App != nil:
		return textAttributes(c.place.App...), "the app"
	case name == "org" && c.place.Org != nil:
		return textAttributes(c.place.Org...), "the org"
	case name == "session" && c.place.Session:
		return map[string]valueType{"amr": listType}, "the session"
	}
	return nil, ""
}

func textAttributes(names ...string) map[string]valueType {
	known := map[string]valueType{}
	for _, name := range names {
		known[name] = textType
	}
	if _, isGroup := known["objectClass"]; isGroup {
		known["objectClass"], known["profile"] = listType, anyType
	}
	return known
}

// roots returns the names that an expression at the place can begin with.
func (c *checker) roots() (list []string) {
	for _, name := range []string{"user", "appuser", "app", "org", "session", "group"} {
		if known, _ := c.attributes(name); known != nil {
			list = append(list, name)
		}
	}
	return list
}

// nameHint says what to do about a word that stands for nothing.
func (c *checker) nameHint(name string) string {
	if slices.Contains(c.roots(), name) {
		return "Write " + name + ". and the name of an attribute."
	}
	if _, isAttribute := userAttributes()[name]; isAttribute && !c.place.group {
		return "Did you mean user." + name + "?"
	}
	if hint := suggestion(name, append(c.roots(), names(functions)...)); hint != "" {
		return hint
	}
	return "Put texts in quotation marks. Names begin with " + strings.Join(c.roots(), ", ") + "."
}

// methodHint tells that a method needs parentheses.
func (c *checker) methodHint(name string) string {
	if _, isMethod := methods[name]; isMethod {
		return "Write " + name + "()."
	}
	return suggestion(name, names(methods))
}

func keys(known map[string]valueType) (list []string) {
	for name := range known {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// suggestion asks whether the closest of the known names was meant; empty if none is close.
func suggestion(name string, known []string) string {
	best, least := "", min(len(name), 40)/3+1
	for _, other := range known {
		_, short, isFunction := strings.Cut(other, ".")
		if isFunction && strings.EqualFold(short, name) {
			return "Did you mean " + other + "?"
		}
		if d := distance(strings.ToLower(name), strings.ToLower(other)); d < least {
			best, least = other, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + best + "?"
}

// distance returns the number of letters to insert, remove, replace or swap that make b of a. Long names are far from all
// others.
func distance(a, b string) int {
	const longest = 60
	if len(a) > longest || len(b) > longest {
		return longest
	}
	var d [longest + 1][longest + 1]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
