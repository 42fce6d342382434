package idp

import (
	"fmt"
	"strings"
	"time"

	"understudy/idp/catalog"
	"understudy/idp/expression"
	"understudy/idp/schema"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// ruleCondition is the place of a group rule's expression.
var ruleCondition = expression.Place{Condition: true}

// orgProperties are the names of org.* in expressions. Source: Okta's "Okta Expression Language overview" (domain), and its
// Org API (name, subdomain).
var orgProperties = []string{"domain", "name", "subDomain"}

// appPlace is the place of an expression of an app from a catalog entry: what user, app and org can name. [withAppUser] adds the app user.
func appPlace(entry catalog.Entry) expression.Place {
	names := []string{"id", "label", "name", "status"}
	for _, field := range entry.Fields {
		names = append(names, field.Name)
	}
	return expression.Place{App: names, Org: orgProperties}
}

// withAppUser adds the attributes of an app user profile to a place. The list is not nil even if the app has none, because
// appuser.userName always exists.
func withAppUser(place expression.Place, attributes []Attribute) expression.Place {
	place.AppUser = append([]schema.Attribute{}, attributes...)
	return place
}

// requireExpression adds an error for the field unless the expression is valid at the place. An empty expression is valid.
func requireExpression(check *problem.Check, field, text string, place expression.Place) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if err := expression.Validate(text, place); err != nil {
		check.Require(false, field, expression.Explain("The expression is not valid", err))
	}
}

// checkSignOn checks the settings of the Sign On tab of an app; see the function checkSignOn and checkSignOnExpressions.
func (o *Org) checkSignOn(tx *store.Tx, at address.Address, check *problem.Check, a App, s *AppSignOn) error {
	checkSignOn(at, check, s)
	attributes, err := appSchema(tx, a.ID)
	checkSignOnExpressions(check, o.Entry(a), attributes, *s)
	return err
}

// checkSignOnExpressions checks the expressions of the Sign On tab. attributes are those of the app user profile. Fields of
// the problem: userNameTemplate, and attributeValue-0, attributeValue-1, … for the statements that are not about groups.
func checkSignOnExpressions(check *problem.Check, entry catalog.Entry, attributes []Attribute, s AppSignOn) {
	place := withAppUser(appPlace(entry), attributes)
	place.Session = true
	row := 0
	for _, statement := range s.Attributes {
		if statement.Filter != "" {
			continue
		}
		requireExpression(check, fmt.Sprintf("attributeValue-%d", row), statement.Value, place)
		row++
	}
	if s.UserNameFormat == "custom" {
		requireExpression(check, "userNameTemplate", s.UserNameTemplate, appPlace(entry))
	}
}

// subjectOf returns what expressions about a user can name, without the profile at an app.
func subjectOf(tx *store.Tx, a App, u User) expression.Subject {
	return expression.Subject{
		User: u.Profile, Now: tx.Now(),
		Internal: u.internalProperty, App: a.property,
		Org:    func() (map[string]string, error) { return orgValues(tx) },
		Groups: func() ([]expression.Group, error) { return expressionGroups(tx, u.ID) },
	}
}

// orgValues returns the values of [orgProperties].
func orgValues(tx *store.Tx) (map[string]string, error) {
	s, err := settings(tx)
	return map[string]string{"domain": s.Subdomain + ".okta.com", "name": s.Name, "subDomain": s.Subdomain}, err
}

// expressionGroups lists the groups of a user, sorted by name.
func expressionGroups(tx *store.Tx, userID string) ([]expression.Group, error) {
	return store.List(tx, func(r store.Row) (g expression.Group, err error) {
		err = r.Scan(&g.ID, &g.Name, &g.Description, &g.Type)
		return g, err
	}, `SELECT g.id, g.name, g.description, g.type FROM okta_groups AS g
		JOIN okta_group_members AS m ON m.group_id = g.id WHERE m.user_id = $1 ORDER BY lower(g.name)`, userID)
}

// property returns a property of the app: those of Okta's Apps API, and the settings of the catalog entry.
func (a App) property(name string) string {
	switch name {
	case "id":
		return a.ID
	case "label":
		return a.Label
	case "name":
		return a.Name
	case "status":
		return string(a.Status)
	}
	return a.General.Fields[name]
}

// internalProperty returns a value of user.getInternalProperty; empty for a time that has not come.
func (u User) internalProperty(name string) string {
	switch name {
	case "id":
		return u.ID
	case "status":
		return string(u.Status)
	}
	at := map[string]time.Time{"created": u.Created, "lastUpdated": u.LastUpdated, "lastLogin": u.LastLogin,
		"statusChanged": u.StatusChanged, "passwordChanged": u.PasswordChanged}[name]
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(logTime)
}

// evaluateText evaluates a stored expression; empty if it has no value.
func evaluateText(text string, s expression.Subject) (string, error) {
	v, err := expression.Evaluate(text, s)
	return v.Text(), err
}

// checkMapping checks the mapping of an attribute. Field of the problem: mapping.
func (o *Org) checkMapping(tx *store.Tx, appID, mapping string, attributes []Attribute) error {
	application, err := app(tx, appID)
	if err != nil {
		return err
	}
	var check problem.Check
	requireExpression(&check, "mapping", mapping, withAppUser(appPlace(o.Entry(application)), attributes))
	return check.Err()
}

// previewMapping returns the value of a mapping for a user, or tells at the field mapping why there is none.
func (o *Org) previewMapping(tx *store.Tx, a App, mapping string, u User) (string, error) {
	attributes, err := appSchema(tx, a.ID)
	if err != nil {
		return "", err
	}
	if err := o.checkMapping(tx, a.ID, mapping, attributes); err != nil || strings.TrimSpace(mapping) == "" {
		return "", err
	}
	s := subjectOf(tx, a, u)
	if s.UserName, err = userNameOf(a, s, u); err != nil {
		return "", err
	}
	x, err := expression.Parse(mapping)
	if err != nil {
		return "", err
	}
	v, err := x.Value(s)
	if expression.IsError(err) {
		err = problem.InvalidField("mapping", expression.Explain("The expression has no value for "+u.Name(), err))
	}
	return v.Text(), err
}

// ruleSubject returns what the expression of a group rule can name.
func ruleSubject(u User, groups []expression.Group) expression.Subject {
	return expression.Subject{User: u.Profile, Internal: u.internalProperty,
		Groups: func() ([]expression.Group, error) { return groups, nil }}
}

// ruleMatches reports whether a user meets the condition of a rule. A condition without a value, such as a comparison of a
// text with a number, is not met.
func ruleMatches(condition *expression.Expression, s expression.Subject) (bool, error) {
	matches, err := condition.Matches(s)
	if expression.IsError(err) {
		return false, nil
	}
	return matches, err
}
