package shots

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"image"
	"image/draw"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/webp"
)

// Format is the format of the picture files.
type Format string

// The formats. Both are lossless. A WebP file takes longer to write, and is about a third smaller.
const (
	PNG  Format = "png"
	WebP Format = "webp"
)

// riffHeader is the length of "RIFF", the size of the rest, and "WEBP" (RFC 9649, section 2.4).
const riffHeader = 12

// hasXMP is the bit of the VP8X chunk for metadata in XMP (RFC 9649, section 2.7).
const hasXMP = 1 << 2

// encodeWebP returns a picture as a lossless WebP file. Its metadata in XMP has a description (Dublin Core).
func encodeWebP(picture image.Image, description string) ([]byte, error) {
	var plain, text bytes.Buffer
	if err := nativewebp.Encode(&plain, picture, nil); err != nil {
		return nil, err
	}
	if err := xml.EscapeText(&text, []byte(description)); err != nil {
		return nil, err
	}
	size := picture.Bounds().Size()
	canvas := []byte{hasXMP, 0, 0, 0}
	for _, n := range []int{size.X - 1, size.Y - 1} {
		canvas = append(canvas, byte(n), byte(n>>8), byte(n>>16))
	}
	chunks := append([]byte("WEBP"), riffChunk("VP8X", canvas)...)
	chunks = append(chunks, plain.Bytes()[riffHeader:]...)
	return riffChunk("RIFF", append(chunks, riffChunk("XMP ", fmt.Appendf(nil, xmp, text.Bytes()))...)), nil
}

// xmp is metadata with a description.
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li>` +
	`</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`

// riffChunk returns a chunk: its name, its length, and its content, padded to an even length.
func riffChunk(name string, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	b = append(b, content...)
	if len(content)%2 == 1 {
		b = append(b, 0)
	}
	return b
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
