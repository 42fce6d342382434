package door

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp/console"
	"understudy/idp/signin"
	"understudy/idp/sso"
	"understudy/idp/web"
	"understudy/scim"
	"understudy/sp/directory"
	"understudy/sp/site"
	spsso "understudy/sp/sso"
	sigmaweb "understudy/sp/web"
)

func newRequestID() string { return strings.ToLower(rand.Text()[:20]) }

// withRequestID gives each request an identifier: an error page shows it and the log line about the error contains it.
func withRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, newRequestID())
		return next(c)
	}
}

// oktaHandler returns the handler of the Okta half.
func oktaHandler(o Options) *echo.Echo {
	e := newEcho(func(err error, c echo.Context) {
		if oktaAPI.MatchString(c.Request().URL.Path) {
			logFailedWrite(o.Log, web.JSONError(c, err))
			return
		}
		logFailedWrite(o.Log, web.HTMLError(c, err))
	})
	e.Use(withRequestID)
	signin.Register(e, signin.Options{AppOf: sso.AppOf, AllowName: o.AllowName})
	console.Register(e)
	sso.Register(e)
	return e
}

// sigmaHandler returns the handler of the Sigma half.
func sigmaHandler(o Options) (*echo.Echo, error) {
	e := newEcho(func(err error, c echo.Context) {
		path := c.Request().URL.Path
		switch {
		case isBuiltInBrowser(path):
			logFailedWrite(o.Log, sigmaweb.HTMLError(c, err))
		case sigmaAPI.MatchString(path):
			logFailedWrite(o.Log, sigmaweb.JSONError(c, err))
		case isSCIM(path):
			scim.WriteError(c.Response(), scimRefusal(path, err))
		default:
			logFailedWrite(o.Log, sigmaweb.HTMLError(c, err))
		}
	})
	e.Use(withRequestID)
	site.Register(e)
	spsso.Register(e)
	return e, directory.Register(e)
}

// scimRefusal is the SCIM error for a request that did not reach the directory.
func scimRefusal(path string, err error) *scim.Error {
	if refusal, ok := errors.AsType[*sigmaweb.Refusal](err); ok {
		return scim.NewError(refusal.Status, "", "%s", refusal.Text)
	}
	return scim.NewError(http.StatusNotImplemented, "", "%s is not part of this stand-in yet.", path)
}

// logFailedWrite logs that an error page could not be sent whole.
func logFailedWrite(log *slog.Logger, err error) {
	if err != nil {
		log.Warn("error page was not sent completely", "error", err)
	}
}
