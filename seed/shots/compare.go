package shots

import (
	"image"
	"image/color"
	"math"
)

// threshold is the greatest squared, weighted distance in YIQ at which two pixels look alike. 35215 is the distance
// from black to white; pixelmatch uses the same tenth by default.
const threshold = 35215 * 0.1 * 0.1

// comparison is the difference of two pictures.
type comparison struct {
	Changed int          // number of pixels that look different
	Picture *image.NRGBA // the new picture in pale grey, with these pixels in red; nil if the sizes differ or Changed is 0
}

// compare counts the pixels that look different to a person. The distance of colors is that of Kotsarenko and Ramos,
// "Measuring perceived color difference using YIQ NTSC transmission color space in mobile applications", 2010. Pixels
// that only smooth an edge are not counted (Vyšniauskas, "Anti-aliased pixel and intensity slope detector", 2009).
func compare(before, after *image.NRGBA) comparison {
	if before.Rect.Size() != after.Rect.Size() {
		return comparison{Changed: max(1, after.Rect.Dx()*after.Rect.Dy())}
	}
	c := comparison{}
	width, height := after.Rect.Dx(), after.Rect.Dy()
	for y := range height {
		for x := range width {
			i := y*after.Stride + 4*x
			if [4]byte(before.Pix[i:i+4]) == [4]byte(after.Pix[i:i+4]) {
				continue
			}
			d := distance(pixel(before, x, y), pixel(after, x, y), false)
			if math.Abs(d) <= threshold || smooths(before, after, x, y) || smooths(after, before, x, y) {
				continue
			}
			if c.Changed++; c.Picture == nil {
				c.Picture = paleGrey(after)
			}
			c.Picture.SetNRGBA(x, y, color.NRGBA{R: 214, A: 255})
		}
	}
	return c
}

func pixel(p *image.NRGBA, x, y int) [3]float64 {
	i := y*p.Stride + 4*x
	return [3]float64{float64(p.Pix[i]), float64(p.Pix[i+1]), float64(p.Pix[i+2])}
}

// distance returns the squared, weighted distance of two colors, negative if the second one is brighter. With
// brightnessOnly it returns the difference in brightness.
func distance(a, b [3]float64, brightnessOnly bool) float64 {
	r, g, bl := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	y := 0.29889531*r + 0.58662247*g + 0.11448223*bl
	if brightnessOnly {
		return y
	}
	i := 0.59597799*r - 0.27417610*g - 0.32180189*bl
	q := 0.21147017*r - 0.52261711*g + 0.31114694*bl
	d := 0.5053*y*y + 0.299*i*i + 0.1957*q*q
	if y < 0 {
		return -d
	}
	return d
}

// smooths reports whether a pixel of p only smooths an edge. Such a pixel has darker and brighter neighbors and at most
// two of the same brightness, and its darkest or brightest neighbor is in a plain area in both pictures.
func smooths(p, other *image.NRGBA, x, y int) bool {
	alike, darkest, brightest := 0, 0.0, 0.0
	var dark, bright image.Point
	if x == 0 || y == 0 || x == p.Rect.Dx()-1 || y == p.Rect.Dy()-1 {
		alike++
	}
	center := pixel(p, x, y)
	for n := range neighbors(p, x, y) {
		switch d := distance(center, pixel(p, n.X, n.Y), true); {
		case d == 0:
			if alike++; alike > 2 {
				return false
			}
		case d < darkest:
			darkest, dark = d, n
		case d > brightest:
			brightest, bright = d, n
		}
	}
	if darkest == 0 || brightest == 0 {
		return false
	}
	return plain(p, dark) && plain(other, dark) || plain(p, bright) && plain(other, bright)
}

// plain reports whether a pixel has more than two neighbors of the same color.
func plain(p *image.NRGBA, at image.Point) bool {
	alike := 0
	if at.X == 0 || at.Y == 0 || at.X == p.Rect.Dx()-1 || at.Y == p.Rect.Dy()-1 {
		alike++
	}
	center := pixel(p, at.X, at.Y)
	for n := range neighbors(p, at.X, at.Y) {
		if pixel(p, n.X, n.Y) == center {
			alike++
		}
	}
	return alike > 2
}

// neighbors iterates over the up to eight neighbors of a pixel.
func neighbors(p *image.NRGBA, x, y int) func(func(image.Point) bool) {
	return func(yield func(image.Point) bool) {
		for ny := max(0, y-1); ny <= min(p.Rect.Dy()-1, y+1); ny++ {
			for nx := max(0, x-1); nx <= min(p.Rect.Dx()-1, x+1); nx++ {
				if (nx != x || ny != y) && !yield(image.Pt(nx, ny)) {
					return
				}
			}
		}
	}
}

// paleGrey returns a copy of a picture in pale grey.
func paleGrey(p *image.NRGBA) *image.NRGBA {
	pale := image.NewNRGBA(p.Rect)
	for i := 0; i < len(p.Pix); i += 4 {
		y := 0.299*float64(p.Pix[i]) + 0.587*float64(p.Pix[i+1]) + 0.114*float64(p.Pix[i+2])
		v := byte(255 - (255-y)*0.25)
		pale.Pix[i], pale.Pix[i+1], pale.Pix[i+2], pale.Pix[i+3] = v, v, v, 255
	}
	return pale
}
