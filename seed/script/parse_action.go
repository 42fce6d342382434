package script

import "strings"

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
		for _, part := range (Action{Name: name}).Path() {
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
