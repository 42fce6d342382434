package sp

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

// history dates the members and documents of a scenario, and writes the audit log of the days before. Its entries have numbers below
// 1, so that everything that the lab records itself comes after number 0; see [Organization.AuditAfter].
func (p *populator) history(s Seed) error {
	for _, m := range s.Members {
		if err := p.memberHistory(p.members[emailKey(m.Email)], m, s.HistoryDays); err != nil {
			return err
		}
	}
	for i, d := range s.Documents {
		if err := p.documentHistory(p.documents[i], d, s.HistoryDays); err != nil {
			return err
		}
	}
	if len(s.Members) > 0 { // the organization is as old as its first member
		founded := past.Day(s.Members[0].Email, p.tx.Now(), s.Members[0].CreatedDaysAgo)
		if err := p.tx.Exec(`UPDATE sigma_organization SET created_ms = $1`, store.Millis(founded)); err != nil {
			return err
		}
	}
	slices.SortStableFunc(p.events, func(a, b happened) int { return a.at.Compare(b.at) })
	for i, e := range p.events {
		if err := recordAt(p.tx, e.actor, e.event, int64(i-len(p.events)+1), e.at); err != nil {
			return err
		}
	}
	return nil
}

func (p *populator) memberHistory(m Member, s SeedMember, days int) error {
	now := p.tx.Now()
	created, last := past.Day(m.Email, now, s.CreatedDaysAgo), int64(0)
	if m.Status == MemberActive {
		for _, at := range past.Moments(m.Email, now, min(days, 30), past.Count(m.Email, 1, 4)) {
			if !at.After(created) {
				continue
			}
			p.add(at, m, Event{Type: AccessSigma, Name: "LOGIN", Object: Object{"session", p.tx.UUID(), ""},
				Detail: map[string]string{"via": "password"}}, days)
			last = store.Millis(at)
		}
	}
	return p.tx.Exec(`UPDATE sigma_members SET created_ms = $1, updated_ms = $1, last_active_ms = $2 WHERE id = $3`,
		store.Millis(created), last, m.ID)
}

// documentHistory dates a document. It is in the Recents of those who opened it.
func (p *populator) documentHistory(f File, d SeedDocument, days int) error {
	owner, err := p.owner(d.Owner)
	if err != nil {
		return err
	}
	now := p.tx.Now()
	created := past.Day(d.Name, now, d.CreatedDaysAgo)
	changed := past.Day(d.Name+" changed", now, d.CreatedDaysAgo/4)
	object := Object{string(KindWorkbook), f.ID, f.Name}
	p.add(created, owner, Event{Type: ObjectInteractions, Name: "CREATE_WORKBOOK", Object: object}, days)
	p.add(changed, owner, Event{Type: ObjectInteractions, Name: "UPDATE_WORKBOOK", Object: object}, days)
	for _, email := range d.OpenedBy {
		reader := p.members[emailKey(email)]
		for _, at := range past.Moments(email+d.Name, now, min(days, 20), 1) {
			if err := p.tx.Exec(`INSERT INTO sigma_visits (member_id, file_id, at_ms) VALUES ($1, $2, $3)`,
				reader.ID, f.ID, store.Millis(at)); err != nil {
				return err
			}
		}
	}
	return p.tx.Exec(`UPDATE sigma_files SET created_ms = $1, updated_ms = $2 WHERE id = $3`, store.Millis(created), store.Millis(changed), f.ID)
}

// add adds an event, unless it is older than the log reaches or a part of the scenario itself.
func (p *populator) add(at time.Time, m Member, e Event, days int) {
	now := p.tx.Now()
	if !at.Before(now) || !at.After(now.AddDate(0, 0, -days)) {
		return
	}
	client := Client{IP: net.IPv4(203, 0, 113, byte(past.Count(m.Email, 10, 60))).String()} // a network for documentation (RFC 5737)
	actor := Actor{Kind: ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email, Client: client}
	p.events = append(p.events, happened{at: at, actor: actor, event: e})
}
