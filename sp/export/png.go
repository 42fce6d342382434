package export

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// Sizes of the picture in pixels.
const (
	pngWidth   = 960
	pngMargin  = 24
	pngTop     = 64  // first line
	pngLine    = 28  // height of a line
	pngBarLeft = 260 // where bars begin
	pngMaxRows = 40  // more rows are left out
)

var (
	ink   = color.RGBA{0x1d, 0x23, 0x33, 0xff}
	bar   = color.RGBA{0x2f, 0x6f, 0x8f, 0xff}
	faint = color.RGBA{0xd9, 0xde, 0xe6, 0xff}
)

// writePNG draws horizontal bars if the table has a value column. The largest value takes the full width. A table without
// a value column is drawn as lines of text.
func writePNG(w io.Writer, t Table) error {
	face, err := newFace(16)
	if err != nil {
		return err
	}
	rows := min(len(t.Rows), pngMaxRows)
	img := image.NewRGBA(image.Rect(0, 0, pngWidth, pngTop+pngLine*(rows+1)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	p := picture{img, face}
	p.text(pngMargin, 36, t.Title)
	if t.Value < 0 || t.Value >= len(t.Columns) {
		for i := range rows {
			p.text(pngMargin, pngTop+i*pngLine+15, strings.Join(t.Rows[i], "  "))
		}
		return png.Encode(w, img)
	}
	p.bars(t, rows)
	return png.Encode(w, img)
}

// picture is an image together with the font for its text.
type picture struct {
	img  *image.RGBA
	face font.Face
}

func (p picture) bars(t Table, rows int) {
	most := 0.0
	for i := range t.Rows {
		if n, ok := Number(t.cell(i, t.Value)); ok {
			most = max(most, n)
		}
	}
	p.fill(image.Rect(pngBarLeft, pngTop-8, pngBarLeft+1, p.img.Bounds().Dy()-pngLine/2), faint)
	for i := range rows {
		y := pngTop + i*pngLine
		p.text(pngMargin, y+13, shorten(t.cell(i, t.Label), 24))
		length := 0
		if n, ok := Number(t.cell(i, t.Value)); ok && most > 0 && n > 0 {
			length = int(n / most * (pngWidth - pngBarLeft - 160))
		}
		p.fill(image.Rect(pngBarLeft, y-3, pngBarLeft+length, y+17), bar)
		p.text(pngBarLeft+length+8, y+13, t.cell(i, t.Value))
	}
}

func (p picture) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p.img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// text draws one line; x is the left edge, y the baseline.
func (p picture) text(x, y int, text string) {
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(ink), Face: p.face, Dot: fixed.P(x, y)}
	d.DrawString(strings.ReplaceAll(printable(text), "\n", " "))
}

// shorten cuts a text to n characters, the last of them an ellipsis.
func shorten(s string, n int) string {
	runes := []rune(s)
	if n < 1 || len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
