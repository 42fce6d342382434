package shots

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/gif"
	"slices"

	"understudy/seed/script/player"
)

// How long a frame of an animation is shown, in hundredths of a second.
const (
	frameShown     = 160
	lastFrameShown = 320
)

// animation returns the frames of a step as an animated GIF. A box shows the control that the next action uses.
func animation(frames []player.Frame) ([]byte, image.Point, error) {
	var pictures []*image.NRGBA
	for _, f := range frames {
		p, err := decode(f.PNG)
		if err != nil {
			return nil, image.Point{}, err
		}
		if f.Mark != nil {
			canvas{p, 1}.box(*f.Mark)
		}
		if n := len(pictures); n == 0 || !bytes.Equal(pictures[n-1].Pix, p.Pix) {
			pictures = append(pictures, p)
		}
	}
	palette := commonColors(pictures)
	nearest := map[[3]uint8]uint8{}
	moving := &gif.GIF{}
	for i, p := range pictures {
		delay := frameShown
		if i == len(pictures)-1 {
			delay = lastFrameShown
		}
		moving.Image = append(moving.Image, inPalette(p, palette, nearest))
		moving.Delay = append(moving.Delay, delay)
	}
	var b bytes.Buffer
	err := gif.EncodeAll(&b, moving)
	return withComment(b.Bytes(), disclaimer), pictures[0].Rect.Size(), err
}

// gifTrailer ends a GIF file (GIF89a, section 27).
const gifTrailer = 0x3b

// withComment adds a comment to a GIF file (GIF89a, section 24). The comment must have less than 256 bytes.
func withComment(file []byte, comment string) []byte {
	file = append(bytes.TrimSuffix(file, []byte{gifTrailer}), 0x21, 0xfe, byte(len(comment)))
	return append(append(file, comment...), 0, gifTrailer)
}

// commonColors returns up to 256 colors of pictures: the most frequent ones, which in pages are nearly all.
func commonColors(pictures []*image.NRGBA) color.Palette {
	count := map[[3]uint8]int{}
	for _, p := range pictures {
		for i := 0; i < len(p.Pix); i += 4 {
			count[[3]uint8(p.Pix[i:i+3])]++
		}
	}
	colors := make([][3]uint8, 0, len(count))
	for c := range count {
		colors = append(colors, c)
	}
	slices.SortFunc(colors, func(a, b [3]uint8) int {
		return cmp.Or(count[b]-count[a], slices.Compare(a[:], b[:]))
	})
	var palette color.Palette
	for _, c := range colors[:min(256, len(colors))] {
		palette = append(palette, color.NRGBA{R: c[0], G: c[1], B: c[2], A: 255})
	}
	return palette
}

// inPalette returns a picture in the colors of a palette. nearest remembers the nearest color of those that it lacks.
func inPalette(p *image.NRGBA, palette color.Palette, nearest map[[3]uint8]uint8) *image.Paletted {
	to := image.NewPaletted(p.Rect, palette)
	for i := 0; i < len(p.Pix); i += 4 {
		c := [3]uint8(p.Pix[i : i+3])
		index, known := nearest[c]
		if !known {
			index = uint8(palette.Index(color.NRGBA{R: c[0], G: c[1], B: c[2], A: 255}))
			nearest[c] = index
		}
		to.Pix[i/4] = index
	}
	return to
}
