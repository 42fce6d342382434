package scenario

import "sync"

// parsedKept is how many parsed scenarios stay in memory. Each opening of a lab asks for the lab's scenario.
const parsedKept = 32

// parsedScenarios are scenarios by their text.
type parsedScenarios struct {
	mu     sync.Mutex
	byText map[string]Scenario
}

var parsed = parsedScenarios{byText: map[string]Scenario{}}

func (p *parsedScenarios) get(text string) (s Scenario, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, known = p.byText[text]
	return s, known
}

func (p *parsedScenarios) put(text string, s Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for other := range p.byText {
		if len(p.byText) < parsedKept {
			break
		}
		delete(p.byText, other)
	}
	p.byText[text] = s
}
