package store

import "time"

// Mail is an email that one of the products would have sent. It goes to the lab's mailbox instead.
type Mail struct {
	ID      int64
	At      time.Time
	Sender  string // the product that sends: "Okta" or "Sigma"
	ToName  string
	ToAddr  string
	Subject string
	Body    string // plain text; each link is an absolute URL on its own line
}

// Mail adds an email to the lab's mailbox. ID and At are set by the store.
func (tx *Tx) Mail(m Mail) error {
	return tx.Exec(`INSERT INTO lab_mail (at_ms, sender, to_name, to_addr, subject, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.now.UnixMilli(), m.Sender, m.ToName, m.ToAddr, m.Subject, m.Body)
}

// Mailbox returns at most limit emails of the lab, newest first.
func (tx *Tx) Mailbox(limit int) ([]Mail, error) {
	return List(tx, scanMail, `SELECT id, at_ms, sender, to_name, to_addr, subject, body FROM lab_mail ORDER BY id DESC LIMIT $1`, limit)
}

// MailByID returns one email. The error is a NotFound problem if the email does not exist.
func (tx *Tx) MailByID(id int64) (Mail, error) {
	return One(tx, "This email does not exist.", scanMail,
		`SELECT id, at_ms, sender, to_name, to_addr, subject, body FROM lab_mail WHERE id = $1`, id)
}

func scanMail(r Row) (m Mail, err error) {
	var at int64
	err = r.Scan(&m.ID, &at, &m.Sender, &m.ToName, &m.ToAddr, &m.Subject, &m.Body)
	m.At = Time(at)
	return m, err
}
