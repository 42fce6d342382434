package shots

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"understudy/seed/script/player"
)

// text draws a text next to a control, where it covers least of the page. textImage is a PNG file in which the browser rendered
// the text in the font of the pages, white on black. The brightness of a pixel is the share of the pixel that the text covers.
func (c canvas) text(at player.Rect, marks []player.Rect, text string, textImage []byte) error {
	rendered, err := png.Decode(bytes.NewReader(textImage))
	if err != nil {
		return fmt.Errorf("callout text “%s”: %w", text, err)
	}
	size := rendered.Bounds().Size()
	x, y := c.placeText(at, marks, float64(size.X), float64(size.Y))
	c.leader(at, player.Rect{X: x, Y: y, W: float64(size.X), H: float64(size.Y)})
	c.paint(x, y, x+float64(size.X), y+float64(size.Y), accent, false, func(px, py float64) float64 {
		return rounded(px, py, x, y, x+float64(size.X), y+float64(size.Y), corner*c.scale)
	})
	origin := image.Pt(int(x), int(y))
	c.paint(x, y, x+float64(size.X), y+float64(size.Y), white, false, func(px, py float64) float64 {
		r, _, _, _ := rendered.At(int(px)-origin.X, int(py)-origin.Y).RGBA()
		return 0.5 - float64(r)/0xffff
	})
	return nil
}

// reach is the largest distance of a text from its control, in CSS pixels. leaderFrom is the distance at which a line joins them.
const (
	reach      = 420.0
	leaderFrom = 16.0
)

// leader draws a line from a control to its text, if the text is not next to it.
func (c canvas) leader(at, text player.Rect) {
	left, top, right, bottom := c.boxAround(at)
	toX := min(max(left, text.X+text.W/2), right)
	toY := min(max(top, text.Y+text.H/2), bottom)
	fromX, fromY := min(max(text.X, toX), text.X+text.W), min(max(text.Y, toY), text.Y+text.H)
	if math.Hypot(fromX-toX, fromY-toY) < leaderFrom*c.scale {
		return
	}
	for _, line := range []struct {
		half float64
		fill color.NRGBA
	}{{outline/2 + halo, white}, {outline / 2, accent}} {
		half := line.half * c.scale
		c.paint(min(fromX, toX)-half, min(fromY, toY)-half, max(fromX, toX)+half, max(fromY, toY)+half, line.fill, false,
			func(px, py float64) float64 { return toSegment(px, py, fromX, fromY, toX, toY) - half })
	}
}

// placeText returns where a text of a size goes: the nearest place to the right, below, above or to the left of the control that
// covers no content and no other mark; without one, the place that covers least.
func (c canvas) placeText(at player.Rect, marks []player.Rect, width, height float64) (x, y float64) {
	left, top, right, bottom := c.boxAround(at)
	margin := 6 * c.scale
	best := math.MaxFloat64
	consider := func(px, py, distance float64) bool {
		px, py = math.Round(px), math.Round(py)
		if px < margin || py < margin || px+width+margin > float64(c.Rect.Dx()) || py+height+margin > float64(c.Rect.Dy()) {
			return false
		}
		place := player.Rect{X: px, Y: py, W: width, H: height}
		covered := c.busy(place)
		for _, m := range marks {
			covered += 10 * overlap(place, player.Rect{X: m.X - 2*margin, Y: m.Y - 2*margin, W: m.W + 4*margin, H: m.H + 4*margin})
		}
		if covered+distance < best {
			best, x, y = covered+distance, px, py
		}
		return covered == 0
	}
	x, y = math.Round(max(margin, min(right+margin, float64(c.Rect.Dx())-width-margin))), math.Round(top)
	centre := (top + bottom - height) / 2
	for away := 0.0; away <= reach*c.scale; away += 8 * c.scale {
		far := margin + away
		// Every place found at one distance is better than all further ones.
		if consider(right+far, centre, far) || consider(left, bottom+far, far) || consider(right-width, bottom+far, far) ||
			consider(left, top-far-height, far) || consider(right-width, top-far-height, far) || consider(left-far-width, centre, far) {
			break
		}
	}
	return x, y
}

// busy returns how many pixels of a rectangle differ from the color of its first pixel: how much content it covers.
func (c canvas) busy(at player.Rect) (pixels float64) {
	area := image.Rect(int(at.X), int(at.Y), int(at.X+at.W), int(at.Y+at.H)).Intersect(c.Rect)
	if area.Empty() {
		return 0
	}
	ground := c.NRGBAAt(area.Min.X, area.Min.Y)
	for py := area.Min.Y; py < area.Max.Y; py++ {
		for px := area.Min.X; px < area.Max.X; px++ {
			if c.NRGBAAt(px, py) != ground {
				pixels++
			}
		}
	}
	return pixels
}

// overlap returns the area that two rectangles share.
func overlap(a, b player.Rect) float64 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	return max(0, w) * max(0, h)
}
