package export

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"
)

var (
	ink   = color.RGBA{0x1d, 0x23, 0x33, 0xff}
	bar   = color.RGBA{0x2f, 0x6f, 0x8f, 0xff}
	faint = color.RGBA{0xd9, 0xde, 0xe6, 0xff}
)

// writePNG draws the table's chart as bars that lie, longest value across the width; without a chart, the table itself.
func writePNG(w io.Writer, t Table) error {
	const width, left, line, top = 960, 260, 28, 64
	img := image.NewRGBA(image.Rect(0, 0, width, top+line*(min(len(t.Rows), 40)+1)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	letters(img, 24, 20, 2, ink, t.Title)
	if t.Value < 0 || t.Value >= len(t.Columns) {
		for i := range min(len(t.Rows), 40) {
			letters(img, 24, top+i*line, 2, ink, strings.Join(t.Rows[i], "  "))
		}
		return png.Encode(w, img)
	}
	most := 0.0
	for i := range t.Rows {
		if n, ok := Number(t.cell(i, t.Value)); ok {
			most = max(most, n)
		}
	}
	fill(img, image.Rect(left, top-8, left+1, img.Bounds().Dy()-line/2), faint)
	for i := range min(len(t.Rows), 40) {
		y := top + i*line
		letters(img, 24, y, 2, ink, shorten(t.cell(i, t.Label), 19))
		n, ok := Number(t.cell(i, t.Value))
		long := 0
		if ok && most > 0 && n > 0 {
			long = int(n / most * (width - left - 160))
		}
		fill(img, image.Rect(left, y-3, left+long, y+17), bar)
		letters(img, left+long+8, y, 2, ink, t.cell(i, t.Value))
	}
	return png.Encode(w, img)
}

func fill(img *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// plain writes capitals that we have not drawn with those that we have.
var plain = strings.NewReplacer("Ä", "A", "Á", "A", "À", "A", "Â", "A", "Å", "A", "Ã", "A", "Ç", "C", "É", "E", "È", "E", "Ê", "E", "Ë", "E", "Í", "I", "Î", "I", "Ï", "I",
	"Ñ", "N", "Ö", "O", "Ó", "O", "Ô", "O", "Ø", "O", "Ü", "U", "Ú", "U", "Û", "U", "ß", "SS", "Æ", "AE", "–", "-", "—", "-", "’", "'", "…", "...", "€", "EUR ")

// letters prints text in capitals of five by seven points, each point of the given scale.
func letters(img *image.RGBA, x, y, scale int, c color.Color, text string) {
	for _, r := range plain.Replace(strings.ToUpper(text)) {
		glyph, drawn := glyphs[r]
		if !drawn && r > ' ' {
			glyph = glyphs['?']
		}
		for row, bits := range glyph {
			for col := range 5 {
				if bits&(1<<(4-col)) != 0 {
					fill(img, image.Rect(x+col*scale, y+row*scale, x+(col+1)*scale, y+(row+1)*scale), c)
				}
			}
		}
		x += 6 * scale
	}
}
