package shots

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
)

// text is a keyword and a text in a PNG file (PNG specification, third edition, 11.3.3.2 tEXt).
type text struct{ keyword, value string }

// signature begins every PNG file; the IHDR chunk after it is 25 bytes long.
const (
	signature = "\x89PNG\r\n\x1a\n"
	header    = len(signature) + 25
)

// encode writes a picture with texts that say what it is.
func encode(picture image.Image, texts []text) ([]byte, error) {
	var plain bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&plain, picture); err != nil {
		return nil, err
	}
	content := plain.Bytes()
	var b bytes.Buffer
	b.Write(content[:header])
	for _, t := range texts {
		b.Write(chunk("tEXt", latin(t.keyword)+"\x00"+latin(t.value)))
	}
	b.Write(content[header:])
	return b.Bytes(), nil
}

func chunk(kind, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind...)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// latin is what tEXt can hold; other letters become question marks.
func latin(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r < ' ' || r > 0xff {
			r = '?'
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// decode reads a picture into plain pixels without transparency.
func decode(content []byte) (*image.NRGBA, error) {
	p, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	if plain, ok := p.(*image.NRGBA); ok && plain.Rect.Min == (image.Point{}) {
		return plain, nil
	}
	plain := image.NewNRGBA(image.Rect(0, 0, p.Bounds().Dx(), p.Bounds().Dy()))
	draw.Draw(plain, plain.Rect, p, p.Bounds().Min, draw.Src)
	return plain, nil
}
