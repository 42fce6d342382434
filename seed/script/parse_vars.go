package script

import "errors"

// parseVars reads the comment before the first section: after, scenario, vars, bind, people and names.
func (r *reader) parseVars(yaml string, first int) error {
	entries, err := r.parseYAML(yaml, first)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch e.key {
		case "after":
			if r.script.After, err = e.value.scalar(); err != nil || !stepID.MatchString(r.script.After) {
				err = errors.Join(err, r.errorf(e.line, "after: expected the ID of a quickstart step, such as 9.8"))
			}
		case "scenario":
			if r.script.Scenario, err = e.value.scalar(); err != nil || !plainName.MatchString(r.script.Scenario) {
				err = errors.Join(err, r.errorf(e.line, "scenario: expected the name of a scenario, such as starter"))
			}
		case "vars":
			err = r.parsePeople(e.value)
		case "bind":
			err = r.parseBindings(e.value)
		case "names":
			err = r.parseNames(e.value)
		case "people":
			err = r.parsePeopleOfLab(e.value)
		default:
			err = r.errorf(e.line, "unknown key %q: a script comment before the first section has after, scenario, vars, bind, people or names", e.key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parsePeople reads vars: the people that the learner creates, each with fields.
func (r *reader) parsePeople(value node) error {
	people, err := value.mapping()
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := r.checkVariableName(person); err != nil {
			return err
		}
		fields, err := person.value.mapping()
		if err != nil {
			return err
		}
		values := map[string]string{}
		for _, field := range fields {
			if err := r.checkVariableName(field); err != nil {
				return err
			}
			if values[field.key], err = field.value.scalar(); err != nil {
				return err
			}
		}
		r.script.Vars[person.key] = CompletePerson(values)
	}
	return nil
}

func (r *reader) checkVariableName(e entry) error {
	if plainName.MatchString(e.key) {
		return nil
	}
	return r.errorf(e.line, "invalid variable name %q: expected lowercase letters, digits and hyphens", e.key)
}
