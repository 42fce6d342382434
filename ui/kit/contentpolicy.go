package kit

import "net/http"

// FormTargets says where the forms of a page may lead, redirects included.
type FormTargets string

// The targets.
const (
	OwnForms FormTargets = "'self'"
	// AnySite is for pages that carry a SAML message to another server. Browsers apply the policy to redirects, too, and where
	// that server leads to is not known.
	AnySite FormTargets = "'self' https: http:"
)

// SetContentSecurityPolicy sets what a page may load and where its forms may lead. The front door sets it for every response;
// a handler may widen the targets of its forms.
func SetContentSecurityPolicy(h http.Header, forms FormTargets) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "+
		"font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+string(forms))
}
