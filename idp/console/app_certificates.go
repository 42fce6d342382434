package console

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
)

// generateAppKey is Generate new certificate. The new certificate is inactive.
func (r *request) generateAppKey() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		_, err := r.org.GenerateAppKey(r.ctx(), r.actor(), app.ID, certificateYears)
		return appInstancePath(app.Name, app.ID) + "sign-on",
			"A new certificate was generated. The certificate is inactive until you activate it.", err
	})
}

// certificateYears is the validity of new certificates, as in Okta.
const certificateYears = 10

// activateAppKey makes a certificate the one that signs responses.
func (r *request) activateAppKey() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		err := r.org.ActivateAppKey(r.ctx(), r.actor(), app.ID, r.Param("kid"))
		return appInstancePath(app.Name, app.ID) + "sign-on",
			"The certificate was activated. Add the certificate to " + app.Label + " before the next sign-on.", err
	})
}

// pathAppKey returns the certificate that the URL names.
func (r *request) pathAppKey(app idp.App) (idp.AppKey, error) {
	keys, err := r.org.AppKeys(r.ctx(), app.ID)
	if err != nil {
		return idp.AppKey{}, err
	}
	i := slices.IndexFunc(keys, func(k idp.AppKey) bool { return k.ID == r.Param("kid") })
	if i < 0 {
		return idp.AppKey{}, web.ErrPageNotFound
	}
	return keys[i], nil
}

// downloadAppKey responds with the certificate as the file okta.cert, as in Okta.
func (r *request) downloadAppKey() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	key, err := r.pathAppKey(app)
	if err != nil {
		return err
	}
	r.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="okta.cert"`)
	return r.Blob(http.StatusOK, "application/x-x509-ca-cert", []byte(key.PEM()))
}

// appKeyMetadata is View IdP metadata: the metadata with the certificate of the row, even if it is inactive.
func (r *request) appKeyMetadata() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	key, err := r.pathAppKey(app)
	if err != nil {
		return err
	}
	settings := r.org.SAMLSettings(app, r.address.Peer)
	metadata := saml.Metadata(app, settings, key.Base64(), r.address.URL)
	return r.Blob(http.StatusOK, "application/xml; charset=utf-8", metadata)
}

// shortDate formats a date for the table of certificates.
func shortDate(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
