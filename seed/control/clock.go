package control

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/lab"
)

func clockView(l *lab.Lab) api.Clock {
	ahead, stopped := l.DB.Clock()
	return api.Clock{Now: l.DB.Now(), Ahead: ahead.String(), Stopped: !stopped.IsZero()}
}

func (c *Control) clock(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, clockView(l))
}

// moveClock moves the lab's clock ahead of the wall clock, or back to it.
func (c *Control) moveClock(r *request) error {
	var in api.MoveClock
	if err := r.read(&in); err != nil {
		return err
	}
	if in.Ahead == "" {
		return problem.InvalidField("ahead", `Say how far ahead the clock is, such as "72h". "0s" sets the clock right.`)
	}
	ahead, err := duration("ahead", in.Ahead)
	if err != nil {
		return err
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	if err := l.MoveClock(r.ctx(), ahead); err != nil {
		return err
	}
	return r.JSON(http.StatusOK, clockView(l))
}

// duration reads a duration such as "90s", "72h" or "3d"; an empty text is 0. Invalid at the field.
func duration(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if days, isDays := strings.CutSuffix(text, "d"); isDays {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= lab.MaxDaysAhead {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, problem.InvalidField(field, fmt.Sprintf(`%.50q is not a duration. Write one such as "90s", "72h" or "3d".`, text))
	}
	return d, nil
}
