package workshop

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Seat is an attendee's place: a nickname and a lab.
type Seat struct {
	Lab      string
	Nickname string
	Joined   time.Time
	Seen     time.Time
	Hand     time.Time // raised since; zero: not raised
	Locked   bool
	Message  string    // from an instructor
	Opened   time.Time // an instructor looked into the lab last
}

const seatColumns = `lab, nickname, joined_ms, seen_ms, hand_ms, locked, message, opened_ms`

func scanSeat(r store.Row) (s Seat, err error) {
	var joined, seen, hand, opened int64
	err = r.Scan(&s.Lab, &s.Nickname, &joined, &seen, &hand, &s.Locked, &s.Message, &opened)
	s.Joined, s.Seen, s.Hand, s.Opened = store.Time(joined), store.Time(seen), store.Time(hand), store.Time(opened)
	return s, err
}

// Seats lists all attendees in the order in which they came.
func (w *Workshop) Seats(ctx context.Context) (list []Seat, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanSeat, `SELECT `+seatColumns+` FROM workshop_seat ORDER BY lab`)
		return err
	})
	return list, err
}

// Join gives somebody who knows the code a seat and a lab. An empty nickname is made up. The token stays in the browser;
// the PIN brings the person back on another device. Fields of a problem: code, nickname.
func (w *Workshop) Join(ctx context.Context, from, code, nickname string) (s Seat, token, pin string, err error) {
	if err := w.guesses.allow("code " + from); err != nil {
		return s, "", "", err
	}
	room, err := w.State(ctx)
	if err != nil {
		return s, "", "", err
	}
	if !sameCode(code, room.Code) {
		return s, "", "", problem.InvalidField("code", "This is not the code of the workshop. It is on the projector.")
	}
	w.guesses.forgive("code " + from)
	if nickname, err = nicknameOf(nickname); err != nil {
		return s, "", "", err
	}
	if nickname == "" {
		nickname = strings.ReplaceAll(phrase(2), "-", " ")
	}
	w.joining.Lock()
	defer w.joining.Unlock()
	return w.seat(ctx, room, nickname)
}

// sameCode compares as people type: without regard to case, spaces and hyphens.
func sameCode(typed, code string) bool {
	plain := func(s string) string { return strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(s)) }
	return subtle.ConstantTimeCompare([]byte(plain(typed)), []byte(plain(code))) == 1
}

func (w *Workshop) seat(ctx context.Context, room State, nickname string) (s Seat, token, pin string, err error) {
	pin = fmt.Sprintf("%06d", draw(1_000_000))
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		taken, err := tx.Exists(`SELECT 1 FROM workshop_seat WHERE name_key = $1`, nameKey(nickname))
		if err != nil {
			return err
		}
		if taken {
			return problem.InvalidField("nickname", "Somebody has this nickname already. If it was you, come back with your PIN.")
		}
		used, err := store.List(tx, store.Text, `SELECT lab FROM workshop_seat`)
		if err != nil {
			return err
		}
		if len(used) >= room.Labs {
			return problem.InvalidField("code", "All seats are taken. Tell the instructor.")
		}
		s = Seat{Lab: freeLab(used), Nickname: nickname, Joined: tx.Now(), Seen: tx.Now()}
		token = tx.Secret(32)
		if err := tx.Exec(`INSERT INTO workshop_seat (lab, nickname, name_key, pin_hash, joined_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $5)`,
			s.Lab, s.Nickname, nameKey(nickname), store.Hash(s.Lab+" "+pin), store.Millis(s.Joined)); err != nil {
			return err
		}
		return addDevice(tx, s.Lab, token)
	})
	if err != nil {
		return s, "", "", err
	}
	if !w.Registry.Exists(s.Lab) {
		err = w.Registry.Create(ctx, s.Lab, w.scenario)
	}
	if err != nil { // a seat without a lab would keep its nickname from whoever tries again
		return s, "", "", errors.Join(err, w.leave(context.WithoutCancel(ctx), s.Lab))
	}
	return s, token, pin, nil
}

// leave gives a seat up.
func (w *Workshop) leave(ctx context.Context, lab string) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`DELETE FROM workshop_device WHERE lab = $1`, lab); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM workshop_seat WHERE lab = $1`, lab)
	})
}

// freeLab is the first lab that nobody has: lab-01, lab-02, …
func freeLab(used []string) string {
	taken := map[string]bool{}
	for _, name := range used {
		taken[name] = true
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("lab-%02d", n); !taken[name] {
			return name
		}
	}
}

var errReturn = problem.New(problem.Invalid, "Nickname and PIN do not belong together.")

// devicesKept is how many devices of one seat are let in: the one before that many is put out.
const devicesKept = 5

func addDevice(tx *store.Tx, lab, token string) error {
	if err := tx.Exec(`INSERT INTO workshop_device (token_hash, lab, since_ms) VALUES ($1, $2, $3)`, store.Hash(token), lab, store.Millis(tx.Now())); err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM workshop_device WHERE lab = $1 AND token_hash NOT IN (
		SELECT token_hash FROM workshop_device WHERE lab = $1 ORDER BY since_ms DESC, rowid DESC LIMIT $2)`, lab, devicesKept)
}

// Return lets somebody in on another device: after a closed browser, or with the guide on a phone beside the work.
func (w *Workshop) Return(ctx context.Context, from, nickname, pin string) (s Seat, token string, err error) {
	key := nameKey(nickname)
	if err := w.guesses.allow("pin " + from); err != nil {
		return s, "", err
	}
	if err := w.guesses.allow("pin of " + key); err != nil { // many devices guessing one PIN
		return s, "", err
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		s, err = store.One(tx, "none", scanSeat, `SELECT `+seatColumns+` FROM workshop_seat WHERE name_key = $1`, key)
		if problem.Is(err, problem.NotFound) {
			return errReturn
		}
		if err != nil {
			return err
		}
		right, err := tx.Exists(`SELECT 1 FROM workshop_seat WHERE lab = $1 AND pin_hash = $2`, s.Lab, store.Hash(s.Lab+" "+strings.TrimSpace(pin)))
		if err != nil {
			return err
		}
		if !right {
			return errReturn
		}
		token = tx.Secret(32)
		return addDevice(tx, s.Lab, token)
	})
	if err == nil {
		w.guesses.forgive("pin "+from, "pin of "+key)
	}
	return s, token, err
}

// SeatOf gives the seat that a browser's token belongs to; ok is false for none.
func (w *Workshop) SeatOf(ctx context.Context, token string) (s Seat, ok bool, err error) {
	if token == "" {
		return s, false, nil
	}
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		s, err = store.One(tx, "none", scanSeat, `SELECT `+seatColumns+` FROM workshop_seat WHERE lab = (SELECT lab FROM workshop_device WHERE token_hash = $1)`, store.Hash(token))
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// seatOfLab gives the seat that has a lab.
func (w *Workshop) seatOfLab(ctx context.Context, lab string) (s Seat, ok bool, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		s, err = store.One(tx, "none", scanSeat, `SELECT `+seatColumns+` FROM workshop_seat WHERE lab = $1`, lab)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// seen notes now and then that somebody is there.
func (w *Workshop) seen(ctx context.Context, s Seat) error {
	if w.db.Now().Sub(s.Seen) < 10*time.Second {
		return nil
	}
	return w.changeSeat(ctx, s.Lab, "seen_ms", store.Millis(w.db.Now()))
}

// changeSeat sets one thing of a seat.
func (w *Workshop) changeSeat(ctx context.Context, lab, column string, value any) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_seat SET `+column+` = $2 WHERE lab = $1`, lab, value)
	})
}

// RaiseHand raises an attendee's hand, or lowers it.
func (w *Workshop) RaiseHand(ctx context.Context, lab string, up bool) error {
	since := int64(0)
	if up {
		since = store.Millis(w.db.Now())
	}
	return w.changeSeat(ctx, lab, "hand_ms", since)
}
