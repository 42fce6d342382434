package workshop

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/door"
	page "understudy/ui/lab"
)

// Prepare makes n places with cards for people who have not joined. A person takes a place with the nickname and the PIN on the
// card, also while joining is closed. Invalid at the field cards when fewer labs are free.
func (w *Workshop) Prepare(ctx context.Context, who string, n int) error {
	w.joining.Lock()
	defer w.joining.Unlock()
	state, err := w.State(ctx)
	if err != nil {
		return err
	}
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return err
	}
	if free := state.Labs - len(attendees); n > free {
		return problem.InvalidField("cards", fmt.Sprintf("Only %d labs are free. Enter at most %d.", max(0, free), max(0, free)))
	}
	for range n {
		if err := w.preparePlace(ctx, state); err != nil {
			return err
		}
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		_, err := addEntry(tx, Entry{Who: who, What: "Prepare " + count(n, "card"), State: Finished})
		return err
	})
}

// preparePlace makes one place. Its nickname says which card it is: "Card 7" for lab-07.
func (w *Workshop) preparePlace(ctx context.Context, state State) error {
	name, err := w.freeLab(ctx, state, "")
	if err != nil {
		return err
	}
	number := 0
	if _, err := fmt.Sscanf(name, "lab-%d", &number); err != nil {
		return err
	}
	nickname := fmt.Sprintf("Card %d", number)
	for n := 2; ; n++ {
		a, _, _, err := w.addAttendee(ctx, state, Guesser{}, nickname)
		if problem.Is(err, problem.Invalid) && n < 10 {
			nickname = fmt.Sprintf("Card %d-%d", number, n) // somebody has taken the nickname
			continue
		}
		if err != nil {
			return err
		}
		return w.db.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Exec(`DELETE FROM workshop_device WHERE lab = $1`, a.Lab); err != nil {
				return err
			}
			return tx.Exec(`UPDATE workshop_attendee SET prepared = 1, confirmed = 1 WHERE lab = $1`, a.Lab)
		})
	}
}

// cards shows cards on one page for printing: of the attendees whose labs the query names, or of all.
func (w *Workshop) cards(c echo.Context) error {
	ctx := c.Request().Context()
	state, err := w.State(ctx)
	if err != nil {
		return err
	}
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, name := range c.QueryParams()["lab"] {
		wanted[name] = true
	}
	view := page.CardsPage{Code: state.Code, Address: w.Address}
	if view.QR, view.Size, err = svgPath(w.Address + "/?code=" + state.Code); err != nil {
		return err
	}
	for _, attendee := range attendees {
		if len(wanted) > 0 && !wanted[attendee.Lab] {
			continue
		}
		card, err := w.cardView(ctx, attendee, w.Address)
		if err != nil {
			return err
		}
		card.PIN = attendee.PIN
		view.Cards = append(view.Cards, card)
	}
	return door.Render(c, http.StatusOK, view)
}
