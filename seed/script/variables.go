package script

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// variable matches {name} and {person.field} in the texts of a script.
var variable = regexp.MustCompile(`\{([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)?)\}`)

// PageVariable is the variable for the address of the page that the window shows, without query and fragment.
const PageVariable = "page"

// addressNames are the variables for addresses: those of the lab card, and the current page.
var addressNames = map[string]bool{"okta": true, "admin": true, "sigma": true, "lab": true, PageVariable: true}

// identityFields are the fields of an identity on the lab card that a script may use.
var identityFields = map[string]bool{
	"name": true, "first-name": true, "last-name": true, "username": true, "email": true, "password": true,
}

// CompletePerson adds the fields that follow from others: name from first-name and last-name and the reverse, email from
// username and the reverse. It changes and returns fields.
func CompletePerson(fields map[string]string) map[string]string {
	add := func(key, value string) {
		if _, given := fields[key]; !given && value != "" {
			fields[key] = value
		}
	}
	add("name", strings.TrimSpace(fields["first-name"]+" "+fields["last-name"]))
	first, last, _ := strings.Cut(fields["name"], " ")
	add("first-name", first)
	add("last-name", last)
	add("email", fields["username"])
	add("username", fields["email"])
	return fields
}

// texts points at the texts of an action that may hold variables.
func (a *Action) texts() []*string {
	list := []*string{&a.Name, &a.In, &a.Value}
	if a.Request != nil {
		list = append(list, a.Request.texts()...)
	}
	return list
}

// checkVariables returns an error for a variable that nothing defines, and for a copied value that is used before the step
// that copies it.
func (r *reader) checkVariables() error {
	copied := map[string]bool{}
	for _, step := range r.script.Steps() {
		lists := [][]Action{step.Do, step.Checks}
		for _, block := range step.Alone {
			lists = append(lists, block.Do)
		}
		for _, list := range lists {
			for _, action := range list {
				for _, text := range action.texts() {
					if err := r.checkText(*text, action.Line, copied); err != nil {
						return err
					}
				}
				if action.Verb == VerbCopy {
					copied[action.Value] = true
				}
				if action.Request != nil {
					for _, saved := range action.Request.Save {
						copied[saved.Name] = true
					}
				}
			}
		}
		for _, shot := range step.Shots() {
			for _, text := range shot.texts() {
				if err := r.checkText(text, shot.Line, copied); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkText checks the variables of one text. Identities of the lab card are not known when a guide is parsed, so any
// identity has the fields of identityFields.
func (r *reader) checkText(text string, line int, copied map[string]bool) error {
	for _, match := range variable.FindAllStringSubmatch(text, -1) {
		person, field, dotted := strings.Cut(match[1], ".")
		fields, inVars := r.script.Vars[person]
		switch {
		case !dotted && (addressNames[person] || copied[person]):
		case !dotted:
			return r.errorf(line, "unknown variable %s: it is not an address, and no earlier step copies or saves it", match[0])
		case inVars && fields[field] == "", !inVars && !identityFields[field]:
			return r.errorf(line, "%s has no field %q", person, field)
		}
	}
	return nil
}

// ReplaceVariables replaces each {name} and {person.field} of a text by its value. The error lists the variables without a
// value.
func ReplaceVariables(text string, value func(name string) (string, bool)) (string, error) {
	var missing []string
	result := variable.ReplaceAllStringFunc(text, func(match string) string {
		replacement, ok := value(strings.Trim(match, "{}"))
		if !ok {
			missing = append(missing, match)
		}
		return replacement
	})
	if len(missing) > 0 {
		sort.Strings(missing)
		return "", fmt.Errorf("no value is known for %s", strings.Join(missing, ", "))
	}
	return result, nil
}

// ReplaceVariables returns a copy of the action with the variables of its texts replaced.
func (a Action) ReplaceVariables(value func(name string) (string, bool)) (Action, error) {
	if a.Request != nil {
		a.Request = a.Request.clone()
	}
	for _, text := range a.texts() {
		replaced, err := ReplaceVariables(*text, value)
		if err != nil {
			return a, err
		}
		*text = replaced
	}
	return a, nil
}
