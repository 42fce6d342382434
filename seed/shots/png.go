package shots

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
)

// metadata is a keyword and a text in a PNG file (PNG specification, third edition, section 11.3.3.2, tEXt).
type metadata struct{ keyword, value string }

// A PNG file starts with the signature and the IHDR chunk of 25 bytes (PNG specification, sections 5.2 and 11.2.1).
const (
	signature = "\x89PNG\r\n\x1a\n"
	header    = len(signature) + 25
)

// encode returns a picture as a PNG file with metadata. It compresses fast, so the file is larger than necessary.
func encode(picture image.Image, texts []metadata) ([]byte, error) {
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

// chunk returns a PNG chunk: length, type, data and CRC-32 of type and data.
func chunk(kind, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind...)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// latin returns a text in Latin-1, the encoding of tEXt. Other characters become question marks.
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

// decode reads a PNG file as pixels in NRGBA.
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
