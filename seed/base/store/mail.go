package store

import "time"

// Mail is a message that one of the products would have sent; it goes to the lab's mailbox instead.
type Mail struct {
	ID      int64
	At      time.Time
	Sender  string // the product that sends: "Okta" or "Sigma"
	ToName  string
	ToAddr  string
	Subject string
	Body    string // plain text; links are absolute and stand on lines of their own
}

// Mail puts a message into the lab's mailbox.
func (tx *Tx) Mail(m Mail) error {
	return tx.Exec(`INSERT INTO lab_mail (at_ms, sender, to_name, to_addr, subject, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.now.UnixMilli(), m.Sender, m.ToName, m.ToAddr, m.Subject, m.Body)
}

// Mailbox lists the lab's mail, newest first.
func (tx *Tx) Mailbox(limit int) ([]Mail, error) {
	return List(tx, scanMail, `SELECT id, at_ms, sender, to_name, to_addr, subject, body FROM lab_mail ORDER BY id DESC LIMIT $1`, limit)
}

// MailByID gives one message.
func (tx *Tx) MailByID(id int64) (Mail, error) {
	return One(tx, "There is no such message.", scanMail,
		`SELECT id, at_ms, sender, to_name, to_addr, subject, body FROM lab_mail WHERE id = $1`, id)
}

func scanMail(r Row) (m Mail, err error) {
	var at int64
	err = r.Scan(&m.ID, &at, &m.Sender, &m.ToName, &m.ToAddr, &m.Subject, &m.Body)
	m.At = Time(at)
	return m, err
}
