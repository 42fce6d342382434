package sigma

import (
	"fmt"
	"math"
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
	step, steps := niceAxis(values)
	top := step * float64(steps)
	for i := range steps + 1 {
		c.Ticks = append(c.Ticks, chartTick{Y: yOf(float64(i) / float64(steps)), Label: short(step * float64(i))})
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

// niceAxis returns the distance of the axis' lines and their number, without the line at 0. The distance is the smallest of 1, 2 or 5
// times a power of ten for which at most five lines reach every value.
func niceAxis(values []float64) (step float64, steps int) {
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	if most == 0 {
		return 1, 1
	}
	power := math.Pow(10, math.Floor(math.Log10(most/5)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if step = power * factor; step*5 >= most {
			break
		}
	}
	return step, int(math.Ceil(most / step))
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
