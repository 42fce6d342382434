package export

import (
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// parsedFont is Go Regular (BSD licence), which is part of the binary. It covers Latin, Greek and Cyrillic.
var parsedFont = sync.OnceValue(func() *sfnt.Font {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the bytes are embedded and tested
	}
	return f
})

// printable replaces each character that the font does not have by "?", and each control character by a space. Line
// breaks stay.
func printable(text string) string {
	f := parsedFont()
	var buffer sfnt.Buffer
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r':
			return -1
		case r < ' ', r == 0x7f, r >= 0x80 && r < 0xa0:
			return ' '
		}
		if glyph, err := f.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
			return '?'
		}
		return r
	}, text)
}

// newFace returns the font in a size, in pixels. A face must not be shared between goroutines.
func newFace(size float64) (font.Face, error) {
	return opentype.NewFace(parsedFont(), &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
}
