package door

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"understudy/seed/base/address"
	"understudy/seed/lab"
)

// ownPublicPath matches the paths that lead to the server's own pages also at a public address of a lab.
var ownPublicPath = regexp.MustCompile(`^/(static|labs)/|^/healthz$`)

// publicHost is what the door knows of a request whose host is that of a public address of a lab.
type publicHost struct {
	answers   bool  // whether the server answers for the host
	route     route // the half to which the public address leads
	found     bool
	ambiguous bool // several labs have the address
}

// atPublicHost finds out whether a request came to a public address of a lab. The scheme does not matter: a proxy may have
// terminated TLS.
func (d *Door) atPublicHost(ctx context.Context, host, path string) publicHost {
	var at publicHost
	var places []lab.Place
	for _, scheme := range []string{"https", "http"} {
		link := scheme + "://" + host + path
		found, isHost := d.registry.Places(ctx, link)
		places, at.answers = append(places, found...), at.answers || isHost
	}
	if _, byPath := routeByPath(path); byPath || ownPublicPath.MatchString(path) {
		return at
	}
	at.found, at.ambiguous = len(places) == 1, len(places) > 1
	if at.found {
		at.route = route{half: places[0].Half, lab: places[0].Lab, prefix: places[0].Base, rest: places[0].Rest, public: true}
	}
	return at
}

const ambiguousAddress = "Several labs of this server have this public address. Open the lab under the server's own address, " +
	"or give each lab an address with {lab} in it."

// withPublic completes the address of a request with the public addresses of its lab.
func (rt route) withPublic(at address.Address, l *lab.Lab) address.Address {
	public := l.PublicAddresses()
	return l.InPublic(at, rt.half, func(h lab.Half) string {
		switch {
		case h == rt.half:
			return at.Origin + rt.prefix
		case rt.public:
			return publicPeer(at, l, map[lab.Half]string{lab.Okta: public.Okta, lab.Sigma: public.Sigma}[h])
		}
		return peer(at.Origin, rt, h)
	})
}

// publicPeer returns where a browser that came to a public address reaches the other one: under its name, with the scheme and port
// that the browser uses.
func publicPeer(at address.Address, l *lab.Lab, base string) string {
	reached, err := url.Parse(at.Origin)
	u, baseErr := url.Parse(base)
	if err != nil || baseErr != nil {
		return base
	}
	host := u.Hostname()
	if port := reached.Port(); port != "" {
		host += ":" + port
	}
	return reached.Scheme + "://" + host + u.Path
}

// atHome is the key of the mark of an outgoing request that leads to a lab of this server, whatever its host.
type atHome struct{}

func leadsHome(r *http.Request) bool {
	home, _ := r.Context().Value(atHome{}).(bool)
	return home
}

// home returns a request to a public address of a lab as a request to that lab by path. The host stays, so that the messages show
// it.
func (o outgoing) home(r *http.Request) *http.Request {
	place, found := o.lab.Resolve(r.Context(), r.URL.String())
	if !found {
		return r
	}
	path, query, _ := strings.Cut(place.Rest, "?")
	r = r.Clone(context.WithValue(r.Context(), atHome{}, true)) // a RoundTripper must not change the request
	r.Host = r.URL.Host
	r.URL.RawQuery = query
	r.URL.RawPath = "/" + string(place.Half) + "/" + place.Lab + path
	if decoded, err := url.PathUnescape(r.URL.RawPath); err == nil {
		r.URL.Path = decoded
	}
	return r
}
