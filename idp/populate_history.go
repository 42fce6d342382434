package idp

import (
	"net"
	"slices"
	"time"

	"understudy/seed/base/past"
	"understudy/seed/base/store"
)

// happened is an event of the time before the lab.
type happened struct {
	at    time.Time
	actor Actor
	event Event
}

// history collects what happened before the lab, and gives the records of the org the dates that go with it.
type history struct {
	tx     *store.Tx
	days   int // events older than this are not in the log
	events []happened
}

// populateHistory dates the users and groups of a scenario, and writes the System Log of the days before. Its events have numbers
// below 1, so that everything that the lab records itself comes after number 0; see [Org.LogAfter].
func populateHistory(tx *store.Tx, s Seed) error {
	h := &history{tx: tx, days: s.HistoryDays}
	admin := System(Client{})
	for _, u := range s.Users {
		who, err := user(tx, u.Username())
		if err != nil {
			return err
		}
		if u.Admin && admin.Type != ActorUser {
			admin = who.Actor(clientOf(u.Username()))
		}
		if err := h.datesUser(who, u, admin); err != nil {
			return err
		}
	}
	for _, g := range s.Groups {
		at := store.Millis(past.Day(g.Name, tx.Now(), g.CreatedDaysAgo))
		if err := tx.Exec(`UPDATE okta_groups SET created_ms = $1, updated_ms = $1 WHERE name = $2`, at, g.Name); err != nil {
			return err
		}
	}
	return h.write()
}

// datesUser sets the dates of a user, and adds the events of the creation and of the sign-ins.
func (h *history) datesUser(who User, s SeedUser, admin Actor) error {
	created := past.Day(who.Login(), h.tx.Now(), s.CreatedDaysAgo)
	activated, last := created, time.Time{}
	if who.Status == Staged {
		activated = time.Time{}
	}
	h.add(created, admin, Event{Type: "user.lifecycle.create", Targets: []LogTarget{who.Target()}})
	if who.Status != Staged {
		h.add(created.Add(time.Second), admin, Event{Type: "user.lifecycle.activate", Targets: []LogTarget{who.Target()}})
		last = h.signIns(who, created)
	}
	// The passwords are handed out with the lab, so they are as old as the lab: a password policy that a learner sets does not expire
	// the password on the learner's own card at once.
	return h.tx.Exec(`UPDATE okta_users SET created_ms = $1, activated_ms = $2, status_changed_ms = $1, updated_ms = $1,
		last_login_ms = $3 WHERE id = $4`,
		store.Millis(created), millisOrZero(activated), millisOrZero(last), who.ID)
}

// signIns adds sign-ins of a user since a time, some after a mistyped password, and returns the time of the last one.
func (h *history) signIns(who User, since time.Time) (last time.Time) {
	client := clientOf(who.Login())
	for i, at := range past.Moments(who.Login(), h.tx.Now(), min(h.days, 30), past.Count(who.Login(), 1, 4)) {
		if !at.After(since) {
			continue
		}
		if i == 0 && past.Count(who.Login(), 1, 8) == 1 {
			h.add(at.Add(-20*time.Second), who.Actor(client), signInEvent(nil, "FAILURE", "INVALID_CREDENTIALS"))
		}
		h.add(at, who.Actor(client), signInEvent(nil, "SUCCESS", ""))
		last = at
	}
	return last
}

// add adds an event, unless it is older than the log reaches or a part of the scenario itself.
func (h *history) add(at time.Time, actor Actor, e Event) {
	if now := h.tx.Now(); at.Before(now) && at.After(now.AddDate(0, 0, -h.days)) {
		h.events = append(h.events, happened{at: at, actor: actor, event: e})
	}
}

func (h *history) write() error {
	slices.SortStableFunc(h.events, func(a, b happened) int { return a.at.Compare(b.at) })
	for i, e := range h.events {
		event, err := newEvent(h.tx, e.actor, e.event)
		if err != nil {
			return err
		}
		event.Published = e.at.Format(logTime)
		if err := saveEvent(h.tx, event, int64(i-len(h.events)+1)); err != nil {
			return err
		}
	}
	return nil
}

func millisOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return store.Millis(t)
}

// clientOf is the browser that a person has used before the lab. Its address is of a network for documentation (RFC 5737).
func clientOf(login string) Client {
	agents := []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
		"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
	}
	return Client{
		IP:        net.IPv4(203, 0, 113, byte(past.Count(login, 10, 60))).String(),
		UserAgent: agents[past.Count(login+" agent", 0, len(agents)-1)],
	}
}
