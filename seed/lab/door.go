package lab

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/directory"
	"understudy/static"
	"understudy/ui/kit"
)

// DoorOptions say how the front door reads requests.
type DoorOptions struct {
	TrustProxy bool                    // believe X-Forwarded-Proto, -Host and -For
	AllowName  func(name string) error // refuses user names that may not be typed here; nil allows all
	Log        *slog.Logger            // slog.Default() when nil
	// Beside gives what the pages of a lab's halves show beside their content, the guide; nil shows nothing.
	Beside func(*http.Request, *Lab) templ.Component
	// Admit refuses requests to a lab that is not for whoever sends them, by an error for a person; nil admits all. path is
	// within the half, or within the lab's own pages. What programs ask for is not asked about: see forPrograms.
	Admit func(r *http.Request, lab, path string) error
	// Landing answers at "/" instead of the list of labs.
	Landing echo.HandlerFunc
	// Mount adds pages to those of the server itself. Forms of other sites are kept from them.
	Mount func(*echo.Echo)
}

// Door is the front door: the one handler of the server.
type Door struct {
	registry *Registry
	options  DoorOptions
	halves   map[half]http.Handler
	own      http.Handler // landing page, lab pages, health
	csrf     *http.CrossOriginProtection
	metrics  *metrics
}

// NewDoor makes the front door of a registry's labs.
func NewDoor(registry *Registry, o DoorOptions) (*Door, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	d := &Door{registry: registry, options: o, csrf: http.NewCrossOriginProtection(), metrics: newMetrics(registry)}
	sigmaHalf, err := sigmaHandler(o)
	if err != nil {
		return nil, fmt.Errorf("sigma half: %w", err)
	}
	d.halves = map[half]http.Handler{okta: oktaHandler(o), sigma: sigmaHalf}
	d.own = d.ownPages()
	return d, nil
}

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secureHeaders(w.Header())
	if r.Method == http.MethodConnect {
		http.Error(w, "This server does not tunnel. Send the request itself, in absolute form.", http.StatusMethodNotAllowed)
		return
	}
	scheme, host := origin(r, d.options.TrustProxy)
	if !validHost(host) {
		http.Error(w, "The Host header is not a host.", http.StatusBadRequest)
		return
	}
	path := collapse(r.URL.EscapedPath())
	if strings.HasPrefix(path, "/static/") {
		static.Handler().ServeHTTP(w, r)
		return
	}
	req := r.Clone(r.Context())
	req.Host = host
	req.URL.Scheme, req.URL.Host = "", ""
	req.RemoteAddr = clientIP(r, d.options.TrustProxy)

	rt, found := routeByPath(path)
	if !found {
		rt, found = routeByHost(hostname(host), path)
	}
	if !found && rootOfAPI(path) {
		rt, found = d.onlyLab(path)
	}
	if !found {
		setPath(req, path)
		d.metrics.measure("lab", w, req, d.own)
		return
	}
	d.serveHalf(w, req, rt, scheme+"://"+host)
}

// serveHalf hands a request to a half of a lab, with all that the half's doors need in its context.
func (d *Door) serveHalf(w http.ResponseWriter, r *http.Request, rt route, origin string) {
	if rt.rest == "" {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			target := rt.address(origin).CookiePath()
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, target, http.StatusFound)
			return
		}
		rt.rest = "/"
	}
	shown := ""
	if asksOnly(r) {
		shown = r.URL.RequestURI()
	}
	setPath(r, rt.rest)
	if !mayCrossOrigin(rt) {
		if err := d.csrf.Check(r); err != nil {
			d.fail(w, r, problem.New(problem.Forbidden, "This form was sent from another site, so it was not accepted. Open the page here and send it again."))
			return
		}
	}
	programs := forPrograms(rt)
	if d.options.Admit != nil && !programs {
		if err := d.options.Admit(r, rt.lab, rt.rest); err != nil {
			d.fail(w, r, err)
			return
		}
	}
	l, release, err := d.registry.Acquire(r.Context(), rt.lab)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	defer release()
	at := rt.address(origin)
	if !programs {
		at.Browser = browserOf(w, r)
	}
	ctx := kit.WithClock(address.With(r.Context(), at), l.clockMark())
	switch rt.half {
	case okta:
		ctx = provision.With(idp.With(ctx, l.Org), l.Runner)
	case sigma:
		ctx = sp.With(ctx, l.Organization)
	}
	if d.options.Beside != nil && !programs {
		if beside := d.options.Beside(r, l); beside != nil {
			ctx = kit.WithWindow(kit.WithBeside(ctx, l.sayingReset(beside)), l.windowState(rt.window, at.Browser, shown))
		}
	}
	r = r.WithContext(ctx)
	handler := d.halves[rt.half]
	if kind := exchangeKind(rt, r); kind != "" {
		if kind == SCIM {
			handler = l.troubled(handler)
		}
		handler = l.recordExchange(kind, rt, handler, d.options.Log)
	} else {
		handler = l.recordHop(rt, l.recordVisit(rt, handler, d.options.Log), d.options.Log)
	}
	d.metrics.measure(string(rt.half), w, r, l.outlive(programs, handler))
}

// address is what the half's pages make their links and copyable values from.
func (rt route) address(origin string) address.Address {
	a := address.Address{Origin: origin, Prefix: rt.prefix, Window: rt.window, Lab: rt.lab}
	if rt.half == okta {
		a.Peers = map[string]string{"sigma": peer(origin, rt, sigma)}
	}
	return a
}

// peer is the canonical address of the lab's other half, in the form (path or host) that the person uses.
func peer(origin string, rt route, other half) string {
	if rt.prefix != "" {
		return origin + "/" + string(other) + "/" + rt.lab
	}
	return strings.Replace(origin, rt.lab+"."+string(rt.half)+".", rt.lab+"."+string(other)+".", 1)
}

// onlyLab serves an API at the root of the host, as SDKs that drop the path of their base URL ask for it, while the
// server has one lab alone.
func (d *Door) onlyLab(path string) (route, bool) {
	names, err := d.registry.List()
	if err != nil || len(names) != 1 {
		return route{}, false
	}
	return route{half: okta, lab: names[0], prefix: "/okta/" + names[0], rest: path}, true
}

func rootOfAPI(path string) bool {
	return strings.HasPrefix(path, "/api/v1/") || strings.HasPrefix(path, "/oauth2/")
}

// mayCrossOrigin tells the requests that other sites must be able to send: SAML messages, SCIM and the APIs. They carry
// proofs of their own.
func mayCrossOrigin(rt route) bool {
	switch rt.half {
	case sigma:
		return strings.HasPrefix(rt.rest, "/api/") || strings.HasPrefix(rt.rest, "/scim/") || strings.HasPrefix(rt.rest, "/v2/")
	default:
		return strings.HasSuffix(rt.rest, "/sso/saml") || strings.HasPrefix(rt.rest, "/api/") || strings.HasPrefix(rt.rest, "/oauth2/")
	}
}

var idpMetadata = regexp.MustCompile(`^/app/[^/]+/sso/saml/metadata$`)

// forPrograms tells what programs ask for, who have no browser's cookies: SCIM, which has a token of its own, and SAML
// metadata, which are for everybody. Nothing else of a lab may be seen there, whatever stands at such an address.
func forPrograms(rt route) bool {
	if rt.half == okta {
		return idpMetadata.MatchString(rt.rest)
	}
	return rt.rest == directory.Path || strings.HasPrefix(rt.rest, directory.Path+"/") || rt.rest == sp.EntityIDPath || rt.rest == sp.OldMetadataPath
}

func secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
}

func setPath(r *http.Request, escaped string) {
	r.URL.RawPath = escaped
	if path, err := url.PathUnescape(escaped); err == nil {
		r.URL.Path = path
	} else {
		r.URL.Path = escaped
	}
	r.RequestURI = r.URL.RequestURI()
}
