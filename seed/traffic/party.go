package traffic

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/seed/lab"
)

// peers names the two ends of a message. A real peer can take the place of either product, and then has its own name: a service
// provider that of its app in Okta, an identity provider that of its host.
type peers struct{ apps []idp.App }

func peersOf(ctx context.Context, l *lab.Lab) (peers, error) {
	apps, err := l.Org.Apps(ctx, idp.AppQuery{})
	return peers{apps}, err
}

// sigmaKeys begins the keys of Sigma's entries in Okta's app catalog.
const sigmaKeys = "sigmaon"

// of returns the service provider and the identity provider of a SAML message, or the receiver and Okta for a SCIM call.
func (p peers) of(x lab.Exchange) (provider, okta string) {
	provider, okta = systemSigma, systemOkta
	switch {
	case x.ReceiverOrigin != "":
		provider = strings.TrimPrefix(strings.TrimPrefix(x.ReceiverOrigin, "http://"), "https://")
		for _, app := range p.apps {
			if to, logout := x.ReceiverOrigin+x.Path, app.SignOn.SAML.Logout; to == logout.RequestURL || to == logout.ResponseURL {
				provider = app.Label
			}
		}
	case x.Kind == lab.SAMLRequest:
		for _, app := range p.apps {
			if strings.Contains(x.Path, "/"+app.ExternalKey+"/") && !strings.HasPrefix(app.CatalogKey, sigmaKeys) {
				provider = app.Label
			}
		}
	case x.Kind == lab.SAMLResponse && x.Request != "": // a message without its contents counts as Okta's
		okta = p.issuerOf(x)
	}
	return provider, okta
}

// issuerOf returns the name of the identity provider that issued a response: Okta for an issuer of one of the org's apps.
func (p peers) issuerOf(x lab.Exchange) string {
	m, err := readSAML(x.Request)
	if err != nil || m.Issuer == "" {
		return systemOkta
	}
	if slices.ContainsFunc(p.apps, func(app idp.App) bool { return app.Issuer() == m.Issuer }) ||
		strings.HasPrefix(m.Issuer, "http://www.okta.com/") {
		return systemOkta
	}
	if u, err := url.Parse(m.Issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return m.Issuer
}

// parties returns the sender and the receiver of a message. The browser carries SAML messages; it is neither. Messages to another
// server are recorded where Okta sends them.
func (p peers) parties(x lab.Exchange) (from, to string) {
	provider, okta := p.of(x)
	if x.Kind == lab.SAMLRequest && x.ReceiverOrigin == "" {
		return provider, okta
	}
	return okta, provider
}

// summary says in one line what a message was for.
func (p peers) summary(x lab.Exchange) string {
	provider, okta := p.of(x)
	if x.Kind == lab.SCIM {
		return readCall(x).summary()
	}
	m, err := readSAML(x.Request)
	if err != nil {
		return x.Kind + ": " + err.Error()
	}
	if m.isLogout() { // either side sends either message
		provider, okta = p.parties(x)
	}
	text := m.summary(provider, okta)
	for _, c := range x.Checks {
		if c.Verdict == "failed" {
			return text + ", but " + provider + " rejected the response: " + c.Name
		}
	}
	return text
}
