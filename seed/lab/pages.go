package lab

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
	"understudy/sp"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// ownPages is what belongs to neither product: the site map of the server itself.
func (d *Door) ownPages() http.Handler {
	e := quietEcho(func(err error, c echo.Context) { d.fail(c.Response(), c.Request(), err) })
	e.Use(d.ownForms)
	e.Use(d.ownLabs)
	if d.options.Landing != nil {
		e.GET("/", d.options.Landing)
	} else {
		e.GET("/", d.landing)
		e.POST("/labs", d.createLab)
		e.POST("/import", d.importLab)
	}
	e.GET("/labs/:lab/export", d.withLab(d.exportLab))
	e.POST("/labs/:lab/clock", d.withLab(d.setClock))
	e.POST("/labs/:lab/clock/synchronize", d.withLab(d.synchronize))
	e.GET("/labs/:lab", d.withLab(d.home))
	e.GET("/labs/:lab/view", d.withLab(d.view))
	e.POST("/labs/:lab/shelf", d.withLab(d.shelf))
	e.GET("/labs/:lab/windows", d.withLab(d.windows))
	e.POST("/labs/:lab/windows/end", d.withLab(d.endWindow))
	e.POST("/labs/:lab/windows/name", d.withLab(d.nameWindow))
	e.GET("/labs/:lab/mail", d.withLab(d.mailbox))
	e.GET("/labs/:lab/mail/:id", d.withLab(d.mail))
	e.POST("/labs/:lab/settings", d.withLab(d.saveSettings))
	e.GET("/labs/:lab/reset", d.withLab(d.askReset))
	e.POST("/labs/:lab/reset", d.reset)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/metrics", echo.WrapHandler(d.metrics.handler()))
	e.GET("/robots.txt", func(c echo.Context) error { return c.String(http.StatusOK, "User-agent: *\nDisallow: /\n") })
	e.GET("/.well-known/training-stand-in", func(c echo.Context) error {
		return c.String(http.StatusOK, "This server is Understudy, a training stand-in for Okta and Sigma. It is neither, and not affiliated with either vendor.\n")
	})
	if d.options.Mount != nil {
		d.options.Mount(e)
	}
	return e
}

// ownForms refuses forms that other sites send.
func (d *Door) ownForms(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := d.csrf.Check(c.Request()); err != nil {
			return problem.New(problem.Forbidden, "This form was sent from another site, so it was not accepted. Open the page here and send it again.")
		}
		return next(c)
	}
}

// ownLabs keeps people out of the own pages of labs that are not for them. The bar on top of the others says what is going on
// in the lab, whichever package a page is of.
func (d *Door) ownLabs(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := c.Param("lab")
		if name != "" && d.options.Admit != nil {
			if err := d.options.Admit(c.Request(), name, strings.TrimPrefix(c.Request().URL.Path, "/labs/"+name)); err != nil {
				return err
			}
		}
		if l, release, err := d.registry.Acquire(c.Request().Context(), name); err == nil { // a lab that is not there is the page's to say
			release() // the page takes the lab for itself, or takes it away
			back := ""
			if asksOnly(c.Request()) {
				back = c.Request().URL.RequestURI()
			}
			ctx := kit.WithClock(c.Request().Context(), l.clockMark())
			c.SetRequest(c.Request().WithContext(kit.WithWindow(ctx, l.windowState(0, browserOf(c.Response(), c.Request()), back))))
		}
		err := next(c)
		for n := 1; n < swapsOutlived && errors.Is(err, store.ErrReset) && asksOnly(c.Request()) && !c.Response().Committed; n++ {
			err = next(c)
		}
		return err
	}
}

// quietEcho is an echo that prints nothing and maps errors by f.
func quietEcho(f echo.HTTPErrorHandler) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = f
	return e
}

// visit is a request to one of a lab's own pages.
type visit struct {
	echo.Context
	lab    *Lab
	origin string
}

func (d *Door) withLab(f func(visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, release, err := d.registry.Acquire(c.Request().Context(), c.Param("lab"))
		if err != nil {
			return err
		}
		defer release()
		c.SetRequest(c.Request().WithContext(l.Pinned(c.Request().Context())))
		return f(visit{Context: c, lab: l, origin: Origin(c.Request(), d.options.TrustProxy)})
	}
}

func render(c echo.Context, status int, v templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return v.Render(c.Request().Context(), c.Response())
}

func (v visit) page() kit.Page { return kit.Page{Lab: kit.NewLabBar(v.lab.Name, 0)} }
func (v visit) path() string   { return "/labs/" + v.lab.Name }

func (d *Door) landing(c echo.Context) error {
	return d.showLanding(c, http.StatusOK, page.Landing{})
}

func (d *Door) showLanding(c echo.Context, status int, view page.Landing) error {
	names, err := d.registry.List()
	if err != nil {
		return err
	}
	if fromThisMachine(c.Request()) {
		view.Create, view.Import = "/labs", "/import"
	}
	view.Page.Errors = view.Errors
	for _, name := range names {
		view.Labs = append(view.Labs, page.LandingLab{Name: name, Home: "/labs/" + name, Okta: "/okta/" + name + "/", Sigma: "/sigma/" + name + "/"})
	}
	return render(c, status, view)
}

// card is the lab card for programs: what a walk's player needs to begin.
type card struct {
	Lab        string              `json:"lab"`
	Addresses  map[string]string   `json:"addresses"`
	Identities []scenario.Identity `json:"identities"`
}

func (d *Door) home(v visit) error {
	identities, err := v.lab.Identities(v.Request().Context())
	if err != nil {
		return err
	}
	addresses := map[string]string{
		"okta": v.origin + "/okta/" + v.lab.Name, "admin": v.origin + "/okta/" + v.lab.Name + "/admin", "sigma": v.origin + "/sigma/" + v.lab.Name,
	}
	if strings.Contains(v.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON) {
		return v.JSON(http.StatusOK, card{Lab: v.lab.Name, Addresses: addresses, Identities: identities})
	}
	windows, err := v.windowList()
	if err != nil {
		return err
	}
	view := page.Home{
		Page: v.page(), Name: v.lab.Name, Scenario: "The quickstart's first step",
		Places: []page.Place{
			{Label: "Okta Admin Console", URL: addresses["admin"]},
			{Label: "Okta sign-in and My Apps", URL: addresses["okta"] + "/"},
			{Label: "Sigma", URL: addresses["sigma"] + "/"},
		},
		Windows:   windows,
		Mailbox:   kit.Link{Label: "Mailbox", Href: v.path() + "/mail"},
		Exchanges: kit.Link{Label: "Traffic", Href: v.path() + "/traffic"},
		Faults:    kit.Link{Label: "Fault cards", Href: v.path() + "/faults"},
		ResetPath: v.path() + "/reset",
	}
	if _, view.Broken, err = v.lab.FaultCard(v.Request().Context()); err != nil {
		return err
	}
	authentication, err := v.lab.Organization.Authentication(v.Request().Context())
	if err != nil {
		return err
	}
	if view.Clock, err = v.clockView(); err != nil {
		return err
	}
	view.ExportPath = v.path() + "/export"
	view.Settings = &page.Settings{Action: v.path() + "/settings", StrictTypes: authentication.StrictTypes}
	for _, i := range identities {
		where := kit.Link{Label: "Sign in to Okta", Href: "/okta/" + v.lab.Name + "/admin/dashboard"}
		if i.Half == string(sigma) {
			where = kit.Link{Label: "Sign in to Sigma", Href: "/sigma/" + v.lab.Name + "/"}
		}
		view.Identities = append(view.Identities, page.Identity{Name: i.Name, Role: i.Role, Login: i.Username, Password: i.Password, Where: where})
	}
	return render(v, http.StatusOK, view)
}

const (
	mailShown = 200
	clockTime = "2006-01-02 15:04:05"
)

func (d *Door) mailbox(v visit) error {
	view := page.Mailbox{Page: v.page(), Name: v.lab.Name, Home: v.path()}
	err := v.lab.DB.Read(v.Request().Context(), func(tx *store.Tx) error {
		mails, err := tx.Mailbox(mailShown)
		for _, m := range mails {
			view.Mails = append(view.Mails, v.mailRow(m))
		}
		return err
	})
	if err != nil {
		return err
	}
	return render(v, http.StatusOK, view)
}

func (v visit) mailRow(m store.Mail) page.Mail {
	return page.Mail{
		Time: m.At.Format(clockTime), From: m.Sender, To: fmt.Sprintf("%s <%s>", m.ToName, m.ToAddr), Subject: m.Subject,
		Href: v.path() + "/mail/" + strconv.FormatInt(m.ID, 10),
	}
}

var linkInMail = regexp.MustCompile(`https?://\S+`)

func (d *Door) mail(v visit) error {
	id, err := strconv.ParseInt(v.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrNotFound
	}
	var m store.Mail
	err = v.lab.DB.Read(v.Request().Context(), func(tx *store.Tx) error {
		m, err = tx.MailByID(id)
		return err
	})
	if err != nil {
		return err
	}
	view := page.MailPage{Page: v.page(), Mailbox: v.path() + "/mail", Mail: v.mailRow(m), Body: m.Body}
	for _, link := range linkInMail.FindAllString(m.Body, -1) {
		if rest, ours := strings.CutPrefix(link, v.origin); ours {
			link = rest
		}
		view.Links = append(view.Links, kit.Link{Label: "Open the link of this message", Href: link})
	}
	return render(v, http.StatusOK, view)
}

func (d *Door) askReset(v visit) error {
	return render(v, http.StatusOK, page.Reset{Page: v.page(), Name: v.lab.Name, Action: v.path() + "/reset", Cancel: v.path()})
}

// saveSettings keeps how the lab behaves where real organizations differ.
func (d *Door) saveSettings(v visit) error {
	if err := v.lab.Organization.SetStrictTypes(v.Request().Context(), sp.System(), v.FormValue("unknownTypes") == page.TypesRefused); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.path())
}

func (d *Door) reset(c echo.Context) error {
	if _, err := d.registry.SaveCheckpoint(c.Request().Context(), c.Param("lab"), "Before the reset", ""); err != nil {
		return err
	}
	if err := d.registry.Reset(c.Request().Context(), c.Param("lab")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/labs/"+c.Param("lab"))
}

// fail answers for what belongs to neither half, in the one mapping of the front door.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, sentence, id := http.StatusInternalServerError, "The stand-in made a mistake.", ""
	p := problem.As(err)
	var httpError *echo.HTTPError
	switch {
	case errors.Is(err, store.ErrReset):
		status, sentence = http.StatusConflict, p.Message
	case p != nil:
		sentence = p.Message
		status = map[problem.Kind]int{
			problem.NotFound: http.StatusNotFound, problem.Conflict: http.StatusConflict, problem.Invalid: http.StatusBadRequest,
			problem.Forbidden: http.StatusForbidden, problem.Unauthenticated: http.StatusUnauthorized, problem.Unavailable: http.StatusServiceUnavailable,
		}[p.Kind]
	case errors.As(err, &httpError) && httpError.Code == http.StatusMethodNotAllowed:
		status, sentence = httpError.Code, "This address cannot be used in that way."
	case errors.As(err, &httpError):
		d.notBuilt(w, r)
		return
	case errors.Is(err, context.Canceled), r.Context().Err() != nil && isWrite(err): // whoever asked has gone
		return
	default:
		id = requestID()
		d.options.Log.Error("request failed", "id", id, "path", r.URL.Path, "error", err)
	}
	show(w, r, status, page.ErrorPage{Status: status, Sentence: sentence, ID: id, Back: kit.Link{Label: "To the labs", Href: "/"}}, d.options.Log)
}

// isWrite tells what fails when an answer is written.
func isWrite(err error) bool {
	failed, ok := errors.AsType[*net.OpError](err)
	return ok && failed.Op == "write"
}

func (d *Door) notBuilt(w http.ResponseWriter, r *http.Request) {
	show(w, r, http.StatusNotFound, page.NotBuilt{What: r.URL.Path, Back: kit.Link{Label: "To the labs", Href: "/"}}, d.options.Log)
}

func show(w http.ResponseWriter, r *http.Request, status int, v templ.Component, log *slog.Logger) {
	w.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	w.WriteHeader(status)
	if err := v.Render(r.Context(), w); err != nil {
		log.Warn("page broke off", "path", r.URL.Path, "error", err)
	}
}
