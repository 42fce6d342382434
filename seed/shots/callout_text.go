package shots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	"understudy/seed/script/player"
)

// text draws a text next to a control: to the right, or below, or above, where there is space. textImage is a PNG file
// in which the browser rendered the text in the font of the pages, white on black. The brightness of a pixel is the
// share of the pixel that the text covers.
func (c canvas) text(at player.Rect, text string, textImage []byte) error {
	rendered, err := png.Decode(bytes.NewReader(textImage))
	if err != nil {
		return fmt.Errorf("callout text “%s”: %w", text, err)
	}
	size := rendered.Bounds().Size()
	left, top, right, bottom := c.boxAround(at)
	margin := 6 * c.scale
	x, y := math.Round(right+margin), math.Round((top+bottom-float64(size.Y))/2)
	if x+float64(size.X)+margin > float64(c.Rect.Dx()) {
		x, y = max(margin, min(left, float64(c.Rect.Dx()-size.X)-margin)), bottom+margin
		if y+float64(size.Y) > float64(c.Rect.Dy()) {
			y = top - margin - float64(size.Y)
		}
	}
	x, y = math.Round(x), math.Round(y)
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
