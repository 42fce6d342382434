package web

import (
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// Render responds with a page. The browser may not store it, because pages depend on who is signed in.
func Render(c echo.Context, status int, page templ.Component) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	h.Set("Cache-Control", "no-cache, no-store")
	c.Response().WriteHeader(status)
	return page.Render(c.Request().Context(), c.Response())
}

// SignInFrame returns the frame of the pages that need no session, such as the sign-in page and error pages.
func SignInFrame(c echo.Context, title string) okta.SignInFrame {
	ctx := c.Request().Context()
	a := address.From(ctx)
	frame := okta.SignInFrame{Page: kit.Page{Title: title, Lab: kit.NewLabBar(a.Lab, a.Window)}, Base: a.WindowPrefix()}
	if org := idp.From(ctx); org != nil {
		settings, _ := org.Settings(ctx) // on an error the page is shown without the org's name
		frame.Org = settings.Name
	}
	return frame
}

// noticeCookie holds the notice that the next page shows.
const noticeCookie = "okta_notice"

// SetNotice leaves a sentence for the next page, such as "Group created".
func SetNotice(c echo.Context, sentence string) {
	SetCookie(c, noticeCookie, url.QueryEscape(sentence), time.Minute)
}

// newLinkCookie carries the path of a link that was just made to the page that shows it, for at most a minute.
const newLinkCookie = "okta_new_link"

// SetNewLink leaves the path of a link for the next page.
func SetNewLink(c echo.Context, path string) { SetCookie(c, newLinkCookie, path, time.Minute) }

// TakeNewLink returns the path that the previous page left, and removes it; empty if there is none.
func TakeNewLink(c echo.Context) string {
	path := Cookie(c, newLinkCookie)
	if path != "" {
		ClearCookie(c, newLinkCookie)
	}
	return path
}

// Notices returns the sentence that the previous page left, and removes it, so that it is shown once.
func Notices(c echo.Context) []kit.Status {
	value := Cookie(c, noticeCookie)
	if value == "" {
		return nil
	}
	ClearCookie(c, noticeCookie)
	sentence, err := url.QueryUnescape(value)
	if err != nil || len(sentence) > 500 {
		return nil
	}
	return []kit.Status{{Message: sentence}}
}
