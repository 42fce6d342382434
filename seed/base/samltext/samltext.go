// Package samltext decodes the text in which browsers carry SAML messages (SAML bindings 3.4 and 3.5): base64 of XML, or
// base64 of compressed XML. Everything that reads such text uses [Decode], so that no reader is stricter than another:
// the identity provider, the recording of traffic, and the decoder for pasted messages.
//
// The package has only this file.
package samltext

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
)

// The errors of [Decode].
var (
	ErrOversized = errors.New("the message is too large")
	ErrBase64    = errors.New("it is not base64")
	ErrXML       = errors.New("it is neither XML nor compressed XML")
)

// Decode returns the XML of a message. White space in base64 does not count (RFC 2045 section 6.8), nor do a byte order mark
// and white space before the XML. XML in UTF-16 is returned in UTF-8. Padding is optional, and both alphabets of base64 are accepted (RFC 4648 sections 4 and
// 5). compressed reports whether the XML was compressed. The XML has at most limit bytes.
//
// In a query whose sender did not escape "+", a space stands for it. Decode reads a space so if accept refuses the XML that
// results without spaces. accept may be nil.
func Decode(message string, limit int, accept func(xml []byte) bool) (xml []byte, compressed bool, err error) {
	xml, compressed, err = decode(strings.Join(strings.FieldsFunc(message, unicode.IsSpace), ""), limit)
	if !strings.Contains(message, " ") || errors.Is(err, ErrOversized) || err == nil && (accept == nil || accept(xml)) {
		return xml, compressed, err
	}
	if other, compressed, e := decode(plusForSpace.Replace(message), limit); e == nil && (accept == nil || accept(other)) {
		return other, compressed, nil
	}
	return xml, compressed, err
}

var (
	plusForSpace  = strings.NewReplacer(" ", "+", "\r", "", "\n", "", "\t", "")
	urlAlphabet   = strings.NewReplacer("-", "+", "_", "/")
	byteOrderMark = []byte("\ufeff") // Microsoft's XML writers put it in front of a document
)

// decode decodes base64 without white space, then decompresses.
func decode(text string, limit int) (xml []byte, compressed bool, err error) {
	raw, err := base64.RawStdEncoding.DecodeString(urlAlphabet.Replace(strings.TrimRight(text, "=")))
	if err != nil {
		return nil, false, ErrBase64
	}
	xml, plain := plainXML(raw)
	if !plain {
		compressed = true
		if raw, err = inflate(raw, limit); err != nil {
			return nil, true, err
		}
		if xml, plain = plainXML(raw); !plain {
			return nil, true, ErrXML
		}
	}
	if len(xml) > limit {
		return nil, compressed, ErrOversized
	}
	return xml, compressed, nil
}

// inflaters are reused, because a new one takes 40 kB of memory.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate decompresses DEFLATE data (RFC 1951). It stops behind limit, so that a small input cannot fill the memory.
func inflate(raw []byte, limit int) ([]byte, error) {
	r := inflaters.Get().(io.ReadCloser) //nolint:forcetypeassert // the pool holds nothing else
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(raw), nil); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if len(text) > limit {
		return nil, ErrOversized
	}
	if err != nil {
		return nil, ErrXML
	}
	return text, nil
}

// plainXML returns the XML without a byte order mark and white space before it; ok is false for anything else. UTF-16 with a byte
// order mark, which every reader of XML must accept (XML 1.0 section 4.3.3), is converted to UTF-8. Compressed data never begins
// with such a mark: it would name a block type that does not exist (RFC 1951 section 3.2.3).
func plainXML(raw []byte) (text []byte, ok bool) {
	if len(raw) >= 2 && (raw[0] == 0xFE && raw[1] == 0xFF || raw[0] == 0xFF && raw[1] == 0xFE) {
		raw = fromUTF16(raw)
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(raw, byteOrderMark), " \t\r\n")
	return text, bytes.HasPrefix(text, []byte("<"))
}

// declaredUTF16 is the name of the encoding in the XML declaration.
var declaredUTF16 = regexp.MustCompile(`^(<\?xml[^>]*?\sencoding\s*=\s*["'])(?i:utf-16)(["'])`)

// fromUTF16 converts XML that begins with a byte order mark to UTF-8, also in its declaration. It returns nil if the bytes are not
// UTF-16.
func fromUTF16(raw []byte) []byte {
	var order binary.ByteOrder = binary.BigEndian
	if raw[0] == 0xFF {
		order = binary.LittleEndian
	}
	if len(raw)%2 != 0 {
		return nil
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 2; i < len(raw); i += 2 {
		units = append(units, order.Uint16(raw[i:]))
	}
	runes := utf16.Decode(units)
	if !slices.Equal(utf16.Encode(runes), units) {
		return nil // half of a surrogate pair
	}
	return declaredUTF16.ReplaceAll([]byte(string(runes)), []byte("${1}UTF-8${2}"))
}
