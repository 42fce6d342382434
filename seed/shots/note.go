package shots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	"understudy/seed/script/player"
)

// note puts a text beside a control: at its end, or below it, or above it, where there is room. The letters were set by the browser in
// the pages' own typeface, white on black; how bright a pixel is says how much of it a letter covers.
func (c canvas) note(at player.Rect, text string, letters []byte) error {
	set, err := png.Decode(bytes.NewReader(letters))
	if err != nil {
		return fmt.Errorf("callout text “%s”: %w", text, err)
	}
	size := set.Bounds().Size()
	left, top, right, bottom := c.grown(at)
	room := 6 * c.scale
	x, y := math.Round(right+room), math.Round((top+bottom-float64(size.Y))/2)
	if x+float64(size.X)+room > float64(c.Rect.Dx()) {
		if x, y = max(room, min(left, float64(c.Rect.Dx()-size.X)-room)), bottom+room; y+float64(size.Y) > float64(c.Rect.Dy()) {
			y = top - room - float64(size.Y)
		}
	}
	x, y = math.Round(x), math.Round(y)
	c.paint(x, y, x+float64(size.X), y+float64(size.Y), accent, false, func(px, py float64) float64 {
		return rounded(px, py, x, y, x+float64(size.X), y+float64(size.Y), corner*c.scale)
	})
	origin := image.Pt(int(x), int(y))
	c.paint(x, y, x+float64(size.X), y+float64(size.Y), white, false, func(px, py float64) float64 {
		r, _, _, _ := set.At(int(px)-origin.X, int(py)-origin.Y).RGBA()
		return 0.5 - float64(r)/0xffff
	})
	return nil
}
