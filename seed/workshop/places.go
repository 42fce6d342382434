package workshop

import (
	"sync"

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
)

// places counts which labs each network address has taken, since the start of the server. The workshop's file holds no addresses.
type places struct {
	mu        sync.Mutex
	byAddress map[string]map[string]bool // labs by network
}

var (
	errBrowserHasLab = problem.InvalidField("code",
		"Somebody has joined with this browser already. To continue with that lab, return with its nickname and PIN.")
	errAddressHasLabs = problem.InvalidField("code",
		"Too many people have joined from this network address. Tell the instructor, who can allow more in the console.")
)

// check returns an error if a guesser has taken all the places that one browser or one address may have. perAddress 0 is no limit.
func (p *places) check(g Guesser, perAddress int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.lab() != "" {
		return errBrowserHasLab
	}
	if perAddress > 0 && len(p.byAddress[attempt.Network(g.Address)]) >= perAddress {
		return errAddressHasLabs
	}
	return nil
}

func (p *places) add(g Guesser, lab string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byAddress == nil {
		p.byAddress = map[string]map[string]bool{}
	}
	address := attempt.Network(g.Address)
	if p.byAddress[address] == nil {
		p.byAddress[address] = map[string]bool{}
	}
	p.byAddress[address][lab] = true
}

// remove frees the place of a lab.
func (p *places) remove(lab string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, labs := range p.byAddress {
		delete(labs, lab)
		if len(labs) == 0 {
			delete(p.byAddress, address)
		}
	}
}
