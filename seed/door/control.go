package door

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/door/limit"
)

// ControlPath begins the addresses of the control API. Its errors are JSON.
const ControlPath = "/control/"

// isControl reports whether a path belongs to the control API.
func isControl(path string) bool { return strings.HasPrefix(path, ControlPath) }

// Problem is an error of the control API: a problem details object (RFC 9457) of the type "about:blank".
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`            // the name of the status
	Detail string         `json:"detail"`           // what is wrong, then what to do
	Code   string         `json:"code,omitempty"`   // a stable word, such as NO_LAB
	Fields []ProblemField `json:"fields,omitempty"` // which parts of the request are wrong
	ID     string         `json:"id,omitempty"`     // of an internal error; the server's log has it, too
}

// ProblemField is a wrong part of a request, or one of several failures.
type ProblemField struct {
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// problemOf returns how an error is reported. The log gets what the sender must not see.
func problemOf(r *http.Request, err error, log *slog.Logger) Problem {
	err = store.ExplainFull(err)
	status, sentence := statusOf(err)
	shown := Problem{Status: status, Detail: sentence}
	var httpError *echo.HTTPError
	refused, isRefused := errors.AsType[*limit.Error](err)
	known := problem.As(err)
	switch {
	case isRefused:
		shown.Status, shown.Detail = refused.Status, refused.Text
	case known != nil:
		shown.Code = known.Code
		for _, f := range known.Fields {
			shown.Fields = append(shown.Fields, ProblemField{Field: f.Name, Detail: f.Message})
		}
		if known.Kind == problem.Invalid && len(known.Fields) > 0 { // the sentence speaks of a form
			shown.Detail = ""
			for _, f := range known.Fields {
				shown.Detail = strings.TrimSpace(shown.Detail + " " + f.Message)
			}
		}
	case errors.As(err, &httpError) && httpError.Code == http.StatusMethodNotAllowed:
		shown.Status, shown.Detail = httpError.Code, "This address does not accept that method. "+seeDocument
	case errors.As(err, &httpError):
		shown.Status, shown.Detail = http.StatusNotFound, "The control API has no such address. "+seeDocument
	default:
		shown.ID = newRequestID()
		log.Error("request failed", "id", shown.ID, "path", r.URL.Path, "error", err)
	}
	shown.Title = http.StatusText(shown.Status)
	return shown
}

const seeDocument = ControlPath + "v1/openapi.json lists all addresses."

// failControl responds with an error of the control API.
func (d *Door) failControl(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) || r.Context().Err() != nil && isWrite(err) { // the client has closed the connection
		return
	}
	shown := problemOf(r, err, d.options.Log)
	if shown.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="understudy"`)
	}
	writeJSONAs(w, "application/problem+json", shown.Status, shown)
}

// localProgramKey is the context key that says that a program on this machine sent the request.
type localProgramKey struct{}

// IsLocalProgram reports whether a request comes straight from a program on the machine that runs the server: the server listens
// on the loopback interface, no proxy has passed the request on, and no page of a browser has made it.
func IsLocalProgram(ctx context.Context) bool { return ctx.Value(localProgramKey{}) != nil }

// isLocalProgram decides for [IsLocalProgram], before the headers of proxies are removed.
func (d *Door) isLocalProgram(r *http.Request) bool {
	if d.options.TrustProxy || len(d.options.Hosts.Advertise) > 0 || r.URL.IsAbs() || !isOnLoopback(d.options.Hosts.Own) {
		return false
	}
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(peer) {
		return false
	}
	name, _ := splitHost(r.Host)
	if name != "localhost" && !isLoopback(strings.Trim(name, "[]")) {
		return false
	}
	for header, values := range r.Header {
		if isFromProxy(header) || isFromPage(header, values) {
			return false
		}
	}
	return true
}

// isOnLoopback reports whether only this machine can connect to a listener.
func isOnLoopback(own net.Addr) bool {
	tcp, listening := own.(*net.TCPAddr)
	return listening && tcp.IP.IsLoopback()
}

// isFromProxy reports whether reverse proxies and tunnels add a header.
func isFromProxy(header string) bool {
	return slices.ContainsFunc(proxyPrefixes, func(prefix string) bool { return strings.HasPrefix(header, prefix) }) ||
		strings.HasSuffix(header, "-Client-Ip") || strings.HasSuffix(header, "-Connecting-Ip") || strings.HasSuffix(header, "-Connection-Ip")
}

// proxyPrefixes begin the names of the headers that proxies, tunnels and content delivery networks add, in their canonical form.
var proxyPrefixes = []string{
	"Forwarded", "Via", "Proxy-", "Cdn-", "Client-Ip", "Remote-Addr", "X-Forward", "X-Original-", "X-Real-", "X-Client-", "X-Remote-", "X-Host",
	"X-Scheme", "X-Url-Scheme", "X-Proxy", "X-Proto", "X-Cluster-", "X-Rewrite-", "X-Coming-From", "Front-End-", "X-Arr-", "X-Varnish", "X-Cache",
	"X-Amz", "X-Cloud-Trace", "X-Google-", "X-Appengine-", "X-Azure-", "X-Fd-", "X-Ms-", "Disguised-Host", "X-Envoy-", "X-B3-", "X-Nginx-", "X-Haproxy-",
	"X-Traefik-", "X-Kong-", "Cf-", "Cloudfront-", "Fastly-", "Akamai-", "X-Akamai-", "True-Client-", "Incap-", "X-Sucuri-", "Fly-", "X-Vercel-", "X-Nf-",
	"X-Render-", "X-Railway-", "X-Heroku-", "Ngrok-", "X-Ngrok-", "Tailscale-", "X-Github-Request-", "X-Ms-Devtunnel", "X-Tunnel-",
}

// isFromPage reports whether browsers add a header to the requests of pages. Sec-Fetch-Mode tells only with the value navigate: Node's
// fetch sends cors.
func isFromPage(header string, values []string) bool {
	return header == "Sec-Fetch-Mode" && slices.Contains(values, "navigate") ||
		header == "Origin" || header == "Referer" || header == "Sec-Fetch-Site" || header == "Sec-Fetch-Dest" || header == "Sec-Fetch-User"
}
