package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
	"understudy/idp/web"
)

func open(t *testing.T, mount func(*echo.Echo)) *orgtest.Browser {
	t.Helper()
	return orgtest.Open(t, orgtest.Starter(), idp.Options{}, mount).Browser(t)
}

func TestErrorPages(t *testing.T) {
	b := open(t, func(e *echo.Echo) {
		e.GET("/denied", func(c echo.Context) error { return web.HTMLError(c, web.NotAssigned("Sigma on AWS", nil)) })
		e.GET("/broken", func(c echo.Context) error { return web.HTMLError(c, errors.New("secret detail")) })
		e.RouteNotFound("/*", func(c echo.Context) error { return web.HTMLError(c, echo.ErrNotFound) })
	})
	b.Get("/denied").Want(http.StatusForbidden, "User is not assigned to this application", "Sorry, you can't access Sigma on AWS")
	b.Get("/broken").Want(http.StatusInternalServerError, "Something went wrong").WantNot("secret detail")
	b.Get("/nowhere").Want(http.StatusNotFound, "Not part of this stand-in yet")
}

// The errors have the shape of Okta's, but no code of Okta's where only this stand-in lacks something.
func TestJSONErrors(t *testing.T) {
	b := open(t, func(e *echo.Echo) {
		e.GET("/api/broken", func(c echo.Context) error { return web.JSONError(c, errors.New("secret detail")) })
		e.RouteNotFound("/api/*", func(c echo.Context) error { return web.JSONError(c, echo.ErrNotFound) })
	})
	for path, want := range map[string]struct {
		status        int
		code, summary string
	}{
		"/api/v1/users": {http.StatusNotImplemented, "UNDERSTUDY_NOT_BUILT", "/api/v1/users is not part of this stand-in yet."},
		"/api/broken":   {http.StatusInternalServerError, "E0000009", "Internal Server Error"},
	} {
		page := b.Get(path)
		var body struct {
			Code    string `json:"errorCode"`
			Summary string `json:"errorSummary"`
			Link    string `json:"errorLink"`
			Causes  []any  `json:"errorCauses"`
		}
		if err := json.Unmarshal([]byte(page.Body), &body); err != nil {
			t.Fatalf("%s: %v in %s", path, err, page.Body)
		}
		if page.Status != want.status || body.Code != want.code || body.Summary != want.summary ||
			body.Link != want.code || body.Causes == nil {
			t.Errorf("%s: %d %s", path, page.Status, page.Body)
		}
	}
}
