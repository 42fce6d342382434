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

// derivedAttributes have a value even if the directory sends none: it follows from the member's name and email address.
var derivedAttributes = []string{"displayName", "emails", "name.formatted"}

// keptAttributes returns the attributes of u that a member has no fields for. A derived attribute is left out if it has the
// value that Sigma derives, or derived before the change: a client that sends back what it read has not set it. m is the member
// before the change; it is the zero Member for a new one.
func keptAttributes(u *scim.Object, m sp.Member) (*scim.Object, error) {
	kept := u.Clone()
	for _, name := range ownAttributes {
		kept.Delete(name)
	}
	had, err := parsedAttributes(m)
	if err != nil {
		return nil, err
	}
	now := baseObject(sp.Member{Email: u.Text("userName"), FirstName: u.Text("name.givenName"), LastName: u.Text("name.familyName")})
	before := baseObject(m)
	for _, name := range derivedAttributes {
		value := kept.Get(name)
		if same(value, now.Get(name)) || !had.Has(name) && same(value, before.Get(name)) {
			kept.Delete(name)
		}
	}
	kept.Delete("name.givenName")
	kept.Delete("name.familyName")
	if kept.Object("name").Len() == 0 {
		kept.Delete("name")
	}
	return kept, nil
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
