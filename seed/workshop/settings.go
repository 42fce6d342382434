package workshop

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// columns are the settings that instructors change, as the file stores them.
func (s State) columns() map[string]any {
	return map[string]any{
		"banner": s.Banner, "frozen": s.Frozen, "sections": s.Sections, "timer_ms": store.Millis(s.Timer),
		"joining_closed": s.JoiningClosed, "per_address": s.PerAddress,
	}
}

// Change changes settings of the workshop, and writes what was done and what undoes it to the log. set gets the settings as they
// are and changes some of them: settings that another instructor changes at the same moment stay. what is a sentence without its
// end. Nothing is logged when nothing changes.
func (w *Workshop) Change(ctx context.Context, who, what string, set func(*State) error) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		state, err := readState(tx)
		if err != nil {
			return err
		}
		before := state.columns()
		if err := set(&state); err != nil {
			return err
		}
		changed := map[string]any{}
		for column, value := range state.columns() {
			if value == before[column] {
				continue
			}
			changed[column] = before[column]
			if err := tx.Exec(`UPDATE workshop SET `+column+` = $1`, value); err != nil {
				return err
			}
		}
		if len(changed) == 0 {
			return nil
		}
		id, err := addEntry(tx, Entry{Who: who, What: what, State: Finished})
		if err != nil {
			return err
		}
		return addUndo(tx, id, "", undoData{Settings: changed})
	})
}

// SetBanner shows a text on all attendees' pages; an empty text shows none. Invalid at the field banner when it is too long.
func (w *Workshop) SetBanner(ctx context.Context, who, text string) error {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > maxBanner {
		return problem.InvalidField("banner", fmt.Sprintf("Enter a banner of at most %d characters. This one has %d.", maxBanner, n))
	}
	what := "Show the banner “" + shortened(text, 60) + "”"
	if text == "" {
		what = "Remove the banner"
	}
	return w.Change(ctx, who, what, func(s *State) error { s.Banner = text; return nil })
}

// Freeze lets attendees change nothing, or lets them go on.
func (w *Workshop) Freeze(ctx context.Context, who string, frozen bool) error {
	what := "Unfreeze all labs"
	if frozen {
		what = "Freeze all labs"
	}
	return w.Change(ctx, who, what, func(s *State) error { s.Frozen = frozen; return nil })
}

// OpenSections opens the first sections of the guide; 0 opens all.
func (w *Workshop) OpenSections(ctx context.Context, who string, n int) error {
	titles := w.Guide.Sections()
	if n < 0 || n > len(titles) {
		return problem.InvalidField("sections", "Choose a section of the list.")
	}
	what := "Open all sections of the guide"
	if n > 0 {
		what = "Open the guide up to “" + titles[n-1] + "”"
	}
	return w.Change(ctx, who, what, func(s *State) error { s.Sections = n; return nil })
}

// maxTimer is the longest time of the timer, in minutes.
const maxTimer = 24 * 60

// SetTimer starts the timer; minutes is a whole number as typed, and 0 stops the timer. Invalid at the field minutes.
func (w *Workshop) SetTimer(ctx context.Context, who, minutes string) error {
	n, err := strconv.Atoi(strings.TrimSpace(minutes))
	if err != nil || n < 0 || n > maxTimer {
		return problem.InvalidField("minutes", "Enter the minutes as a whole number from 0 to 1440. Nothing was changed.")
	}
	end, what := time.Time{}, "Stop the timer"
	if n > 0 {
		end, what = w.db.Now().Add(time.Duration(n)*time.Minute), "Start the timer with "+count(n, "minute")
	}
	return w.Change(ctx, who, what, func(s *State) error { s.Timer = end; return nil })
}

// timerExtension is what the button "5 more minutes" adds to the timer.
const timerExtension = 5 * time.Minute

// ExtendTimer adds time to the timer. A timer that has ended starts again from now. Without a timer, nothing happens.
func (w *Workshop) ExtendTimer(ctx context.Context, who string) error {
	return w.Change(ctx, who, "Add 5 minutes to the timer", func(s *State) error {
		if s.Timer.IsZero() {
			return nil
		}
		if now := w.db.Now(); s.Timer.Before(now) {
			s.Timer = now
		}
		s.Timer = s.Timer.Add(timerExtension)
		return nil
	})
}

// maxPerAddress is the largest number of labs that a network address may take, apart from 0, which is no limit.
const maxPerAddress = 2000

// SetJoining changes who may join. perAddress is a whole number as typed. Invalid at the field perAddress.
func (w *Workshop) SetJoining(ctx context.Context, who string, closed bool, perAddress string) error {
	n, err := strconv.Atoi(strings.TrimSpace(perAddress))
	if err != nil || n < 0 || n > maxPerAddress {
		return problem.InvalidField("perAddress",
			"Enter the labs for one network address as a whole number from 0 to 2000. Nothing was changed.")
	}
	what := "Open joining, " + count(n, "lab") + " for each network address"
	switch {
	case closed:
		what = "Close joining"
	case n == 0:
		what = "Open joining, without a limit for each network address"
	}
	err = w.Change(ctx, who, what, func(s *State) error { s.JoiningClosed, s.PerAddress = closed, n; return nil })
	if err == nil {
		w.places.forgetRefusals()
	}
	return err
}
