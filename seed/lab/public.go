package lab

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"understudy/seed/base/address"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// PublicAddresses returns the base URLs that the pages and messages of the lab show.
func (l *Lab) PublicAddresses() scenario.PublicAddresses {
	if p := l.public.Load(); p != nil {
		return *p
	}
	return scenario.PublicAddresses{}
}

// SetPublicAddresses changes the public addresses of a lab. Invalid when one is not valid. Values that people copied before, such as
// the Sign on URL, do not change.
func (r *Registry) SetPublicAddresses(ctx context.Context, name string, p scenario.PublicAddresses) error {
	if err := p.Check(); err != nil {
		return err
	}
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	if err := l.writePublic(ctx, p); err != nil {
		return err
	}
	r.publics.set(name, l.PublicAddresses())
	return nil
}

func (l *Lab) writePublic(ctx context.Context, p scenario.PublicAddresses) error {
	err := l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE lab_about SET public_okta = $1, public_sigma = $2 WHERE id = 1`, p.Okta, p.Sigma)
	})
	if err != nil {
		return fmt.Errorf("public addresses: %w", err)
	}
	return l.loadPublic(ctx)
}

// readPublic returns the public addresses as the lab's file has them.
func (l *Lab) readPublic(ctx context.Context) (p scenario.PublicAddresses, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT public_okta, public_sigma FROM lab_about WHERE id = 1`).Scan(&p.Okta, &p.Sigma)
	})
	if errors.Is(err, sql.ErrNoRows) { // the lab is being made
		return p, nil
	}
	return p, err
}

// loadPublic reads the public addresses. An imported file can hold anything, so addresses that are not valid do not count.
func (l *Lab) loadPublic(ctx context.Context) error {
	p, err := l.readPublic(ctx)
	if err != nil {
		return fmt.Errorf("public addresses: %w", err)
	}
	if p.Check() != nil {
		p = scenario.PublicAddresses{}
	}
	p = p.For(l.Name)
	l.public.Store(&p)
	return nil
}

// carryPublic keeps the public addresses when the lab's file is replaced: they belong to the lab, not to its state.
func (l *Lab) carryPublic(ctx context.Context) (restore func(context.Context) error, err error) {
	p, err := l.readPublic(ctx)
	restore = func(ctx context.Context) error {
		if now, err := l.readPublic(ctx); err != nil || now == p { // an undo restores the file byte for byte
			return errors.Join(err, l.loadPublic(ctx))
		}
		return l.writePublic(ctx, p)
	}
	return restore, err
}

// InPublic completes the address of a half with the public addresses of the lab. real returns the base URL at which the browser
// reaches a half.
func (l *Lab) InPublic(at address.Address, own Half, real func(Half) string) address.Address {
	public := l.PublicAddresses()
	for half, base := range map[Half]string{Okta: public.Okta, Sigma: public.Sigma} {
		if base == "" {
			continue
		}
		at.Aliases = append(at.Aliases, address.Alias{Public: base, Real: real(half)})
		if half == own {
			at.Public = base
		} else if at.Peers != nil {
			at.Peers[string(half)] = base
		}
	}
	return at
}

// Reach returns the address at which this server serves a link below a public address of the lab; other links stay as they are.
// origin is the scheme and host of this server.
func (l *Lab) Reach(origin, link string) string {
	at := l.InPublic(address.Address{}, "", func(h Half) string { return origin + l.Path(h) })
	return at.Reach(link)
}

// Place is what a public address leads to.
type Place struct {
	Lab  string
	Half Half
	Base string // path of the public address, such as "/brightwater"; often empty
	Rest string // escaped path within the half, with the query
}

// Place returns the half of this lab to which a link below a public address leads.
func (l *Lab) Place(link string) (Place, bool) { return placeOf(l.Name, l.PublicAddresses(), link) }

// Resolve returns what a link below a public address leads to: in this lab, else in the only other lab that has the address.
func (l *Lab) Resolve(ctx context.Context, link string) (Place, bool) {
	if place, found := l.Place(link); found || l.places == nil {
		return place, found
	}
	places, _ := l.places(ctx, link)
	if len(places) != 1 {
		return Place{}, false
	}
	return places[0], true
}

func placeOf(name string, public scenario.PublicAddresses, link string) (Place, bool) {
	for _, h := range []struct {
		half Half
		base string
	}{{Okta, public.Okta}, {Sigma, public.Sigma}} {
		if rest, below := address.Below(h.base, link); below {
			path := h.base[strings.Index(h.base, "://")+len("://"):]
			if at := strings.IndexByte(path, '/'); at >= 0 {
				path = path[at:]
			} else {
				path = ""
			}
			return Place{Lab: name, Half: h.half, Base: path, Rest: rest}, true
		}
	}
	return Place{}, false
}

// publics are the public addresses of the labs, also of those that are not open.
type publics struct {
	mu    sync.Mutex
	known map[string]scenario.PublicAddresses
}

func (p *publics) set(name string, a scenario.PublicAddresses) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[name] = a
}

func (p *publics) forget(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, name)
}

func (p *publics) of(name string) (a scenario.PublicAddresses, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, known = p.known[name]
	return a, known
}

// Places returns what a link leads to in all labs, and whether any lab has a public address at the host of the link. The first call
// opens labs that were not open since the start of the server.
func (r *Registry) Places(ctx context.Context, link string) (places []Place, isHost bool) {
	names, err := r.List()
	if err != nil {
		return nil, false
	}
	for _, name := range names {
		public, known := r.publics.of(name)
		if !known {
			l, release, err := r.Acquire(ctx, name)
			if err != nil { // a damaged lab has no addresses, until it is repaired
				if IsDamaged(err) {
					r.publics.set(name, scenario.PublicAddresses{})
				}
				continue
			}
			public = l.PublicAddresses()
			r.publics.set(name, public)
			release()
		}
		if place, found := placeOf(name, public, link); found {
			places = append(places, place)
		}
		isHost = isHost || address.SameHost(public.Okta, link) || address.SameHost(public.Sigma, link)
	}
	return places, isHost
}
