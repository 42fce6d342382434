package lab

import (
	"crypto/rand"
	"encoding/json"
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
)

func requestID() string { return strings.ToLower(rand.Text()[:20]) }

// withRequestID names each request, so that a page which failed and the log's line about it can be matched.
func withRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, requestID())
		return next(c)
	}
}

// oktaHandler is the Okta half's doors.
func oktaHandler(o DoorOptions) http.Handler {
	e := quietEcho(func(err error, c echo.Context) {
		if strings.HasPrefix(c.Request().URL.Path, "/api/") || strings.HasPrefix(c.Request().URL.Path, "/oauth2/") {
			logged(o.Log, web.JSONError(c, err))
			return
		}
		logged(o.Log, web.HTMLError(c, err))
	})
	e.Use(withRequestID)
	signin.Register(e, signin.Options{AppOf: sso.AppOf, AllowName: o.AllowName})
	console.Register(e)
	sso.Register(e)
	return e
}

// sigmaHandler is the Sigma half's doors.
func sigmaHandler(o DoorOptions) (http.Handler, error) {
	e := quietEcho(func(err error, c echo.Context) {
		path := c.Request().URL.Path
		switch {
		case strings.HasPrefix(path, "/v2/") || strings.HasPrefix(path, "/api/v2/"):
			notBuiltSigmaJSON(c)
		case strings.HasPrefix(path, directory.Path):
			scim.WriteError(c.Response(), scim.NewError(http.StatusNotImplemented, "", "%s is not part of this stand-in yet.", path))
		default:
			logged(o.Log, site.HTMLError(c, err))
		}
	})
	e.Use(withRequestID)
	site.Register(e)
	spsso.Register(e)
	return e, directory.Register(e)
}

func logged(log *slog.Logger, err error) {
	if err != nil {
		log.Warn("error page broke off", "error", err)
	}
}

// notBuiltSigmaJSON says that an address of Sigma's REST API is not part of this stand-in.
func notBuiltSigmaJSON(c echo.Context) {
	writeJSON(c.Response(), map[string]any{
		"requestId": c.Response().Header().Get(echo.HeaderXRequestID), "code": "not_part_of_stand_in",
		"message": c.Request().URL.Path + " is not part of this stand-in yet.",
	})
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	w.WriteHeader(http.StatusNotImplemented)
	_ = json.NewEncoder(w).Encode(body) // the client has gone when this fails
}
