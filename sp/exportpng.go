package sp

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

const chartWidth, chartHeight = 960, 540

// chartPNG draws an element as an image: a chart as bars or a line, a table as the bars of its first figures.
func chartPNG(e Element) ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, chartWidth, chartHeight))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	c := canvas{picture, glyphs()}
	c.text(40, 30, 3, shortened(e.Title, 48), ink)
	labels, values, highest := figures(e)
	left, right, bottom, top := 60, chartWidth-40, chartHeight-70, 90
	c.box(left, bottom, right, bottom+2, ink)
	if len(values) > 0 {
		step := (right - left) / len(values)
		last := image.Point{}
		for i, v := range values {
			x, y := left+i*step+step/2, bottom-int(max(v, 0)/highest*float64(bottom-top))
			if e.Kind == "line" {
				if i > 0 {
					c.line(last, image.Pt(x, y))
				}
				c.box(x-4, y-4, x+4, y+4, accent)
			} else {
				c.box(x-step*35/100, y, x+step*35/100, bottom, accent)
			}
			last = image.Pt(x, y)
			c.text(x-step/2+4, bottom+14, 2, shortened(labels[i], max(step/12, 2)), ink)
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, picture)
	return b.Bytes(), err
}

// figures takes an element's first text column as labels and its first number column as values, forty at most.
func figures(e Element) (labels []string, values []float64, highest float64) {
	label, value := 0, len(e.Columns)-1
	for i := len(e.Columns) - 1; i >= 0; i-- {
		if e.Columns[i].Number {
			value = i
		} else {
			label = i
		}
	}
	for _, row := range e.Rows {
		if n, ok := number(cell(row, value)); ok && len(values) < 40 {
			labels, values, highest = append(labels, cell(row, label)), append(values, n), max(highest, n)
		}
	}
	return labels, values, max(highest, 1e-9)
}

var (
	ink    = color.RGBA{34, 40, 49, 255}
	accent = color.RGBA{61, 90, 153, 255}
)

// canvas draws boxes, lines and letters.
type canvas struct {
	*image.RGBA
	letters [95][5]byte
}

func (c canvas) box(x0, y0, x1, y1 int, with color.Color) {
	draw.Draw(c.RGBA, image.Rect(x0, y0, x1, y1), image.NewUniform(with), image.Point{}, draw.Src)
}

func (c canvas) line(from, to image.Point) {
	steps := max(to.X-from.X, from.Y-to.Y, to.Y-from.Y, 1)
	for i := 0; i <= steps; i++ {
		x, y := from.X+(to.X-from.X)*i/steps, from.Y+(to.Y-from.Y)*i/steps
		c.box(x-1, y-1, x+2, y+2, accent)
	}
}

// text writes in letters of five by seven dots, each dot size pixels wide.
func (c canvas) text(x, y, size int, text string, with color.Color) {
	for _, r := range text {
		if r == '…' {
			r = '.'
		}
		if r < ' ' || r > '~' {
			r = '?'
		}
		for column, bits := range c.letters[r-' '] {
			for row := range 7 {
				if bits>>row&1 == 1 {
					c.box(x+column*size, y+row*size, x+(column+1)*size, y+(row+1)*size, with)
				}
			}
		}
		x += 6 * size
	}
}

// glyphs are the letters from space to tilde: five columns of seven dots each, lowest bit on top.
func glyphs() (letters [95][5]byte) {
	const columns = "" +
		"000000000000005F00000007000700147F147F14242A7F2A12231308646236495620500008070300" +
		"001C2241000041221C002A1C7F1C2A08083E08080040300000080808080800006060002010080402" +
		"3E5149453E00427F400072494949462141494D331814127F1027454545393C4A4949314121110907" +
		"3649494936464949291E000014000000403400000008142241141414141400412214080201590906" +
		"3E415D594E7C1211127C7F494949363E414141227F4141413E7F494949417F090909013E41415173" +
		"7F0808087F00417F41002040413F017F081422417F404040407F021C027F7F0408107F3E4141413E" +
		"7F090909063E4151215E7F09192946264949493203017F01033F4040403F1F2040201F3F4038403F" +
		"631408146303047804036159494D43007F41410002040810200041417F0004020102044040404040" +
		"000307000020545478407F284444383844444428384444287F385454541800087E09020854544C38" +
		"7F0804047800447D40002040403D007F1028440000417F40007C047804787C080404783844444438" +
		"7C14141408081414147C7C08040408485454542404043F44243C4040207C1C2040201C3C4030403C" +
		"44281028440C5050503C4464544C440008364100000077000000413608000201020402"
	b, _ := hex.DecodeString(columns) // a constant; the test draws every letter
	for i := range letters {
		copy(letters[i][:], b[5*i:])
	}
	return letters
}
