package workshop

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

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
	lines := [][]string{{"lab", "nickname", "joined", "done", "total", "current"}}
	for _, r := range list {
		lines = append(lines, []string{
			r.Lab, csvCell(r.Nickname), r.Joined.Format(time.RFC3339), strconv.Itoa(r.Done), strconv.Itoa(r.Total), r.Current,
		})
	}
	return csv.NewWriter(c.Response()).WriteAll(lines)
}

// csvCell puts an apostrophe before a text that a spreadsheet would run as a formula (OWASP, CSV Injection). Some
// spreadsheets accept the full-width forms of the signs, too.
func csvCell(text string) string {
	if strings.IndexAny(text, "=+-@\t\r＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
