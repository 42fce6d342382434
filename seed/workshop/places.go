package workshop

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
)

// places counts which labs each network address has taken, since the start of the server. The workshop's file holds no addresses.
type places struct {
	mu        sync.Mutex
	byAddress map[string]map[string]bool // labs by network
	refused   map[string]int             // joins that the limit of a network has refused
}

var (
	errBrowserHasLab = problem.InvalidField("code",
		"Somebody has joined with this browser already. To continue with that lab, return with its nickname and PIN.")
	errAddressHasLabs = problem.InvalidField("code",
		"Too many people have joined from this network address. Tell the instructor, who can allow more under Settings > Joining in "+
			"the console, or give you a prepared card.")
)

// maxRefused bounds the memory that many addresses can take.
const maxRefused = 1000

// taken is the labs of one network address, and how many joins its limit has refused.
type taken struct {
	Address string
	Labs    []string
	Refused int
}

// manyPlaces is how many labs of one network address the console points out.
const manyPlaces = 4

// list returns the network addresses that have many labs or were refused more, those with the most labs first.
func (p *places) list() (list []taken) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, labs := range p.byAddress {
		if len(labs) >= manyPlaces || p.refused[address] > 0 {
			list = append(list, taken{address, slices.SortedFunc(maps.Keys(labs), compareNatural), p.refused[address]})
		}
	}
	slices.SortFunc(list, func(a, b taken) int {
		return cmp.Or(len(b.Labs)-len(a.Labs), strings.Compare(a.Address, b.Address))
	})
	return list
}

// refusals is how many joins the limits have refused since an instructor last saved who may join.
func (p *places) refusals() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, refused := range p.refused {
		n += refused
	}
	return n
}

// forgetRefusals starts the count of refused joins again.
func (p *places) forgetRefusals() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
}

// check returns an error if a guesser has taken all the places that one browser or one address may have. perAddress 0 is no limit.
func (p *places) check(g Guesser, perAddress int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.lab() != "" {
		return errBrowserHasLab
	}
	if address := attempt.Network(g.Address); perAddress > 0 && len(p.byAddress[address]) >= perAddress {
		if _, known := p.refused[address]; p.refused == nil || !known && len(p.refused) >= maxRefused {
			p.refused = map[string]int{}
		}
		p.refused[address]++
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
