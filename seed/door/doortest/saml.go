package doortest

import (
	"encoding/pem"

	"understudy/idp"
	"understudy/sp"
)

// ConnectSAML adds Sigma to a lab's Okta org, assigns it to the Okta administrator, and gives Sigma the app's URL and
// certificate, so that single sign-on works.
func (s *Server) ConnectSAML(name string) idp.App {
	s.T.Helper()
	ctx := s.T.Context()
	l, release, err := s.Registry.Acquire(ctx, name)
	if err != nil {
		s.T.Fatal(err)
	}
	defer release()
	must := func(err error) {
		s.T.Helper()
		if err != nil {
			s.T.Fatal(err)
		}
	}
	okta, system := l.OktaContext(ctx, s.HTTP.URL), idp.System(idp.Client{})
	app, err := l.Org.AddApp(okta, system, idp.NewApp{CatalogKey: "sigmaonaws"})
	must(err)
	u, err := l.Org.User(okta, "ada.okafor@brightwater.example")
	must(err)
	_, err = l.Org.AssignUser(okta, system, app.ID, u.ID, idp.Assignment{})
	must(err)
	_, key, err := l.Org.SigningKey(okta, app.ID)
	must(err)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.Certificate})
	must(l.Organization.SetAuthentication(ctx, sp.System(), sp.AuthenticationInput{
		Method: sp.MethodSAML, IdPLoginURL: s.HTTP.URL + "/okta/" + name + app.SSOPath(),
		IdPCertificate: string(certificate), SessionHours: 24,
	}))
	return app
}
