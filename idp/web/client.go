package web

import (
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/seed/base/address"
)

// Client describes the sender of the request for the System Log.
func Client(c echo.Context) idp.Client {
	req := c.Request()
	a := address.From(req.Context())
	return idp.Client{
		IP:         c.RealIP(),
		UserAgent:  req.UserAgent(),
		RequestID:  c.Response().Header().Get(echo.HeaderXRequestID),
		RequestURI: req.URL.Path,
		URL:        req.URL.Path, // without the query, which may hold one-time tokens
		Window:     a.Window,
		Browser:    a.Browser,
	}
}
