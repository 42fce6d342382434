package scenario

import (
	"errors"
	"fmt"
	"strings"

	"understudy/seed/base/textlimit"

	"github.com/goccy/go-yaml"
)

// Mistake is one mistake in the text of a scenario.
type Mistake struct {
	Line, Column int // 1 is the first
	Text         string
}

// Mistakes is the error of [Parse].
type Mistakes struct {
	Name string // of the scenario
	List []Mistake
}

// mistakesShown is how many mistakes the message lists.
const mistakesShown = 20

// Error lists the mistakes, one a line, as compilers do.
func (m *Mistakes) Error() string {
	var lines []string
	for _, one := range m.List[:min(len(m.List), mistakesShown)] {
		lines = append(lines, fmt.Sprintf("%s.yaml:%d:%d: %s", m.Name, one.Line, one.Column, one.Text))
	}
	if more := len(m.List) - mistakesShown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// mistakeOf turns an error of the YAML package into a mistake.
func mistakeOf(err error) Mistake {
	if limit, exceeded := errors.AsType[*textlimit.Error](err); exceeded {
		return Mistake{limit.Line, limit.Column, limit.Text}
	}
	var known yaml.Error
	if !errors.As(err, &known) || known.GetToken() == nil {
		return Mistake{1, 1, err.Error()}
	}
	text := known.GetMessage()
	if wrong, is := errors.AsType[*yaml.TypeError](err); is {
		text = fmt.Sprintf("expected %s", kindName(wrong.DstType))
	}
	at := known.GetToken().Position
	return Mistake{at.Line, at.Column, strings.TrimSpace(text)}
}

// nearest returns the word of a list that was probably meant; empty if none is near.
func nearest(word string, list []string) string {
	best, distance := "", 1+len(word)/3
	for _, other := range list {
		if d := edits(strings.ToLower(word), strings.ToLower(other)); d < distance || d == distance && best == "" {
			best, distance = other, d
		}
	}
	return best
}

// didYouMean is a suggestion to add to a message; empty if no word of the list is near.
func didYouMean(word string, list []string) string {
	if near := nearest(word, list); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// edits counts the letters to insert, delete, replace or swap until a is b (optimal string alignment).
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
