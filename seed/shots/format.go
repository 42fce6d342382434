package shots

import (
	"bytes"
	"image"
	"image/draw"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/webp"
)

// Format is the format of the picture files.
type Format string

// The formats. Both are lossless. A WebP file has no metadata and takes longer to write, and is about a third smaller.
const (
	PNG  Format = "png"
	WebP Format = "webp"
)

// encodeWebP returns a picture as a lossless WebP file.
func encodeWebP(picture image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := nativewebp.Encode(&b, picture, nil)
	return b.Bytes(), err
}

// decodeFile reads a picture file of a format.
func decodeFile(format Format, content []byte) (*image.NRGBA, error) {
	if format != WebP {
		return decode(content)
	}
	p, err := webp.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	plain := image.NewNRGBA(image.Rect(0, 0, p.Bounds().Dx(), p.Bounds().Dy()))
	draw.Draw(plain, plain.Rect, p, p.Bounds().Min, draw.Src)
	return plain, nil
}
