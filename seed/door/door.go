package door

import (
	"context"
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
	"understudy/seed/door/limit"
	"understudy/seed/lab"
	"understudy/sp"
	"understudy/static"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// Options configure the front door.
type Options struct {
	DataDir    string                  // directory of the labs, for the health page; "" checks no disk
	Hosts      Hosts                   // the names under which the server answers
	TrustProxy bool                    // believe X-Forwarded-Proto, -Host and -For
	AllowName  func(name string) error // refuses user names that may not be typed at sign-in; nil allows all
	Log        *slog.Logger            // slog.Default() when nil
	// Panel returns the guide panel for a page of a lab's half; nil shows none.
	Panel func(*http.Request, *lab.Lab) templ.Component
	// Notice returns what every page of a lab shows above its content, error pages included: the messages of a workshop's
	// instructor. It returns nil for a sender who must not see it; nil shows none.
	Notice func(r *http.Request, lab string) templ.Component
	// Admit returns an error for a request that its sender may not make to a lab; nil admits all. path is within the half, or
	// within the lab's own pages. Requests of programs are not checked: see isForPrograms.
	Admit func(r *http.Request, lab, path string) error
	// Mount adds pages of the server's own. Each list entry registers the routes of one package. Cross-site form posts to
	// these routes are refused.
	Mount []func(*echo.Echo)
}

// Door is the front door: the only HTTP handler of the server.
type Door struct {
	registry *lab.Registry
	options  Options
	halves   map[lab.Half]*echo.Echo
	own      *echo.Echo // pages that belong to neither half: lab pages, health, metrics
	csrf     *http.CrossOriginProtection
	streams  limit.Streams
	metrics  *metrics
	disk     diskState
}

// New returns the front door of a registry's labs.
func New(registry *lab.Registry, o Options) (*Door, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	d := &Door{registry: registry, options: o, csrf: http.NewCrossOriginProtection(), metrics: newMetrics(registry)}
	sigma, err := sigmaHandler(o)
	if err != nil {
		return nil, fmt.Errorf("sigma half: %w", err)
	}
	d.halves = map[lab.Half]*echo.Echo{lab.Okta: oktaHandler(o), lab.Sigma: sigma}
	d.own = d.ownPages()
	return d, nil
}

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurityHeaders(w.Header())
	limit.Arrived(w, r)
	if r.Method == http.MethodConnect {
		http.Error(w, "This server is not a tunnel. Send the request itself, in absolute form.", http.StatusMethodNotAllowed)
		return
	}
	scheme, host := origin(r, d.options.TrustProxy)
	path := collapseSlashes(r.URL.EscapedPath())
	var public publicHost
	if allowed := d.options.Hosts.Allows(host); !allowed || d.options.Hosts.isNamedOnly(host) {
		if isValidHost(host) {
			public = d.atPublicHost(r.Context(), host, path)
		}
		switch {
		case !allowed && !public.answers:
			d.options.Hosts.refuse(w, host)
			return
		case public.ambiguous:
			http.Error(w, ambiguousAddress, http.StatusMisdirectedRequest)
			return
		}
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	if d.isLocalProgram(r) {
		ctx = context.WithValue(ctx, localProgramKey{}, true)
	}
	req := d.arrived(ctx, r, host)
	rt, found := public.route, public.found
	if !found {
		rt, found = d.route(hostname(host), path, public.answers)
	}
	answer := &limit.Writer{ResponseWriter: w, Streams: &d.streams, Client: req.RemoteAddr, Lab: labOf(rt, path), Cancel: cancel}
	answer.Begin()
	defer answer.End()
	w = answer
	if scheme == "https" {
		w = &secureCookies{ResponseWriter: answer}
	}
	if !found && isRootAPIPath(path) { // no API is built, so the response is the same for every lab
		setPath(req, path)
		d.metrics.measure(string(lab.Okta), w, req, d.halves[lab.Okta])
		return
	}
	if !found {
		d.serveOwn(w, req, path, scheme+"://"+host)
		return
	}
	d.serveHalf(w, req, rt, scheme+"://"+host)
}

// arrived returns the request as handlers see it: with the client's address and the host that the client typed, and without
// the headers of proxies, which a client can send, too.
func (d *Door) arrived(ctx context.Context, r *http.Request, host string) *http.Request {
	req := r.Clone(ctx)
	req.Host = host
	req.URL.Scheme, req.URL.Host = "", ""
	req.RemoteAddr = clientIP(r, d.options.TrustProxy)
	for _, name := range proxyHeaders {
		req.Header.Del(name)
	}
	return req
}

// route finds the half of a lab to which an address leads. The name of a public host says nothing about the lab.
func (d *Door) route(host, path string, isPublic bool) (route, bool) {
	if rt, found := routeByPath(path); found {
		return rt, true
	}
	if isPublic || strings.HasPrefix(path, "/static/") {
		return route{}, false
	}
	if rt, found := routeByHost(host, path); found {
		return rt, true
	}
	if isRootAPIPath(path) {
		return d.routeToOnlyLab(path)
	}
	return route{}, false
}

// labOf returns the name of the lab that an address is about; "" for none.
func labOf(rt route, path string) string {
	if rt.lab != "" {
		return rt.lab
	}
	below, isLab := strings.CutPrefix(path, "/labs/")
	if !isLab {
		return ""
	}
	name, _, _ := strings.Cut(below, "/")
	return name
}

// serveOwn serves static files and the pages that belong to neither half.
func (d *Door) serveOwn(w http.ResponseWriter, r *http.Request, path, reached string) {
	if refused := limit.CheckHead(r); refused != nil {
		d.refuse(w, r, route{}, refused)
		return
	}
	if strings.HasPrefix(path, "/static/") {
		static.Handler().ServeHTTP(w, r)
		return
	}
	setPath(r, path)
	r = r.WithContext(address.With(r.Context(), address.Address{Origin: d.options.Hosts.canonical(reached, false), Reached: reached}))
	r = d.withNotice(r, labOf(route{}, path))
	d.metrics.measure("lab", w, r, d.own)
}

// serveHalf hands a request to a half of a lab, with everything that the half's handlers need in its context.
func (d *Door) serveHalf(w http.ResponseWriter, r *http.Request, rt route, reached string) {
	at := rt.address(reached)
	if !rt.public {
		at = rt.address(d.options.Hosts.canonical(reached, rt.prefix == ""))
	}
	at.Reached, at.Serves, at.Mail = reached, d.options.Hosts.Allows, d.options.Hosts.mailBase(reached, rt)
	r = d.withNotice(r.WithContext(address.With(r.Context(), at)), rt.lab)
	if refused := limit.CheckHead(r); refused != nil {
		d.refuse(w, r, rt, refused)
		return
	}
	if rt.rest == "" {
		if isRead(r) {
			target := at.CookiePath()
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, target, http.StatusFound)
			return
		}
		rt.rest = "/"
	}
	shown := readURI(r)
	setPath(r, rt.rest)
	if !mayCrossOrigin(rt) {
		if err := d.csrf.Check(r); err != nil {
			d.failHalf(w, r, rt, errCrossSite)
			return
		}
	}
	programs := isForPrograms(rt)
	if d.options.Admit != nil && !programs {
		if err := d.options.Admit(r, rt.lab, rt.rest); err != nil {
			d.failHalf(w, r, rt, err)
			return
		}
	}
	r, err := d.pinnedAtArrival(r, rt.lab, programs)
	if err != nil {
		d.failHalf(w, r, rt, err)
		return
	}
	done, refused := bodyRule(rt, r).Read(w, r)
	if refused != nil {
		d.refuse(w, r, rt, refused)
		return
	}
	defer done()
	l, release, err := d.registry.Acquire(r.Context(), rt.lab)
	if lab.IsDamaged(err) {
		back := kit.Link{Label: "Open the lab's page", Href: "/labs/" + rt.lab}
		show(w, r, http.StatusServiceUnavailable,
			page.ErrorPage{Status: http.StatusServiceUnavailable, Sentence: problem.As(err).Message, Back: back}, d.options.Log)
		return
	}
	if err != nil {
		d.failHalf(w, r, rt, err)
		return
	}
	defer release()
	r, end := endWithLab(l, w, r)
	defer end()
	if !programs {
		at.Browser = browserID(w, r)
	}
	at = rt.withPublic(at, l)
	ctx := kit.WithClock(address.With(r.Context(), at), l.ClockMark())
	switch rt.half {
	case lab.Okta:
		ctx = provision.With(idp.With(ctx, l.Org), l.Runner)
	case lab.Sigma:
		ctx = sp.With(ctx, l.Organization)
	}
	if d.options.Panel != nil && !programs {
		if panel := d.options.Panel(r, l); panel != nil {
			ctx = kit.WithWindow(kit.WithGuidePanel(ctx, withResetNotice(l, panel)), windowState(l, rt.window, at.Browser, shown))
		}
	}
	d.metrics.measure(string(rt.half), w, r.WithContext(ctx), retryAfterReset(l, programs, d.recorded(l, rt, r)))
}

// withNotice puts the notice of a lab into the context of a request, before anything can fail: error pages show it, too.
func (d *Door) withNotice(r *http.Request, name string) *http.Request {
	if d.options.Notice == nil || name == "" {
		return r
	}
	notice := d.options.Notice(r, name)
	if notice == nil {
		return r
	}
	return r.WithContext(kit.WithTopNotice(r.Context(), notice))
}

// recorded returns the handler of a half with the recording that its kind of request gets.
func (d *Door) recorded(l *lab.Lab, rt route, r *http.Request) http.Handler {
	var handler http.Handler = d.halves[rt.half]
	log := d.options.Log
	switch kind := exchangeKind(rt, r); kind {
	case "":
		if rt.half == lab.Okta {
			handler = recordSentMessages(l, rt, handler, log)
		}
		return recordPageRequest(l, rt, recordVisit(l, rt, handler, log), log)
	case lab.SCIM:
		return recordExchange(l, kind, rt, withInjectedFault(l, handler), log)
	default:
		return recordExchange(l, kind, rt, handler, log)
	}
}

// routeToOnlyLab routes an API request at the root of the host while the server has exactly one lab: some SDKs drop the path
// of their base URL.
func (d *Door) routeToOnlyLab(path string) (route, bool) {
	names, err := d.registry.List()
	if err != nil || len(names) != 1 {
		return route{}, false
	}
	return route{half: lab.Okta, lab: names[0], prefix: "/okta/" + names[0], rest: path}, true
}

var errCrossSite = problem.New(problem.Forbidden,
	"This form was sent from another site, so it was not accepted. Open the page here and send it again.")

// mayCrossOrigin reports whether other sites must be able to send a request: SAML messages, SCIM and the APIs. Such requests
// are authenticated by what they carry, not by a cookie alone.
func mayCrossOrigin(rt route) bool {
	if rt.half == lab.Sigma {
		return isSCIM(rt.rest) || sigmaAPI.MatchString(rt.rest)
	}
	return strings.HasSuffix(rt.rest, "/sso/saml") || strings.HasSuffix(rt.rest, "/slo/saml") || oktaAPI.MatchString(rt.rest)
}

var idpMetadataPath = regexp.MustCompile(`^/app/[^/]+/sso/saml/metadata$`)

// isForPrograms reports whether a request comes from a program without a browser's cookies: SCIM, which has a bearer token,
// and SAML metadata, which are public. Such paths must show nothing else of a lab: Options.Admit does not guard them.
func isForPrograms(rt route) bool {
	if rt.half == lab.Okta {
		return idpMetadataPath.MatchString(rt.rest)
	}
	return isSCIM(rt.rest) || rt.rest == sp.EntityIDPath || rt.rest == sp.OldMetadataPath
}

func setSecurityHeaders(h http.Header) {
	kit.SetContentSecurityPolicy(h, kit.OwnForms)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
}

// setPath replaces the path of a request by an escaped one.
func setPath(r *http.Request, escaped string) {
	r.URL.RawPath = escaped
	if path, err := url.PathUnescape(escaped); err == nil {
		r.URL.Path = path
	} else {
		r.URL.Path = escaped
	}
	r.RequestURI = r.URL.RequestURI()
}
