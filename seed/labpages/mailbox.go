package labpages

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/store"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

const (
	emailsShown = 200
	clockTime   = "2006-01-02 15:04:05"
)

func (p *Pages) mailbox(r door.LabRequest) error {
	view := page.Mailbox{Page: r.Page(), Name: r.Lab.Name, Home: r.Home()}
	err := r.Lab.DB.Read(r.Ctx(), func(tx *store.Tx) error {
		mails, err := tx.Mailbox(emailsShown)
		for _, m := range mails {
			view.Emails = append(view.Emails, mailRow(r, m))
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, view)
}

func mailRow(r door.LabRequest, m store.Mail) page.Email {
	return page.Email{
		Time: m.At.Format(clockTime), From: m.Sender, To: fmt.Sprintf("%s <%s>", m.ToName, m.ToAddr), Subject: m.Subject,
		Href: r.Home() + "/mail/" + strconv.FormatInt(m.ID, 10),
	}
}

var linkInBody = regexp.MustCompile(`https?://\S+`)

func (p *Pages) email(r door.LabRequest) error {
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrNotFound
	}
	var m store.Mail
	err = r.Lab.DB.Read(r.Ctx(), func(tx *store.Tx) error {
		m, err = tx.MailByID(id)
		return err
	})
	if err != nil {
		return err
	}
	view := page.EmailPage{Page: r.Page(), Mailbox: r.Home() + "/mail", Email: mailRow(r, m), Body: m.Body}
	for _, link := range linkInBody.FindAllString(m.Body, -1) {
		link = r.Lab.Reach(r.Origin, link)
		if rest, ours := strings.CutPrefix(link, r.Origin); ours {
			link = rest
		}
		view.Links = append(view.Links, kit.Link{Label: "Open the link of this message", Href: link})
	}
	return r.Render(http.StatusOK, view)
}
