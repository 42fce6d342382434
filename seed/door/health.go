package door

import (
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/store"
)

// health is the page for monitoring: "ok", or what is wrong.
func (d *Door) health(c echo.Context) error {
	if err := d.disk.check(d.options.DataDir); err != nil {
		return c.String(http.StatusServiceUnavailable, err.Error()+"\n")
	}
	return c.String(http.StatusOK, "ok\n")
}

// diskChecked is how long a result of a check is used: anybody can ask, and a check writes to the disk.
const diskChecked = time.Second

// diskState is the last result of a check of the disk.
type diskState struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (s *diskState) check(dir string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if dir != "" && time.Since(s.at) >= diskChecked {
		s.err = store.CheckDisk(dir)
		s.at = time.Now()
	}
	return s.err
}
