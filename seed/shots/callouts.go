package shots

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strconv"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Callouts are drawn by signed distance functions: the distance of a pixel from the edge of a shape determines how much
// of the pixel the shape covers. This gives smooth edges, needs no library, and gives the same bytes on every machine.

var (
	accent = color.NRGBA{R: 0xc2, G: 0x18, B: 0x5b, A: 0xff} // contrast 5.9:1 on white
	white  = color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
	marker = color.NRGBA{R: 0xff, G: 0xe0, B: 0x3b, A: 0xff}
	masked = color.NRGBA{R: 0xc4, G: 0xc9, B: 0xd0, A: 0xff}
	glow   = color.NRGBA{R: 0xff, G: 0xe0, B: 0x3b, A: 0x5a} // the marker on dark pages; light text stays readable
)

// Lengths of callouts in CSS pixels.
const (
	outline    = 2.5
	halo       = 1.25
	gap        = 4.0 // between the control and its box
	corner     = 6.0
	badgeSize  = 11.0 // radius
	arrowReach = 64.0
	wide       = 220.0 // a control of this width has the badge at its end and not at its corner
)

// canvas is a picture on which callouts are drawn.
type canvas struct {
	*image.NRGBA
	scale float64 // pixels for each CSS pixel
}

// callouts draws the marks of a picture on p. It fails if a marked control is outside the picture.
func callouts(p *image.NRGBA, picture player.Picture) error {
	c := canvas{p, picture.Scale}
	number := 0
	for i, m := range picture.Shot.Marks { // before the callouts, which a mask must not cover
		if m.Kind == script.MarkMask {
			c.mask(picture.Marks[i])
		}
	}
	for i, m := range picture.Shot.Marks {
		at := picture.Marks[i]
		if at.X+at.W/2 < 0 || at.Y+at.H/2 < 0 || at.X+at.W/2 > float64(p.Rect.Dx()) || at.Y+at.H/2 > float64(p.Rect.Dy()) {
			return fmt.Errorf("callout “%s”: the control is outside the picture", m.Control)
		}
		kind := m.Kind
		if kind == script.MarkAuto {
			kind = autoKind(picture.Shot.Marks)
		}
		switch kind {
		case script.MarkMask:
		case script.MarkHighlight:
			c.highlight(at)
		case script.MarkArrow:
			c.arrow(at)
		case script.MarkText:
			c.box(at)
			if err := c.text(at, others(picture.Marks, i), m.Text, picture.TextImages[m.Text]); err != nil {
				return err
			}
		case script.MarkBadge:
			number++
			c.box(at)
			c.badge(at, number)
		default:
			c.box(at)
		}
	}
	return nil
}

// autoKind is the form of a mark that has none: a box if it is the only mark that points at something, else a badge.
func autoKind(marks []script.Mark) script.MarkKind {
	pointing := 0
	for _, m := range marks {
		if m.Kind != script.MarkMask {
			pointing++
		}
	}
	if pointing > 1 {
		return script.MarkBadge
	}
	return script.MarkBox
}

// others returns the rectangles but one.
func others(marks []player.Rect, i int) []player.Rect {
	return append(slices.Clone(marks[:i]), marks[i+1:]...)
}

// mask covers a control with a plain area. Nothing of what was there shows through, so the value may differ in each run.
func (c canvas) mask(at player.Rect) {
	area := image.Rect(int(at.X), int(at.Y), int(math.Ceil(at.X+at.W)), int(math.Ceil(at.Y+at.H))).Intersect(c.Rect)
	draw.Draw(c, area, image.NewUniform(masked), image.Point{}, draw.Src)
}

// paint paints a shape that lies within the given bounds. distance is the distance of a point to the edge of the shape,
// negative inside. With multiply, the color darkens what is below it like a text marker.
func (c canvas) paint(left, top, right, bottom float64, fill color.NRGBA, multiply bool, distance func(x, y float64) float64) {
	area := image.Rect(int(left)-2, int(top)-2, int(right)+3, int(bottom)+3).Intersect(c.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			cover := min(1, max(0, 0.5-distance(float64(x)+.5, float64(y)+.5))) * float64(fill.A) / 255
			if cover == 0 {
				continue
			}
			i := c.PixOffset(x, y)
			for k, v := range [3]uint8{fill.R, fill.G, fill.B} {
				was := float64(c.Pix[i+k])
				to := float64(v)
				if multiply {
					to = to * was / 255
				}
				c.Pix[i+k] = uint8(math.Round(was + (to-was)*cover))
			}
		}
	}
}

// boxAround returns the rectangle of the box around a control, limited to the picture.
func (c canvas) boxAround(at player.Rect) (left, top, right, bottom float64) {
	g, edge := gap*c.scale, (outline/2+halo)*c.scale
	return max(edge, at.X-g), max(edge, at.Y-g),
		min(float64(c.Rect.Dx())-edge, at.X+at.W+g), min(float64(c.Rect.Dy())-edge, at.Y+at.H+g)
}

// rounded is the signed distance of a point to a rectangle with round corners.
func rounded(x, y, left, top, right, bottom, radius float64) float64 {
	dx := max(left+radius-x, x-right+radius)
	dy := max(top+radius-y, y-bottom+radius)
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius
}

// box draws a frame with round corners around a control, with a white edge that keeps it visible on any background.
func (c canvas) box(at player.Rect) {
	left, top, right, bottom := c.boxAround(at)
	radius := min(corner*c.scale, (bottom-top)/2, (right-left)/2)
	for _, line := range []struct {
		width float64
		fill  color.NRGBA
	}{{outline + 2*halo, white}, {outline, accent}} {
		half := line.width * c.scale / 2
		c.paint(left-half, top-half, right+half, bottom+half, line.fill, false, func(x, y float64) float64 {
			return math.Abs(rounded(x, y, left, top, right, bottom, radius)) - half
		})
	}
}

// highlight colors a control like a text marker.
func (c canvas) highlight(at player.Rect) {
	left, top, right, bottom := c.boxAround(at)
	fill, dark := marker, c.dark(image.Rect(int(left), int(top), int(right), int(bottom)))
	if dark {
		fill = glow
	}
	c.paint(left, top, right, bottom, fill, !dark, func(x, y float64) float64 {
		return rounded(x, y, left, top, right, bottom, 3*c.scale)
	})
}

// dark reports whether most pixels of a rectangle are dark.
func (c canvas) dark(at image.Rectangle) bool {
	at = at.Intersect(c.Rect)
	below := 0
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			i := c.PixOffset(x, y)
			if int(c.Pix[i])+int(c.Pix[i+1])+int(c.Pix[i+2]) < 3*128 {
				below++
			}
		}
	}
	return 2*below > at.Dx()*at.Dy()
}

// badge draws a number in a disc. The disc is outside the control, if there is space, so that it does not hide the
// control's name.
func (c canvas) badge(at player.Rect, number int) {
	left, top, right, _ := c.boxAround(at)
	r := badgeSize * c.scale
	edge := r + halo*c.scale
	x, y := left-r*0.35, top-r*0.35
	if at.W > wide*c.scale { // a form field: its label is above the left end, and a button may follow the right end
		x, y = right-r*0.8, top-r*0.5
	}
	x = min(max(x, edge), float64(c.Rect.Dx())-edge)
	y = min(max(y, edge), float64(c.Rect.Dy())-edge)
	c.disc(x, y, edge, white)
	c.disc(x, y, r, accent)
	c.digits(x, y, r, strconv.Itoa(number))
}

func (c canvas) disc(x, y, r float64, fill color.NRGBA) {
	c.paint(x-r, y-r, x+r, y+r, fill, false, func(px, py float64) float64 { return math.Hypot(px-x, py-y) - r })
}

// arrow draws an arrow to the right end of the control, from below. It uses the left end, or comes from above, if there
// is no space.
func (c canvas) arrow(at player.Rect) {
	left, top, right, bottom := c.boxAround(at)
	tip, tail := [2]float64{right, (top + bottom) / 2}, [2]float64{right + arrowReach*c.scale, bottom + arrowReach*c.scale/2}
	if tail[0] > float64(c.Rect.Dx()) {
		tip[0], tail[0] = left, left-arrowReach*c.scale
	}
	if tail[1] > float64(c.Rect.Dy()) {
		tail[1] = top - arrowReach*c.scale/2
	}
	for _, line := range []struct {
		extra float64
		fill  color.NRGBA
	}{{halo, white}, {0, accent}} {
		extra := line.extra * c.scale
		c.paint(min(tip[0], tail[0])-20*c.scale, min(tip[1], tail[1])-20*c.scale, max(tip[0], tail[0])+20*c.scale,
			max(tip[1], tail[1])+20*c.scale,
			line.fill, false, arrowShape(tip, tail, c.scale, extra))
	}
}

// arrowShape returns the signed distance function of an arrow. extra makes it thicker on all sides.
func arrowShape(tip, tail [2]float64, scale, extra float64) func(x, y float64) float64 {
	length := math.Hypot(tail[0]-tip[0], tail[1]-tip[1])
	ux, uy := (tail[0]-tip[0])/length, (tail[1]-tip[1])/length
	headLong, headWide := 14*scale, 7*scale
	slope := math.Hypot(headLong, headWide)
	return func(x, y float64) float64 {
		along := (x-tip[0])*ux + (y-tip[1])*uy
		across := math.Abs((y-tip[1])*ux - (x-tip[0])*uy)
		shaft := max(across-1.75*scale, headLong*0.8-along, along-length)
		head := max((across*headLong-along*headWide)/slope, along-headLong)
		return min(shaft, head) - extra
	}
}

// strokes are the digits as polylines, x and y alternating, on a grid 4 wide and 6 high.
var strokes = [10][][]float64{
	{{1, 0, 3, 0, 4, 1, 4, 5, 3, 6, 1, 6, 0, 5, 0, 1, 1, 0}},
	{{0.8, 1.2, 2.4, 0, 2.4, 6}},
	{{0, 1.2, 1, 0, 3, 0, 4, 1, 4, 2, 0, 6, 4, 6}},
	{{0, 0.8, 1, 0, 3, 0, 4, 1, 4, 2, 3, 2.9, 1.6, 2.9}, {3, 2.9, 4, 3.8, 4, 5, 3, 6, 1, 6, 0, 5.2}},
	{{3, 6, 3, 0, 0, 4.3, 4.2, 4.3}},
	{{3.8, 0, 0.5, 0, 0.2, 2.8, 1, 2.3, 3, 2.3, 4, 3.3, 4, 5, 3, 6, 1, 6, 0, 5.2}},
	{{3.4, 0, 1.2, 1.6, 0, 3.6, 0, 5, 1, 6, 3, 6, 4, 5, 4, 3.6, 3, 2.7, 1, 2.7, 0, 3.6}},
	{{0, 0, 4, 0, 1.6, 6}},
	{{1, 0, 3, 0, 3.8, 0.9, 3.8, 1.9, 3, 2.8, 1, 2.8, 0.2, 1.9, 0.2, 0.9, 1, 0}, {1, 2.8, 0, 3.8, 0, 5, 1, 6, 3, 6, 4, 5, 4, 3.8, 3, 2.8}},
	{{0.6, 6, 2.8, 4.4, 4, 2.4, 4, 1, 3, 0, 1, 0, 0, 1, 0, 2.4, 1, 3.3, 3, 3.3, 4, 2.4}},
}

// digits draws a number, centered at x and y, in a disc of radius r.
func (c canvas) digits(x, y, r float64, number string) {
	unit := r * 0.19
	advance := 5.6 * unit
	x -= advance*float64(len(number)-1)/2 + 2*unit
	y -= 3 * unit
	for _, digit := range number {
		left := x
		c.paint(left-unit, y-unit, left+5*unit, y+7*unit, white, false, func(px, py float64) float64 {
			nearest := math.MaxFloat64
			for _, line := range strokes[digit-'0'] {
				for i := 0; i+3 < len(line); i += 2 {
					nearest = min(nearest, toSegment((px-left)/unit, (py-y)/unit, line[i], line[i+1], line[i+2], line[i+3]))
				}
			}
			return (nearest - 0.5) * unit
		})
		x += advance
	}
}

// toSegment returns the distance from a point to the line segment between two others.
func toSegment(x, y, ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	t := min(1, max(0, ((x-ax)*dx+(y-ay)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-ax-t*dx, y-ay-t*dy)
}
