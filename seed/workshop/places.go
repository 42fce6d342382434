package workshop

import (
	"net"
	"sync"

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
)

// places counts which labs each browser and each network address has taken, since the start of the server. The workshop's file
// holds no addresses.
type places struct {
	mu   sync.Mutex
	byID map[string]map[string]bool // labs by "browser ID" or "address NETWORK"
}

var (
	errBrowserHasLab = problem.InvalidField("code",
		"Somebody has joined with this browser already. To continue with that lab, return with its nickname and PIN.")
	errAddressHasLabs = problem.InvalidField("code",
		"Too many people have joined from this network address. Tell the instructor, who can allow more in the console.")
)

// ids returns under which keys the places of a guesser are counted. People on this machine itself, or behind a tunnel or a proxy
// that does not tell their address, share an address that says nothing.
func (g Guesser) ids() (browser, address string) {
	if g.Browser != "" {
		browser = "browser " + g.Browser
	}
	if ip := net.ParseIP(g.Address); ip != nil && !ip.IsLoopback() {
		address = "address " + attempt.Network(g.Address)
	}
	return browser, address
}

// check returns an error if a guesser has taken all the places that one browser or one address may have. perAddress 0 is no limit.
func (p *places) check(g Guesser, perAddress int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	browser, address := g.ids()
	if browser != "" && len(p.byID[browser]) > 0 {
		return errBrowserHasLab
	}
	if address != "" && perAddress > 0 && len(p.byID[address]) >= perAddress {
		return errAddressHasLabs
	}
	return nil
}

func (p *places) add(g Guesser, lab string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil {
		p.byID = map[string]map[string]bool{}
	}
	browser, address := g.ids()
	for _, id := range []string{browser, address} {
		if id == "" {
			continue
		}
		if p.byID[id] == nil {
			p.byID[id] = map[string]bool{}
		}
		p.byID[id][lab] = true
	}
}

// remove frees the place of a lab.
func (p *places) remove(lab string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, labs := range p.byID {
		delete(labs, lab)
		if len(labs) == 0 {
			delete(p.byID, id)
		}
	}
}
