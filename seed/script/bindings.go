package script

import (
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Binding gives a name to an object that the learner creates, whatever the learner calls it.
//
// In [Script.Bindings] the name is a variable for later expressions, such as viewers. In [Script.Names] the name is the
// one that the guide's text uses, such as OktaViewers, and the expression gives the learner's name.
type Binding struct {
	Name       string
	Expression string
	From       string // names: ID of the first step whose text uses the learner's name; "" for all steps

	program *vm.Program
	parts   []string // of the view that the expression reads, sorted
}

// LearnerNames maps names of the guide's text to the names that the learner chose. It leaves out objects that do not
// exist yet, and those that have the guide's own name.
func (s *Script) LearnerNames(facts Facts) map[string]string {
	learnerNames := map[string]string{}
	for _, n := range s.Names {
		value, err := expr.Run(n.program, map[string]any(facts)) // an error means that the object does not exist yet
		if name, ok := value.(string); err == nil && ok && name != "" && name != n.Name {
			learnerNames[n.Name] = name
		}
	}
	return learnerNames
}

// NameParts lists the parts of the view that LearnerNames reads, sorted.
func (s *Script) NameParts() (parts []string) {
	for _, n := range s.Names {
		parts = append(parts, n.parts...)
	}
	for _, p := range s.People {
		parts = append(parts, p.parts...)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// LearnerPeople returns the fields of the people of Vars whom the learner has created, with the learner's data.
func (s *Script) LearnerPeople(facts Facts) map[string]map[string]string {
	people := map[string]map[string]string{}
	for _, p := range s.People {
		value, err := expr.Run(p.program, map[string]any(facts))
		user, _ := value.(map[string]any)
		profile, ok := user["profile"].(map[string]any)
		if err != nil || !ok {
			continue
		}
		fields := map[string]string{}
		for field, key := range map[string]string{"first-name": "firstName", "last-name": "lastName", "username": "login", "email": "email"} {
			fields[field], _ = profile[key].(string)
		}
		people[p.Name] = CompletePerson(fields)
	}
	return people
}

// parsePeopleOfLab reads people: a person of vars, with an expression that gives the user in the lab.
func (r *reader) parsePeopleOfLab(value node) error {
	entries, err := value.mapping()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if r.script.Vars[e.key] == nil {
			return r.errorf(e.line, "people: vars has no person %q", e.key)
		}
		b, err := r.parseBinding(e)
		if err != nil {
			return err
		}
		r.script.People = append(r.script.People, b)
	}
	return nil
}

// parseBindings reads bind: variables with their expressions. An expression may use the variables before it.
func (r *reader) parseBindings(value node) error {
	entries, err := value.mapping()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !bindingName.MatchString(e.key) {
			return r.errorf(e.line, "invalid name %q in bind: expected letters, the first of them lowercase", e.key)
		}
		b, err := r.parseBinding(e)
		if err != nil {
			return err
		}
		r.script.Bindings = append(r.script.Bindings, b)
	}
	return nil
}

// parseNames reads names: a name of the guide's text, with the expression that gives the learner's name, or with is: and from:.
func (r *reader) parseNames(value node) error {
	entries, err := value.mapping()
	if err != nil {
		return err
	}
	for _, e := range entries {
		from := ""
		if e.value.isMapping() {
			if e.value, from, err = r.nameFrom(e); err != nil {
				return err
			}
		}
		b, err := r.parseBinding(e)
		if err != nil {
			return err
		}
		b.From = from
		r.script.Names = append(r.script.Names, b)
	}
	return nil
}

// nameFrom reads {is: expression, from: step} of a name.
func (r *reader) nameFrom(e entry) (is node, from string, err error) {
	entries, err := e.value.mapping()
	if err != nil {
		return is, "", err
	}
	if len(entries) != 2 || entries[0].key != "is" || entries[1].key != "from" {
		return is, "", r.errorf(e.line, "%s: expected an expression, or is: and from:", e.key)
	}
	if from, err = entries[1].value.scalar(); err == nil && !stepID.MatchString(from) {
		err = r.errorf(entries[1].line, "from: expected the ID of a step, such as 1.5")
	}
	return entries[0].value, from, err
}

// parseBinding compiles an expression of any type; see compile.
func (r *reader) parseBinding(e entry) (b Binding, err error) {
	b.Name = e.key
	if b.Expression, err = e.value.scalar(); err != nil {
		return b, err
	}
	if b.program, err = r.compile(b.Expression); err != nil {
		return b, r.errorf(e.line, "%s: %v", e.key, err)
	}
	b.parts = r.script.partsOf(b.program.Node())
	return b, nil
}
