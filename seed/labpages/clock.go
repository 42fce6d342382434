package labpages

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	page "understudy/ui/lab"
)

func clockView(r door.LabRequest) (*page.Clock, error) {
	offset, _ := r.Lab.DB.Clock()
	skew, err := r.Lab.Org.ClockSkew(r.Ctx())
	if err != nil {
		return nil, err
	}
	view := &page.Clock{
		Action: r.Home() + "/clock", Now: r.Lab.DB.Now().Format(clockTime) + " UTC", Mark: r.Lab.ClockMark(),
		Days: strconv.Itoa(int(offset / (24 * time.Hour))), Synchronize: r.Home() + "/clock/synchronize",
	}
	if skew != 0 {
		view.Skew = r.Lab.DB.Now().Add(skew).Format(clockTime) + " UTC"
	}
	return view, nil
}

// synchronize ends the difference between Okta's clock and the lab's clock, which is Sigma's.
func (p *Pages) synchronize(r door.LabRequest) error {
	if err := r.Lab.Org.SetClockSkew(r.Ctx(), 0); err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.Home())
}

// setClock moves the lab's clock ahead of the wall clock by whole days, or back to it.
func (p *Pages) setClock(r door.LabRequest) error {
	days, err := strconv.Atoi(strings.TrimSpace(r.FormValue("days")))
	if err != nil || days < 0 || days > lab.MaxDaysAhead {
		return problem.New(problem.Invalid, fmt.Sprintf("Days ahead must be a number from 0 to %d. The clock was not changed.", lab.MaxDaysAhead))
	}
	if err := r.Lab.MoveClock(r.Ctx(), time.Duration(days)*24*time.Hour); err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.Home())
}
