package lab

import (
	"context"
	"crypto/rand"
	"net/http"

	"understudy/idp"
	"understudy/sp"
)

// Acting holds sessions in which the guide acts as people of the lab.
type Acting struct {
	lab     *Lab
	browser string
}

// Act begins to act as people of the lab. Call End afterwards.
func (l *Lab) Act() Acting { return Acting{lab: l, browser: "guide-" + rand.Text()} }

// As opens a session of a person in a half, without a sign-in that a log would show, and returns the cookie of the session.
func (a Acting) As(ctx context.Context, half Half, login string) (cookie *http.Cookie, err error) {
	const agent = "Understudy guide"
	cookie = &http.Cookie{Path: "/" + string(half) + "/" + a.lab.Name + "/"}
	switch half {
	case Okta:
		cookie.Name = idp.SessionCookie
		cookie.Value, err = a.lab.Org.OpenSession(ctx, login, idp.Client{Browser: a.browser, UserAgent: agent})
	case Sigma:
		cookie.Name = sp.SessionCookie
		cookie.Value, err = a.lab.Organization.OpenSession(ctx, login, sp.Client{Browser: a.browser, UserAgent: agent})
	}
	return cookie, err
}

// End ends the sessions. Those that cannot be ended expire.
func (a Acting) End(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	_ = a.lab.Org.EndWindow(ctx, 0, a.browser)
	_ = a.lab.Organization.EndWindow(ctx, sp.System(), 0, a.browser)
}
