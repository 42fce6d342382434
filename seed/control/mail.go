package control

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/control/api"
	"understudy/seed/lab"
)

const (
	mailShown  = 200                   // emails that a list holds
	mailSought = 1000                  // newest emails among which one is sought
	maxWait    = time.Minute           // for an email
	mailLooked = 50 * time.Millisecond // between two looks at the mailbox of a lab that has changed
)

var linkInBody = regexp.MustCompile(`https?://\S+`)

func emailView(m store.Mail) api.Email {
	return api.Email{ID: m.ID, At: m.At, From: m.Sender, To: m.ToAddr, ToName: m.ToName, Subject: m.Subject, Body: m.Body,
		Links: append([]string{}, linkInBody.FindAllString(m.Body, -1)...)}
}

// emails returns the newest emails of a lab to an address; to everybody when it is empty.
func emails(ctx context.Context, l *lab.Lab, to string, after int64) (list []api.Email, err error) {
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		mails, err := tx.Mailbox(mailSought)
		for _, m := range mails {
			if m.ID > after && (to == "" || strings.EqualFold(m.ToAddr, to)) {
				list = append(list, emailView(m))
			}
		}
		return err
	})
	return list, err
}

// mailbox lists the emails of a lab.
func (c *Control) mailbox(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	list, err := emails(r.ctx(), l, r.QueryParam("to"), 0)
	if err != nil {
		return err
	}
	list = append([]api.Email{}, list[:min(len(list), mailShown)]...)
	return r.JSON(http.StatusOK, api.Emails{Emails: list})
}

// latestEmail responds with the latest email to an address, and waits for one if the request says so.
func (c *Control) latestEmail(r *request) error {
	to := r.QueryParam("to")
	after, err := r.number("after", 0, 1<<53)
	if err != nil {
		return err
	}
	wait, err := duration("wait", r.QueryParam("wait"))
	if err != nil {
		return err
	}
	if wait < 0 || wait > maxWait {
		return problem.InvalidField("wait", fmt.Sprintf("The longest wait is %s.", maxWait))
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	email, found, err := c.awaitEmail(r.ctx(), l, to, after, wait)
	if err != nil {
		return err
	}
	if !found {
		who := "There is no such email"
		if to != "" {
			who = "There is no such email to " + to
		}
		return &problem.Error{Kind: problem.NotFound, Code: "NO_EMAIL", Message: fmt.Sprintf("%s (waited %s). The mailbox lists all emails.", who, wait)}
	}
	return r.JSON(http.StatusOK, email)
}

// awaitEmail looks for an email whenever the lab has changed, until the wait is over.
func (c *Control) awaitEmail(ctx context.Context, l *lab.Lab, to string, after int64, wait time.Duration) (e api.Email, found bool, err error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	tick := time.NewTicker(mailLooked)
	defer tick.Stop()
	for seen, first := uint64(0), true; ; first = false {
		if now := l.DB.Version(); first || now != seen {
			seen = now
			list, err := emails(ctx, l, to, after)
			if err != nil {
				return e, false, err
			}
			if len(list) > 0 {
				return list[0], true, nil
			}
		}
		select {
		case <-tick.C:
		case <-over.C:
			return e, false, nil
		case <-c.Stopped.Done():
			return e, false, nil
		case <-ctx.Done():
			return e, false, ctx.Err()
		}
	}
}
