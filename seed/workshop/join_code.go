package workshop

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

var errWrongPIN = problem.New(problem.Invalid, "The nickname or the PIN is wrong. You got the PIN when you joined.")

// maxDevices is the number of browsers that one attendee can use. One more removes the browser that was added first.
const maxDevices = 5

// Join gives a new attendee a lab. An empty nickname is replaced by random words. token is for a cookie, pin lets the attendee
// return in another browser.
//
// Errors: Invalid with the fields code or nickname; Forbidden after too many wrong codes.
func (w *Workshop) Join(ctx context.Context, g Guesser, code, nickname string) (a Attendee, token, pin string, err error) {
	state, err := w.State(ctx)
	if err != nil {
		return a, "", "", err
	}
	right := codesMatch(code, state.Code)
	if err := w.count(guessCode, g, right); err != nil {
		return a, "", "", err
	}
	if !right {
		return a, "", "", problem.InvalidField("code", "This is not the code of the workshop. The projector shows the code.")
	}
	if nickname, err = cleanNickname(nickname); err != nil {
		return a, "", "", err
	}
	if nickname == "" {
		nickname = strings.ReplaceAll(randomWords(2), "-", " ")
	}
	w.joining.Lock()
	defer w.joining.Unlock()
	again, err := w.removeUnfinished(ctx, g, nickname)
	switch {
	case err != nil:
		return a, "", "", err
	case again: // the place was this person's
	case state.JoiningClosed:
		return a, "", "", errJoiningClosed
	default:
		if err := w.places.check(g, state.PerAddress); err != nil {
			return a, "", "", err
		}
	}
	if a, token, pin, err = w.addAttendee(ctx, state, g, nickname); err == nil {
		w.places.add(g, a.Lab)
	}
	return a, token, pin, err
}

var errJoiningClosed = problem.InvalidField("code",
	"The instructor has closed joining. If you have a lab already, return with your nickname and PIN. Else tell the instructor.")

// codesMatch compares join codes without regard to case, spaces and hyphens. It takes constant time for equal lengths.
func codesMatch(typed, code string) bool {
	plain := func(s string) string { return strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(s)) }
	return subtle.ConstantTimeCompare([]byte(plain(typed)), []byte(plain(code))) == 1
}

// addAttendee creates a lab and then stores its attendee: a process that is killed in between leaves a fresh lab, which the next
// attendee gets. The caller holds w.joining.
func (w *Workshop) addAttendee(
	ctx context.Context, state State, g Guesser, nickname string,
) (a Attendee, token, pin string, err error) {
	name, err := w.freeLab(ctx, state, nickname)
	if err != nil {
		return a, "", "", err
	}
	if !w.Registry.Exists(name) {
		if err := w.createLab(ctx, name); err != nil {
			return a, "", "", err
		}
	}
	pin = randomPIN()
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		a = Attendee{Lab: name, Nickname: nickname, Joined: tx.Now(), Seen: tx.Now(), Active: tx.Now(), PIN: pin}
		token = tx.Secret(32)
		err := tx.Exec(`INSERT INTO workshop_attendee
				(lab, nickname, name_key, pin_hash, pin, joined_ms, seen_ms, active_ms, confirmed, join_hash)
			VALUES ($1, $2, $3, $4, $5, $6, $6, $6, 0, $7)`,
			a.Lab, a.Nickname, nicknameKey(nickname), hashPIN(a.Lab, pin), pin, store.Millis(a.Joined), g.formHash())
		if err != nil {
			return err
		}
		return addDevice(tx, a.Lab, token)
	})
	return a, token, pin, err
}

// removeUnfinished removes the attendee of a join whose answer never reached the browser, so that the person can join again: the same
// browser sends its form again, or the nickname was taken before this server started and nobody has used the lab since. It reports
// whether there was one. The caller holds w.joining.
func (w *Workshop) removeUnfinished(ctx context.Context, g Guesser, nickname string) (found bool, err error) {
	if g.lab() != "" {
		return false, nil // the browser has the cookies of the answer
	}
	var labs []string
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		labs, err = store.List(tx, store.Text, `SELECT lab FROM workshop_attendee WHERE confirmed = 0
			AND (join_hash = $1 AND join_hash <> '' OR name_key = $2 AND joined_ms < $3)`,
			g.formHash(), nicknameKey(nickname), store.Millis(w.started))
		return err
	})
	for _, lab := range labs {
		w.places.remove(lab)
		err = errors.Join(err, w.removeAttendee(ctx, lab, ""))
	}
	return len(labs) > 0, err
}

// formHash is empty for a browser without a secret.
func (g Guesser) formHash() string {
	if g.Form == "" {
		return ""
	}
	return store.Hash("join " + g.Form)
}

// freeLab returns the name of the lab that a new attendee gets. Invalid if there is none, or if the nickname is taken.
func (w *Workshop) freeLab(ctx context.Context, state State, nickname string) (name string, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		taken, err := tx.Exists(`SELECT 1 FROM workshop_attendee WHERE name_key = $1`, nicknameKey(nickname))
		if err != nil {
			return err
		}
		if taken {
			return problem.InvalidField("nickname",
				"Another attendee has this nickname. If it is yours, return with your nickname and PIN.")
		}
		used, err := store.List(tx, store.Text, `SELECT lab FROM workshop_attendee`)
		if err != nil {
			return err
		}
		if len(used) >= state.Labs {
			return problem.InvalidField("code", "All labs are taken. Tell the instructor.")
		}
		name = firstFreeLab(used)
		return nil
	})
	return name, err
}

// firstFreeLab is the first name of lab-01, lab-02, … that is not used.
func firstFreeLab(used []string) string {
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

// addDevice stores the token of one more browser and removes the oldest token above maxDevices.
func addDevice(tx *store.Tx, lab, token string) error {
	err := tx.Exec(`INSERT INTO workshop_device (token_hash, lab, since_ms) VALUES ($1, $2, $3)`,
		store.Hash(token), lab, store.Millis(tx.Now()))
	if err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM workshop_device WHERE lab = $1 AND token_hash NOT IN (
		SELECT token_hash FROM workshop_device WHERE lab = $1 ORDER BY since_ms DESC, rowid DESC LIMIT $2)`, lab, maxDevices)
}

// Return lets an attendee continue in another browser, for example after they closed the first one, or with the guide on
// a phone. token is for a cookie of that browser.
//
// Errors: Invalid when nickname and PIN do not match; Forbidden after too many wrong PINs.
func (w *Workshop) Return(ctx context.Context, g Guesser, nickname, pin string) (a Attendee, token string, err error) {
	key := nicknameKey(nickname)
	a, found, err := w.findAttendee(ctx, `name_key = $1`, key)
	if err != nil {
		return a, "", err
	}
	ofAttendee := attempt.Bucket{Key: "pin of " + a.Lab, Burst: 10, Every: 6 * time.Second}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		right := false
		if found {
			right, err = tx.Exists(`SELECT 1 FROM workshop_attendee WHERE lab = $1 AND name_key = $2 AND pin_hash = $3`,
				a.Lab, key, hashPIN(a.Lab, pin))
		}
		if err == nil {
			err = w.count(guessPIN, g, right, ofAttendee)
		}
		if err != nil {
			return err
		}
		if !right {
			return errWrongPIN
		}
		token = tx.Secret(32)
		return errors.Join(confirm(tx, a.Lab), addDevice(tx, a.Lab, token))
	})
	return a, token, err
}
