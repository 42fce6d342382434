package directory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"understudy/scim"
	"understudy/sp"
)

// ownAttributes are the attributes of a User that a member has fields for. All others are kept as the directory sent them.
var ownAttributes = []string{"schemas", "id", "externalId", "meta", "groups", "userName", "active", "userType"}

// keptAttributes returns the attributes of u that a member has no fields for. displayName, name.formatted and emails have a value
// even if the directory sends none. They are left out if they have the value that Sigma derives, or derived before the change: a
// client that sends back what it read has not set them. m is the member before the change; the zero Member for a new one.
func keptAttributes(u *scim.Object, m sp.Member) (*scim.Object, error) {
	had, err := parsedAttributes(m)
	if err != nil {
		return nil, err
	}
	now := sp.Member{Email: u.Text("userName"), FirstName: u.Text("name.givenName"), LastName: u.Text("name.familyName")}
	derived := func(path string, value any) bool {
		return value == now.Name() || value == m.Name() && !had.Has(path)
	}
	kept, name := &scim.Object{}, &scim.Object{}
	for attribute, value := range u.All() {
		switch {
		case slices.Contains(ownAttributes, attribute), attribute == "displayName" && derived(attribute, value),
			attribute == "emails" && isEmailOf(now, value):
		case attribute == "name":
			for sub, value := range u.Object("name").All() {
				if sub != "givenName" && sub != "familyName" && (sub != "formatted" || !derived("name.formatted", value)) {
					name.Set(sub, value)
				}
			}
		default:
			kept.Set(attribute, value)
		}
	}
	if name.Len() > 0 {
		kept.Set("name", name)
	}
	return kept, nil
}

// isEmailOf reports whether a value of the attribute emails is the one that Sigma derives for a member.
func isEmailOf(m sp.Member, value any) bool {
	list, _ := value.([]any)
	if len(list) != 1 {
		return false
	}
	email, _ := list[0].(*scim.Object)
	primary, _ := email.Bool("primary")
	return email.Len() == 3 && primary && email.Text("type") == "work" && email.Text("value") == m.Email
}

// same compares two values of an attribute.
func same(a, b any) bool {
	return scim.NewObject("value", a).Equal(scim.NewObject("value", b))
}

// attributeKeys returns the texts that a filter looks up in kept attributes.
func attributeKeys(kept *scim.Object) string {
	var keys []string
	if name := kept.Text("displayName"); name != "" {
		keys = append(keys, scim.Fold(name))
	}
	for _, email := range kept.Objects("emails") {
		keys = append(keys, scim.Fold(email.Text("value")))
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n")
}

// parsedAttributes returns the kept attributes of a member; nil if there are none.
func parsedAttributes(m sp.Member) (*scim.Object, error) {
	if m.Attributes == "" {
		return nil, nil
	}
	o := &scim.Object{}
	if err := json.Unmarshal([]byte(m.Attributes), o); err != nil {
		return nil, fmt.Errorf("attributes of member %s: %w", m.ID, err)
	}
	return o, nil
}

// addKept adds the kept attributes of a member to their User.
func addKept(u *scim.Object, m sp.Member) error {
	kept, err := parsedAttributes(m)
	for name, value := range kept.All() {
		if parts, ok := value.(*scim.Object); ok && name == "name" {
			for sub, value := range parts.All() {
				u.Ensure("name").Set(sub, value)
			}
			continue
		}
		u.Set(name, value)
	}
	return err
}
