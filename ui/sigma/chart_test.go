package sigma

import (
	"strings"
	"testing"
)

func TestAxesHaveRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   string
	}{
		{[]string{"250", "40"}, "0 50 100 150 200 250"},
		{[]string{"20", "10"}, "0 5 10 15 20"},
		{[]string{"346000", "192000"}, "0 100k 200k 300k 400k"},
		{[]string{"7"}, "0 2 4 6 8"},
		{[]string{"1"}, "0 0.2 0.4 0.6 0.8 1"},
		{[]string{"1000000"}, "0 200k 400k 600k 800k 1M"},
		{nil, "0 1"},
	} {
		e := Element{Kind: "bar"}
		for _, v := range c.values {
			e.Rows = append(e.Rows, []string{"A", v})
		}
		var labels []string
		drawn := draw(e)
		for _, tick := range drawn.Ticks {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
		for _, bar := range drawn.Bars {
			if bar.Y < chartTop {
				t.Errorf("%v: a bar is higher than the axis", c.values)
			}
		}
	}
}
