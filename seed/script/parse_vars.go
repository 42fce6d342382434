package script

import "errors"

// parseVars reads the comment before the first section: people made up by the attendee.
func (r *reader) parseVars(yaml string, first int) error {
	entries, err := r.parseYAML(yaml, first)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.key == "bind" {
			if err := r.parseBindings(e.value); err != nil {
				return err
			}
			continue
		}
		if e.key == "names" {
			if err := r.parseNames(e.value); err != nil {
				return err
			}
			continue
		}
		if e.key == "after" {
			if r.script.After, err = e.value.scalar(); err != nil || !stepID.MatchString(r.script.After) {
				return errors.Join(err, r.errorf(e.line, "after names a step of the quickstart, such as 9.8"))
			}
			continue
		}
		if e.key != "vars" {
			return r.errorf(e.line, "before the first section a script comment holds after, vars, bind and names, not %q", e.key)
		}
		people, err := e.value.mapping()
		if err != nil {
			return err
		}
		for _, person := range people {
			if !plainName.MatchString(person.key) {
				return r.errorf(person.line, "%q is no name for a variable", person.key)
			}
			fields, err := person.value.mapping()
			if err != nil {
				return err
			}
			values := map[string]string{}
			for _, field := range fields {
				if !plainName.MatchString(field.key) {
					return r.errorf(field.line, "%q is no name for a variable", field.key)
				}
				if values[field.key], err = field.value.scalar(); err != nil {
					return err
				}
			}
			r.script.Vars[person.key] = CompletePerson(values)
		}
	}
	return nil
}
