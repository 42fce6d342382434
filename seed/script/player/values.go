package player

import (
	"strings"

	"understudy/seed/script"
)

// values maps the variables of a script, without braces, to their values.
type values map[string]string

// newValues holds the people of the script, the identities of the lab card and the addresses. A {person.field} of the lab
// card overrides that of the script.
func newValues(s *script.Script, card Card) values {
	v := values{}
	put := func(person string, fields map[string]string) {
		for field, value := range fields {
			v[person+"."+field] = value
		}
	}
	for person, fields := range s.Vars {
		put(person, fields)
	}
	for _, identity := range card.Identities {
		put(identity.ID, identity.fields())
	}
	for name, address := range card.Addresses {
		v[name] = strings.TrimRight(address, "/")
	}
	return v
}

// lookup returns the value of a variable of the script.
func (v values) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

// insert replaces the variables of a text.
func (v values) insert(text string) (string, error) { return script.ReplaceVariables(text, v.lookup) }
