package workshop

import (
	"net/http"
	"strconv"
	"time"

	"understudy/seed/base/csvfile"

	"github.com/labstack/echo/v4"
)

// result is one attendee in the exported results.
type result struct {
	Lab      string    `json:"lab"`
	Nickname string    `json:"nickname"`
	Joined   time.Time `json:"joined"`
	Done     int       `json:"done"`    // number of finished steps
	Total    int       `json:"total"`   // number of steps in the guide
	Current  string    `json:"current"` // id of the current step; empty when all are done
}

func (w *Workshop) results(c echo.Context) ([]result, error) {
	rows, err := w.Rows(c.Request().Context())
	list := make([]result, 0, len(rows))
	for _, r := range rows {
		list = append(list, result{
			Lab: r.Lab, Nickname: r.Nickname, Joined: r.Joined,
			Done: r.Done, Total: len(w.Guide.Steps()), Current: r.Current,
		})
	}
	return list, err
}

func (w *Workshop) resultsJSON(c echo.Context) error {
	list, err := w.results(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

func (w *Workshop) resultsCSV(c echo.Context) error {
	list, err := w.results(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="workshop.csv"`)
	out := csvfile.New(c.Response(), csvfile.BOM)                          // nicknames have all alphabets, and Excel needs the mark
	_ = out.Write("lab", "nickname", "joined", "done", "total", "current") // out.Close reports it
	for _, r := range list {
		_ = out.Write(r.Lab, r.Nickname, r.Joined.Format(time.RFC3339), strconv.Itoa(r.Done), strconv.Itoa(r.Total), r.Current)
	}
	return out.Close()
}
