package expression

import (
	"errors"
	"slices"
	"strings"
)

var groupFunctions = map[string]function{
	"isMemberOfGroup":               {1, 1, boolType, memberOf(isGroupID), nil},
	"isMemberOfAnyGroup":            {1, -1, boolType, memberOf(isGroupID), nil},
	"isMemberOfGroupName":           {1, 1, boolType, memberOf(func(g Group, text string) bool { return g.Name == text }), nil},
	"isMemberOfGroupNameStartsWith": {1, 1, boolType, memberOf(nameTest(strings.HasPrefix)), nil},
	"isMemberOfGroupNameContains":   {1, 1, boolType, memberOf(nameTest(strings.Contains)), nil},
	"isMemberOfGroupNameRegex":      {1, 1, boolType, memberOfRegex, checkRegex},
	"getFilteredGroups":             {3, 3, listType, filteredGroups, checkGroupExpression},
}

// directoryFunctions name users of Active Directory and Workday. An org of a lab has neither.
var directoryFunctions = map[string]function{
	"hasDirectoryUser":    {0, 0, boolType, pure(func([]any) any { return false }), nil},
	"hasWorkdayUser":      {0, 0, boolType, pure(func([]any) any { return false }), nil},
	"findDirectoryUser":   {0, 0, nullType, missing, nil},
	"findWorkdayUser":     {0, 0, nullType, missing, nil},
	"getManagerUser":      {1, 1, nullType, missing, nil},
	"getManagerAppUser":   {2, 2, nullType, missing, nil},
	"getAssistantUser":    {1, 1, nullType, missing, nil},
	"getAssistantAppUser": {2, 2, nullType, missing, nil},
}

func missing(*evaluation, []any) (any, error) { return nil, nil }

// userMethods are the methods of user.
var userMethods = map[string]function{
	"getInternalProperty": {2, 2, textType, internalProperty, checkInternal},
	"getLinkedObject":     {2, 2, nullType, missing, nil}, // an org of a lab has no linked objects
}

// internalProperties are what user.getInternalProperty gives.
var internalProperties = []string{"id", "status", "created", "lastUpdated", "lastLogin", "statusChanged", "passwordChanged"}

func internalProperty(_ *evaluation, args []any) (any, error) {
	u, isUser := args[0].(user)
	if !isUser {
		return nil, nil
	}
	return u.internal(textOf(args[1])), nil
}

func checkInternal(args []*node) string {
	name, literal := textLiteral(args, 1)
	if literal && !slices.Contains(internalProperties, name) {
		return "there is no internal property “" + clip(name) + "”. Use " + strings.Join(internalProperties, ", ")
	}
	return ""
}

func isGroupID(g Group, id string) bool { return g.ID == id }

func nameTest(f func(name, text string) bool) func(Group, string) bool {
	return func(g Group, text string) bool { return f(g.Name, text) }
}

// memberOf adapts a test of a group. One group that passes for one argument is enough.
func memberOf(test func(Group, string) bool) func(*evaluation, []any) (any, error) {
	return func(e *evaluation, args []any) (any, error) {
		for _, arg := range args {
			groups, err := e.userGroups()
			if err != nil {
				return nil, err
			}
			text := textOf(arg)
			if slices.ContainsFunc(groups, func(g Group) bool { return test(g, text) }) {
				return true, nil
			}
		}
		return false, nil
	}
}

// memberOfRegex matches whole names, as Java does. A slash at the beginning, as in an example of Okta's reference, is not part
// of the regular expression.
func memberOfRegex(e *evaluation, args []any) (any, error) {
	r, err := compileRegex(strings.TrimPrefix(textOf(args[0]), "/"))
	if err == nil {
		err = e.spend(r.instructions * 8) // compiling takes longer than matching a short name
	}
	if err != nil {
		return nil, err
	}
	groups, err := e.userGroups()
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		matches, err := r.matches(e, g.Name)
		if matches || err != nil {
			return matches, err
		}
	}
	return false, nil
}

func checkRegex(args []*node) string {
	if text, literal := textLiteral(args, 0); literal {
		if err := CheckRegex(strings.TrimPrefix(text, "/")); err != nil {
			return err.Error()
		}
	}
	return ""
}

// filteredGroups gives, for each of the user's groups among the IDs, the value of an expression over group.*. More groups
// than the limit are an error, as in Okta.
func filteredGroups(e *evaluation, args []any) (any, error) {
	x, err := groupExpression(textOf(args[1]))
	if err != nil {
		return nil, err
	}
	number, err := numberOf(args[2])
	if limit := floatOf(number); err != nil || limit < 1 || limit > 100 {
		return nil, errors.New("the limit of getFilteredGroups is a number from 1 to 100")
	}
	groups, err := e.userGroups()
	if err != nil {
		return nil, err
	}
	ids := listOf(args[0])
	list := []any{}
	for i := range groups {
		if err := e.spend(1 + len(ids)); err != nil {
			return nil, err
		}
		if !contains(ids, groups[i].ID) {
			continue
		}
		if float64(len(list)) >= floatOf(number) {
			return nil, errors.New("the user has more groups than the limit of getFilteredGroups")
		}
		inner := &evaluation{subject: e.subject, text: x.text, steps: e.steps, group: &groups[i]}
		v, err := inner.evaluate(x.root)
		if err != nil {
			return nil, errors.New(fragment("the expression for groups has no value", err))
		}
		e.steps = inner.steps
		list = append(list, v)
	}
	return list, nil
}

// object returns the properties of a group: those of Okta's Groups API, without or with profile before them.
func (g *Group) object() object {
	profile := fields(map[string]string{"name": g.Name, "description": g.Description})
	return func(name string) any {
		switch name {
		case "id":
			return g.ID
		case "type":
			return g.Type
		case "profile":
			return profile
		case "objectClass":
			return []any{"okta:user_group"}
		}
		return profile(name)
	}
}

// groupExpression parses and checks the second argument of getFilteredGroups.
func groupExpression(text string) (*Expression, error) {
	x, err := Parse(text)
	if err == nil {
		err = x.Check(Place{group: true})
	}
	if err != nil {
		return nil, errors.New(fragment("the expression for groups is not valid", err))
	}
	return x, nil
}

func checkGroupExpression(args []*node) string {
	if text, literal := textLiteral(args, 1); literal {
		if _, err := groupExpression(text); err != nil {
			return err.Error()
		}
	}
	return ""
}
