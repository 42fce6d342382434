package script

import "strings"

// parseDo reads do: a list whose items are mappings of one verb each.
func (r *reader) parseDo(list node) ([]Action, error) {
	var actions []Action
	for _, item := range list.list() {
		entries, err := item.mapping()
		if err != nil {
			return nil, err
		}
		if len(entries) != 1 {
			return nil, r.errorf(entries[0].line, "expected one verb in a list item; write each verb as a separate item")
		}
		more, err := r.parseVerb(entries[0])
		if err != nil {
			return nil, err
		}
		actions = append(actions, more...)
	}
	return actions, nil
}

// parseVerb reads one verb. A list or mapping of labels gives several actions.
func (r *reader) parseVerb(e entry) ([]Action, error) {
	verb := Verb(e.key)
	switch verb {
	case VerbAs, VerbShot, VerbOpen, VerbVisit, VerbHold, VerbRelease, VerbSignedIn:
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
	case VerbRequest:
		return r.parseRequest(e)
	}
	return nil, r.errorf(e.line, "%s", unknown("verb", e.key))
}

// parsePlain reads a verb that takes one text. A shot may also be a mapping with options.
func (r *reader) parsePlain(verb Verb, e entry) ([]Action, error) {
	if verb == VerbShot && e.value.isMapping() {
		shot, err := r.parseShot(e.value)
		return []Action{{Verb: verb, Name: shot.Name, Picture: &shot, Line: e.line}}, err
	}
	name, err := e.value.scalar()
	if err != nil {
		return nil, err
	}
	action := Action{Verb: verb, Name: name, Line: e.line}
	switch {
	case verb == VerbAs && !plainName.MatchString(name):
		return nil, r.invalidIdentity(e.line, name)
	case verb == VerbShot && !pictureName.MatchString(name):
		return nil, r.invalidPictureName(e.line, name)
	case (verb == VerbHold || verb == VerbRelease) && name != Provisioning:
		return nil, r.errorf(e.line, "%s does not apply to %q: expected %s", verb, name, Provisioning)
	case verb == VerbSignedIn && name != "okta" && name != "sigma":
		return nil, r.errorf(e.line, "%s does not apply to %q: expected okta or sigma", verb, name)
	case verb == VerbOpen:
		for _, part := range action.Path() {
			if part == "" {
				return nil, r.errorf(e.line, "the path %q has an empty part", name)
			}
		}
	}
	return []Action{action}, nil
}

// parseTargets reads a label, a list of labels, or {name: …, in: …}. For see, not-see and wait it reads text, {text: …,
// in: …}, or a control such as {button: Save}.
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

// target reads a mapping with the label, or for checks the kind and label, of one control.
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
		return r.noLabel(item.line(), action.Verb)
	}
	return nil
}

func (r *reader) noLabel(line int, verb Verb) error {
	return r.errorf(line, "%s has no label: expected the label of a control", verb)
}

// parsePairs reads {label: value, …}. The key “in” applies to all of them.
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
		return nil, r.noLabel(e.line, verb)
	}
	for i := range actions {
		actions[i].In = within
	}
	return actions, nil
}

// parseDrag reads {item: …, to: position}; both keys are required.
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
		return nil, r.errorf(e.line, "drag is incomplete: expected {item: …, to: 1}")
	}
	return []Action{action}, nil
}

// parseCopy reads “Label as name”, or {name: Label as name, in: …}.
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
			return nil, r.noLabel(e.line, VerbCopy)
		}
	}
	value, err := written.scalar()
	if err != nil {
		return nil, err
	}
	parts := copyForm.FindStringSubmatch(value)
	if parts == nil {
		return nil, r.errorf(e.line, "copy has no variable: expected Label as name, such as Sign on URL as sso-url")
	}
	action.Name, action.Value = strings.TrimSpace(parts[1]), parts[2]
	return []Action{action}, nil
}
