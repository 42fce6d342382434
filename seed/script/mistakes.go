package script

// Miss is a mistake that learners often make in a step, with the message that the guide then shows.
type Miss struct {
	When string // expression over the lab's view, true when the mistake was made
	Say  string // what was expected, what the lab has instead, and where to fix it
	Line int    // in the guide file

	when *Check
}

// MistakeChecks lists the compiled expressions of the step's mistakes.
func (s *Step) MistakeChecks() (checks []*Check) {
	for i := range s.Misses {
		checks = append(checks, s.Misses[i].when)
	}
	return checks
}

// Mistakes returns the messages of the mistakes that the facts show. A mistake whose expression cannot be evaluated over
// the facts was not made.
func (s *Step) Mistakes(facts Facts) (messages []string) {
	return s.MistakesWhere(func(check *Check) bool {
		made, err := check.EvaluateWhole(facts)
		return err == nil && made
	})
}

// MistakesWhere returns the messages of the mistakes whose checks are met.
func (s *Step) MistakesWhere(isMet func(*Check) bool) (messages []string) {
	for _, miss := range s.Misses {
		if isMet(miss.when) {
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
		if miss.when, err = r.compileCheck(miss.When); err != nil {
			return item.errorf("miss: %v", err)
		}
		step.Misses = append(step.Misses, miss)
	}
	return nil
}
