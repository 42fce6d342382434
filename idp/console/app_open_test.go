package console_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/console"
	"understudy/idp/internal/doortest"
	"understudy/idp/signin"
)

type selection = goquery.Selection

// openConsole is a small org with its sign-in page and its Admin Console.
func openConsole(t *testing.T) *doortest.Lab {
	t.Helper()
	return doortest.Open(t, doortest.Starter(), idp.Options{}, func(e *echo.Echo) {
		signin.Register(e, signin.Options{})
		console.Register(e)
	})
}
