package script

import "github.com/expr-lang/expr/vm"

// Miss is a mistake that is often made in a step, and what to say to whoever made it.
type Miss struct {
	When string // expression over the lab's view
	Say  string // what was expected, what is there instead, and where to mend it
	Line int

	when *vm.Program
}

// Binding gives a name to something that the learner makes, whatever it is called there: "the group for viewers".
type Binding struct {
	Name       string
	Expression string

	program *vm.Program
}

// parseMisses reads miss: a list of {when, say}.
func (r *reader) parseMisses(step *Step, list node) error {
	for _, item := range list.list() {
		entries, err := item.mapping()
		if err != nil {
			return err
		}
		miss := Miss{Line: item.line()}
		for _, e := range entries {
			switch e.key {
			case "when":
				miss.When, err = e.value.scalar()
			case "say":
				miss.Say, err = e.value.scalar()
			default:
				err = r.errorf(e.line, "%s", unknown("key", e.key))
			}
			if err != nil {
				return err
			}
		}
		if miss.When == "" || miss.Say == "" {
			return item.errorf("a miss has when: and say:")
		}
		if miss.when, err = r.compile(miss.When); err != nil {
			return item.errorf("miss: %v", err)
		}
		step.Misses = append(step.Misses, miss)
	}
	return nil
}

// parseBindings reads bind: names with their expressions. Later ones may use earlier ones.
func (r *reader) parseBindings(value node) error {
	entries, err := value.mapping()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !boundName.MatchString(e.key) {
			return r.errorf(e.line, "%q is no name for a binding", e.key)
		}
		b, err := r.parseBinding(e)
		if err != nil {
			return err
		}
		r.script.Bindings = append(r.script.Bindings, b)
	}
	return nil
}

// parseNames reads names: what the text calls by a name of its own, with the expression that gives the learner's.
func (r *reader) parseNames(value node) error {
	entries, err := value.mapping()
	if err != nil {
		return err
	}
	for _, e := range entries {
		b, err := r.parseBinding(e)
		if err != nil {
			return err
		}
		r.script.Names = append(r.script.Names, b)
	}
	return nil
}

func (r *reader) parseBinding(e entry) (b Binding, err error) {
	b.Name = e.key
	if b.Expression, err = e.value.scalar(); err != nil {
		return b, err
	}
	if b.program, err = r.compileAny(b.Expression); err != nil {
		return b, r.errorf(e.line, "%s: %v", e.key, err)
	}
	return b, nil
}
