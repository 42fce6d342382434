package script

import "github.com/expr-lang/expr/vm"

// Miss is a mistake that learners often make in a step, with the message that the guide then shows.
type Miss struct {
	When string // expression over the lab's view, true when the mistake was made
	Say  string // what was expected, what the lab has instead, and where to fix it
	Line int    // in the guide file

	when *vm.Program
}

// Mistakes returns the messages of the mistakes that the facts show. A mistake whose expression cannot be evaluated over
// the facts was not made.
func (s *Step) Mistakes(facts Facts) (messages []string) {
	for _, miss := range s.Misses {
		if made, err := evaluateBool(miss.when, facts); err == nil && made {
			messages = append(messages, miss.Say)
		}
	}
	return messages
}

// parseMisses reads miss: a list of {when: …, say: …}.
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
			return item.errorf("the miss is incomplete: expected when: and say:")
		}
		if miss.when, err = r.compileBool(miss.When); err != nil {
			return item.errorf("miss: %v", err)
		}
		step.Misses = append(step.Misses, miss)
	}
	return nil
}
