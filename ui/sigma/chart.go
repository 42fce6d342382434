package sigma

import (
	"fmt"
	"strconv"
	"strings"
)

// chart is the layout of a chart over an element's two columns. Lengths are in units of the SVG view box.
type chart struct {
	Width, Height int
	Base          int // y of the axis
	Title         string
	Bars          []chartBar
	Ticks         []chartTick
	Line          string // points of the polyline of a line chart; empty for bars
}

type chartBar struct {
	X, Y, W, H int
	Middle     int // x of the label
	Label      string
	Value      string
}

type chartTick struct {
	Y     int
	Label string
}

const (
	chartLeft, chartTop, chartRight = 64, 16, 16
	chartBase, chartHeight          = 260, 320
	chartMax                        = 24 // bars; more labels could not be read
)

// draw lays out a chart. The element's first column has the labels, its second the values.
func draw(e Element) chart {
	c := chart{Height: chartHeight, Base: chartBase, Title: e.Title}
	var labels []string
	var values []float64
	for i, row := range e.Rows {
		if i == chartMax || len(row) < 2 {
			break
		}
		n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "$", "", "%", "").Replace(strings.TrimSpace(row[1])), 64)
		if err != nil || n < 0 || n-n != 0 {
			n = 0
		}
		labels, values = append(labels, row[0]), append(values, n)
	}
	// A chart with few bars is narrow, so that the text stays readable on a small screen.
	c.Width = min(max(chartLeft+chartRight+len(labels)*70, 360), 720)
	top := niceTop(values)
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c.Ticks = append(c.Ticks, chartTick{Y: yOf(share), Label: short(top * share)})
	}
	if len(labels) == 0 {
		return c
	}
	slot := (c.Width - chartLeft - chartRight) / len(labels)
	var line []string
	for i := range labels {
		y := yOf(values[i] / top)
		x := chartLeft + i*slot
		c.Bars = append(c.Bars, chartBar{X: x + slot/8, Y: y, W: max(slot*3/4, 1), H: chartBase - y, Middle: x + slot/2,
			Label: cut(labels[i], max(slot/8, 3)), Value: labels[i] + ": " + e.Rows[i][1]})
		line = append(line, fmt.Sprintf("%d,%d", x+slot/2, y))
	}
	if e.Kind == "line" {
		c.Line = strings.Join(line, " ")
	}
	return c
}

// yOf returns the y coordinate for a share of the axis, from 0 to 1.
func yOf(share float64) int { return chartBase - int(share*float64(chartBase-chartTop)) }

// niceTop returns the end of the axis: the smallest of 1, 2, 2.5 or 5 times a power of ten that is at least every value.
func niceTop(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	if most == 0 {
		return 1
	}
	power := 1.0
	for power < most {
		power *= 10
	}
	for power/10 >= most {
		power /= 10
	}
	for _, f := range []float64{0.1, 0.2, 0.25, 0.5} {
		if power*f >= most {
			return power * f
		}
	}
	return power
}

// short writes a number for an axis: 1.5k, 2M.
func short(n float64) string {
	for _, u := range []struct {
		size float64
		sign string
	}{{1e9, "B"}, {1e6, "M"}, {1e3, "k"}} {
		if n >= u.size {
			return strconv.FormatFloat(n/u.size, 'f', -1, 64) + u.sign
		}
	}
	return strconv.FormatFloat(n, 'g', 4, 64)
}

// cut shortens a text to n characters, the last of them an ellipsis.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
