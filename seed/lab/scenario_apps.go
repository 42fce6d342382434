package lab

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/pem"
	"strings"

	"understudy/idp"
	"understudy/seed/scenario"
	"understudy/sp"
)

// useApps replaces the references to apps in the Sigma part of a scenario: the Sign on URL and the certificate of an app exist only
// once the org does.
func (l *Lab) useApps(ctx context.Context, s *sp.Seed) error {
	if !strings.Contains(s.Authentication.LoginURL+s.Authentication.Certificate, "{") {
		return nil
	}
	values, err := l.appValues(ctx)
	if err != nil {
		return err
	}
	for name, value := range values {
		s.Authentication.LoginURL = strings.ReplaceAll(s.Authentication.LoginURL, name, value)
		s.Authentication.Certificate = strings.ReplaceAll(s.Authentication.Certificate, name, value)
	}
	return nil
}

// appValues returns what a scenario can refer to, such as {certificate of Sigma on AWS}.
func (l *Lab) appValues(ctx context.Context) (values map[string]string, err error) {
	apps, err := l.Org.Apps(ctx, idp.AppQuery{})
	if err != nil {
		return nil, err
	}
	values = map[string]string{}
	for _, app := range apps {
		if app.SignOnMode != idp.SAML2 {
			continue
		}
		keys, err := l.Org.AppKeys(ctx, app.ID)
		if err != nil {
			return nil, err
		}
		values["{sign-on-url of "+app.Label+"}"] = scenario.OktaAddress + app.SSOPath()
		for _, key := range keys {
			if key.Active {
				values["{certificate of "+app.Label+"}"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.Certificate}))
			}
		}
	}
	return values, nil
}

// linkHalves stores the identifiers that the two halves have of what is provisioned.
func (l *Lab) linkHalves(ctx context.Context) error {
	links, err := l.Organization.Links(ctx)
	if err != nil {
		return err
	}
	if len(links.Members) == 0 && len(links.Teams) == 0 {
		return nil
	}
	linked, err := l.Org.Link(ctx, links.Members, links.Teams)
	if err != nil {
		return err
	}
	return l.Organization.SetExternalIDs(ctx, linked)
}

// hasAddresses reports whether a scenario contains what each lab has of its own: its addresses, which are known only once the lab has
// its name, and the token of provisioning.
func (o origin) hasAddresses() bool {
	for _, variable := range []string{scenario.OktaAddress, scenario.SigmaAddress, scenario.OwnToken, "{sign-on-url of "} {
		if strings.Contains(o.scenario.Text, variable) {
			return true
		}
	}
	return false
}

// fillAddresses replaces the variables {okta}, {sigma} and {own-token} in the file of a new lab.
func (r *Registry) fillAddresses(ctx context.Context, o origin, name, path string) error {
	if !o.hasAddresses() {
		return nil
	}
	l, err := open(ctx, name, path, r.config)
	if err != nil {
		return err
	}
	public := l.PublicAddresses()
	server := r.config.Public.For(name)
	public.Okta, public.Sigma = cmp.Or(server.Okta, public.Okta), cmp.Or(server.Sigma, public.Sigma)
	err = l.writeAddresses(ctx, r.config.Origin, public)
	if closeErr := l.close(); err == nil {
		err = closeErr
	}
	return err
}

// fillsAddresses does for a reset what fillAddresses does for a new lab.
func (l *Lab) fillsAddresses(o origin, server string) carrier {
	return func(context.Context) (func(context.Context) error, error) {
		return func(ctx context.Context) error {
			if !o.hasAddresses() {
				return nil
			}
			return l.writeAddresses(ctx, server, l.PublicAddresses())
		}, nil
	}
}

func (l *Lab) writeAddresses(ctx context.Context, server string, public scenario.PublicAddresses) error {
	for variable, value := range map[string]string{
		scenario.OktaAddress:  cmp.Or(public.Okta, server+l.Path(Okta)),
		scenario.SigmaAddress: cmp.Or(public.Sigma, server+l.Path(Sigma)),
		scenario.OwnToken:     rand.Text() + rand.Text(),
	} {
		if err := l.Org.ReplaceText(ctx, variable, value); err != nil {
			return err
		}
		if err := l.Organization.ReplaceText(ctx, variable, value); err != nil {
			return err
		}
	}
	return nil
}
