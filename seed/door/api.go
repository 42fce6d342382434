package door

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"understudy/idp/web"
	"understudy/scim"
	"understudy/seed/door/limit"
	"understudy/seed/lab"
	"understudy/sp/directory"
	sigmaweb "understudy/sp/web"
)

// oktaAPI matches the addresses of Okta that programs call: the Management and Authn APIs, OAuth 2.0 and OpenID Connect with their
// discovery, the Identity Engine (/idp/idx/…), MyAccount (/idp/myaccount/…), and APIs with a path of their own, such as
// /governance/api/v1/… (developer.okta.com/docs/api). sigmaAPI matches Sigma's REST API in all its versions.
var (
	oktaAPI  = regexp.MustCompile(`^/(api|oauth2|idp|\.well-known)(/|$)|^/[a-z-]+/api/v\d`)
	sigmaAPI = regexp.MustCompile(`^/(api|v\d[a-z0-9.]*|\.well-known)(/|$)`)
)

// ownRootPath matches the root paths of this program that look like an API of Okta.
var ownRootPath = regexp.MustCompile(`^/(\.well-known/training-stand-in$|labs/|instructor/|card/|okta/|sigma/)`)

// isRootAPIPath reports whether a path at the root of the host belongs to one of Okta's APIs.
func isRootAPIPath(path string) bool {
	return oktaAPI.MatchString(path) && !ownRootPath.MatchString(path)
}

// isSCIM reports whether a path below the organization's URL belongs to the directory service.
func isSCIM(path string) bool {
	return path == directory.Path || strings.HasPrefix(path, directory.Path+"/")
}

// isBuiltInBrowser reports whether a path looks like an API and is opened by browsers: the SAML endpoints of Sigma.
func isBuiltInBrowser(path string) bool { return strings.HasPrefix(path, "/api/v2/saml2/") }

// isAPI reports whether programs call an address of a half, other than the directory service.
func isAPI(rt route) bool {
	if rt.half == lab.Okta {
		return oktaAPI.MatchString(rt.rest)
	}
	return sigmaAPI.MatchString(rt.rest) && !isBuiltInBrowser(rt.rest)
}

// bodyRule returns what the body of a request to a half may hold.
func bodyRule(rt route, r *http.Request) limit.Rule {
	if isAPI(rt) {
		return limit.API
	}
	return limit.RuleFor(string(rt.half), rt.rest, isLoopback(r.RemoteAddr))
}

// failHalf responds to a request that did not reach its half, in the form that the caller expects: JSON for an API, else a page.
func (d *Door) failHalf(w http.ResponseWriter, r *http.Request, rt route, err error) {
	status, sentence := statusOf(err)
	id := newRequestID()
	switch {
	case status == http.StatusInternalServerError:
		d.fail(w, r, err)
	case rt.half == lab.Sigma && isSCIM(rt.rest):
		scim.WriteError(w, scim.NewError(status, "", "%s", sentence))
	case !isAPI(rt):
		d.fail(w, r, err)
	case rt.half == lab.Okta:
		writeJSON(w, status, web.APIErrorOf(status, sentence, id))
	default:
		writeJSON(w, status, sigmaweb.APIError{RequestID: id, Code: strings.ToLower(strings.ReplaceAll(http.StatusText(status), " ", "_")),
			Message: sentence})
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	writeJSONAs(w, "application/json", status, body)
}

func writeJSONAs(w http.ResponseWriter, kind string, status int, body any) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // it fails only if the client has closed the connection
}
