package script

import (
	"errors"
	"regexp"
	"strings"
)

var (
	stepID     = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*[a-z]?$`)
	boundName  = regexp.MustCompile(`^[a-z][a-zA-Z]*$`)
	plainName  = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	pictureRef = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	copyForm   = regexp.MustCompile(`^(.+) as ([a-z][a-z0-9-]*)$`)
)

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
			r.script.Vars[person.key] = withNames(values)
		}
	}
	return nil
}

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
		return nil, r.errorf(first, "the step has no id")
	case step.As == "":
		return nil, r.errorf(first, "step %s does not say as whom it is played", step.ID)
	case len(step.Do) == 0 && len(step.Checks) == 0:
		return nil, r.errorf(first, "step %s does and checks nothing", step.ID)
	}
	return step, nil
}

func (r *reader) stepField(step *Step, e entry) (err error) {
	switch e.key {
	case "id":
		if step.ID, err = e.value.scalar(); err == nil && !stepID.MatchString(step.ID) {
			err = r.errorf(e.line, "%q is no id such as 1.2", step.ID)
		}
	case "as":
		if step.As, err = e.value.scalar(); err == nil && !plainName.MatchString(step.As) {
			err = r.errorf(e.line, "%q is no identity", step.As)
		}
	case "new-window":
		step.NewWindow, err = e.value.boolean()
	case "do":
		step.Do, err = r.parseDo(e.value)
	case "see", "not-see":
		var checks []Action
		checks, err = r.parseVerb(entry{e.key, e.line, e.value})
		step.Checks = append(step.Checks, checks...)
	case "shot":
		marks := step.Picture.Marks // “mark:” may stand before “shot:”
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
			if step.done, err = r.compile(step.Done); err != nil {
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

func (r *reader) parseDo(list node) ([]Action, error) {
	var actions []Action
	for _, item := range list.list() {
		entries, err := item.mapping()
		if err != nil {
			return nil, err
		}
		if len(entries) != 1 {
			return nil, r.errorf(entries[0].line, "an action is one verb; write the others as list items of their own")
		}
		more, err := r.parseVerb(entries[0])
		if err != nil {
			return nil, err
		}
		actions = append(actions, more...)
	}
	return actions, nil
}

func (r *reader) parseVerb(e entry) ([]Action, error) {
	verb := Verb(e.key)
	switch verb {
	case VerbAs, VerbShot, VerbOpen, VerbVisit, VerbHold, VerbRelease:
		return r.parsePlain(verb, e)
	case VerbClick, VerbTick, VerbUntick, VerbSee, VerbNotSee, VerbWait:
		return r.parseTargets(verb, e)
	case VerbFill, VerbChoose:
		if verb == VerbChoose && !e.value.isMapping() {
			return r.parseTargets(verb, e)
		}
		return r.parsePairs(verb, e)
	case VerbDrag:
		return r.parseDrag(e)
	case VerbCopy:
		return r.parseCopy(e)
	}
	return nil, r.errorf(e.line, "%s", unknown("verb", e.key))
}

func (r *reader) parsePlain(verb Verb, e entry) ([]Action, error) {
	if verb == VerbShot && e.value.isMapping() {
		shot, err := r.parseShot(e.value)
		return []Action{{Verb: verb, Name: shot.Name, Picture: &shot, Line: e.line}}, err
	}
	name, err := e.value.scalar()
	if err != nil {
		return nil, err
	}
	switch {
	case verb == VerbAs && !plainName.MatchString(name):
		return nil, r.errorf(e.line, "%q is no identity", name)
	case verb == VerbShot && !pictureRef.MatchString(name):
		return nil, r.errorf(e.line, "%q is no name of a picture", name)
	case (verb == VerbHold || verb == VerbRelease) && name != Provisioning:
		return nil, r.errorf(e.line, "what can be held is %s, not %q", Provisioning, name)
	case verb == VerbOpen:
		for _, part := range splitPath(name) {
			if part == "" {
				return nil, r.errorf(e.line, "the path %q has an empty part", name)
			}
		}
	}
	return []Action{{Verb: verb, Name: name, Line: e.line}}, nil
}

// parseTargets reads a name, a list of names, or {name, in}. What is looked at
// may also be a control: {button: Save}.
func (r *reader) parseTargets(verb Verb, e entry) ([]Action, error) {
	var actions []Action
	for _, item := range e.value.list() {
		action := Action{Verb: verb, Line: item.line()}
		if !item.isMapping() {
			name, err := item.scalar()
			if err != nil {
				return nil, err
			}
			action.Name = name
		} else if err := r.target(&action, item); err != nil {
			return nil, err
		}
		actions = append(actions, action)
	}
	return actions, nil
}

func (r *reader) target(action *Action, item node) error {
	entries, err := item.mapping()
	if err != nil {
		return err
	}
	looks := action.Verb == VerbSee || action.Verb == VerbNotSee || action.Verb == VerbWait
	for _, e := range entries {
		value, err := e.value.scalar()
		if err != nil {
			return err
		}
		kind := Kind(e.key)
		switch {
		case e.key == "in":
			action.In = value
		case action.Name == "" && (!looks && e.key == "name" || looks && e.key == "text"):
			action.Name = value
		case action.Name == "" && looks && kind.known():
			action.Name, action.Kind = value, kind
		default:
			return r.errorf(e.line, "%s", unknown("key", e.key))
		}
	}
	if action.Name == "" {
		return item.errorf("%s what?", action.Verb)
	}
	return nil
}

// parsePairs reads {label: value, …}; the key “in” narrows all of them.
func (r *reader) parsePairs(verb Verb, e entry) ([]Action, error) {
	entries, err := e.value.mapping()
	if err != nil {
		return nil, err
	}
	var actions []Action
	within := ""
	for _, pair := range entries {
		value, err := pair.value.scalar()
		if err != nil {
			return nil, err
		}
		if pair.key == "in" {
			within = value
			continue
		}
		actions = append(actions, Action{Verb: verb, Name: pair.key, Value: value, Line: pair.line})
	}
	if len(actions) == 0 {
		return nil, r.errorf(e.line, "%s what?", verb)
	}
	for i := range actions {
		actions[i].In = within
	}
	return actions, nil
}

func (r *reader) parseDrag(e entry) ([]Action, error) {
	entries, err := e.value.mapping()
	if err != nil {
		return nil, err
	}
	action := Action{Verb: VerbDrag, Line: e.line}
	for _, pair := range entries {
		switch pair.key {
		case "item":
			action.Name, err = pair.value.scalar()
		case "to":
			action.To, err = pair.value.position()
		default:
			err = r.errorf(pair.line, "%s", unknown("key", pair.key))
		}
		if err != nil {
			return nil, err
		}
	}
	if action.Name == "" || action.To == 0 {
		return nil, r.errorf(e.line, "drag is written {item: …, to: 1}")
	}
	return []Action{action}, nil
}

func (r *reader) parseCopy(e entry) ([]Action, error) {
	action := Action{Verb: VerbCopy, Line: e.line}
	written := e.value
	if e.value.isMapping() {
		entries, err := e.value.mapping()
		if err != nil {
			return nil, err
		}
		written = node{}
		for _, pair := range entries {
			switch pair.key {
			case "name":
				written = pair.value
			case "in":
				if action.In, err = pair.value.scalar(); err != nil {
					return nil, err
				}
			default:
				return nil, r.errorf(pair.line, "%s", unknown("key", pair.key))
			}
		}
		if written.Node == nil {
			return nil, r.errorf(e.line, "copy what?")
		}
	}
	value, err := written.scalar()
	if err != nil {
		return nil, err
	}
	parts := copyForm.FindStringSubmatch(value)
	if parts == nil {
		return nil, r.errorf(e.line, "copy is written: Sign on URL as sso-url")
	}
	action.Name, action.Value = strings.TrimSpace(parts[1]), parts[2]
	return []Action{action}, nil
}
