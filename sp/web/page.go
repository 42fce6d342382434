package web

import (
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/sp"
	"understudy/ui/sigma"
)

// Render responds with a component as HTML.
func Render(c echo.Context, status int, page templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return page.Render(c.Request().Context(), c.Response())
}

// Frame returns the frame around the page that answers c. It takes the notice of the previous request, if there is one.
// title is the text of the page's h1.
func Frame(c echo.Context, v sp.Viewer, title string) sigma.FrameView {
	ctx := c.Request().Context()
	at := address.From(ctx)
	site, _ := sp.From(ctx).Site(ctx) // a page without the organization's name is better than no page
	f := sigma.FrameView{
		At: sigma.At(at.WindowPrefix()), Title: title, Lab: at.Lab, Window: at.Window, Current: c.Request().URL.Path,
		Organization: site.Name, Notice: TakeNotice(c), Query: c.QueryParam("q"),
	}
	if f.Current == "/" {
		f.Current = "/home" // the home page has two paths
	}
	if v.Member.ID != "" {
		f.User = sigma.Member{Name: v.Member.Name(), Email: v.Member.Email, Admin: v.Admin()}
		f.CreateWorkbook, f.CreateFolder = v.Can(sp.CreateWorkbooks), v.Can(sp.CreateFolders)
		f.CreateWorkspace, f.Connections = v.Can(sp.CreateWorkspace), v.Can(sp.ViewConnections)
	}
	return f
}

// noticeCookie carries the result of a change to the next page, for at most a minute.
const noticeCookie = "sigma_notice"

// SetNotice stores a sentence that the next page shows.
func SetNotice(c echo.Context, sentence string) {
	setForNextPage(c, noticeCookie, url.QueryEscape(sentence), http.SameSiteLaxMode)
}

// newTokenCookie carries a token that was just created to the page that shows it, for at most a minute.
const newTokenCookie = "sigma_new_token"

// SetNewToken stores a token for the next page.
func SetNewToken(c echo.Context, token string) {
	setForNextPage(c, newTokenCookie, token, http.SameSiteStrictMode)
}

// TakeNewToken returns the stored token and deletes it; empty if there is none.
func TakeNewToken(c echo.Context) string { return takeFromLastPage(c, newTokenCookie) }

// TakeNotice returns the stored sentence and deletes it; empty if there is none.
func TakeNotice(c echo.Context) string {
	sentence, err := url.QueryUnescape(takeFromLastPage(c, noticeCookie))
	if err != nil || !utf8.ValidString(sentence) {
		return ""
	}
	return sentence
}

// setForNextPage stores a value in a cookie for at most a minute.
func setForNextPage(c echo.Context, name, value string, sameSite http.SameSite) {
	at := address.From(c.Request().Context())
	c.SetCookie(&http.Cookie{Name: name, Value: value, Path: at.CookiePath(), MaxAge: 60,
		HttpOnly: true, Secure: at.Secure(), SameSite: sameSite})
}

// takeFromLastPage returns the value of a cookie of setForNextPage and deletes the cookie; empty if there is none.
func takeFromLastPage(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	at := address.From(c.Request().Context())
	c.SetCookie(&http.Cookie{Name: name, Path: at.CookiePath(), MaxAge: -1, HttpOnly: true})
	return cookie.Value
}
