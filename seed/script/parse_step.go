package script

import "regexp"

var (
	stepID      = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*[a-z]?$`)
	bindingName = regexp.MustCompile(`^[a-z][a-zA-Z]*$`)
	plainName   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	copyForm    = regexp.MustCompile(`^(.+) as ([a-z][a-z0-9-]*)$`)
)

// parseStep reads the comment of a step. first is the line at which its YAML begins.
func (r *reader) parseStep(yaml string, first int) (*Step, error) {
	entries, err := r.parseYAML(yaml, first)
	if err != nil {
		return nil, err
	}
	step := &Step{Line: first}
	for _, e := range entries {
		if err := r.stepField(step, e); err != nil {
			return nil, err
		}
	}
	switch {
	case step.ID == "":
		return nil, r.errorf(first, "the step has no id: expected a number such as id: 1.2")
	case step.As == "":
		return nil, r.errorf(first, "step %s has no as: expected the identity who acts, such as as: okta-admin", step.ID)
	case len(step.Do) == 0 && len(step.Checks) == 0 && step.Confirm == "":
		return nil, r.errorf(first, "step %s has no actions and no checks: expected do, see, not-see or confirm", step.ID)
	}
	return step, nil
}

// stepField reads one key of a step.
func (r *reader) stepField(step *Step, e entry) (err error) {
	switch e.key {
	case "id":
		if step.ID, err = e.value.scalar(); err == nil && !stepID.MatchString(step.ID) {
			err = r.errorf(e.line, "invalid step ID %q: expected a number such as 1.2", step.ID)
		}
	case "as":
		if step.As, err = e.value.scalar(); err == nil && !plainName.MatchString(step.As) {
			err = r.invalidIdentity(e.line, step.As)
		}
	case "new-window":
		step.NewWindow, err = e.value.boolean()
	case "at":
		step.At, err = r.parsePlace(e.value)
	case "confirm":
		step.Confirm, err = e.value.scalar()
	case "do":
		if step.Do, err = r.parseDo(e.value); err == nil {
			err = r.rejectSignedIn(step.Do)
		}
	case "alone":
		step.Alone, err = r.parseAlone(e.value)
	case "see", "not-see":
		var checks []Action
		checks, err = r.parseVerb(entry{e.key, e.line, e.value})
		step.Checks = append(step.Checks, checks...)
	case "shot":
		marks := step.Picture.Marks // the key “mark” may come before the key “shot”
		if step.Picture, err = r.parseShot(e.value); err == nil {
			step.Shot = step.Picture.Name
			step.Picture.Marks = append(marks, step.Picture.Marks...)
		}
	case "mark":
		var marks []Mark
		marks, err = r.parseMarks(e.value)
		step.Picture.Marks = append(step.Picture.Marks, marks...)
	case "done":
		if step.Done, err = e.value.scalar(); err == nil {
			if step.done, err = r.compileCheck(step.Done); err != nil {
				err = r.errorf(e.line, "done: %v", err)
			}
		}
	case "awaits":
		step.Awaits, err = e.value.scalar()
	case "miss":
		err = r.parseMisses(step, e.value)
	case "hint":
		step.Hints, err = e.value.strings()
	default:
		err = r.errorf(e.line, "%s", unknown("key", e.key))
	}
	return err
}

func (r *reader) invalidIdentity(line int, name string) error {
	return r.errorf(line, "invalid identity %q: expected a name such as okta-admin", name)
}

// rejectSignedIn returns an error for the verb signed-in outside alone: the script of a whole guide signs in as a person does.
func (r *reader) rejectSignedIn(actions []Action) error {
	for _, a := range actions {
		if a.Verb == VerbSignedIn {
			return r.errorf(a.Line, "signed-in belongs into alone: here, write the actions with which the person signs in")
		}
	}
	return nil
}
