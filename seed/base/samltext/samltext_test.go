package samltext

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func deflated(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestDecodeRefuses(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString
	for name, tt := range map[string]struct {
		message string
		want    error
	}{
		"nothing":             {"", ErrXML},
		"no base64":           {"%%", ErrBase64},
		"no XML":              {plain([]byte("hello")), ErrXML},
		"compressed text":     {deflated(t, "hello"), ErrXML},
		"half a UTF-16 unit":  {plain([]byte("\xff\xfe<\x00x")), ErrXML},
		"half a surrogate":    {plain([]byte("\xff\xfe<\x00\x00\xd8")), ErrXML},
		"a large message":     {plain([]byte("<" + strings.Repeat("x", 100))), ErrOversized},
		"a bomb":              {deflated(t, "<"+strings.Repeat("x", 1<<20)), ErrOversized},
		"a bomb with a space": {deflated(t, "<"+strings.Repeat("x", 1<<20)) + " ", ErrOversized},
	} {
		if _, _, err := Decode(tt.message, 100, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// Whatever the text is, the result begins as XML does and is no longer than the limit.
func FuzzDecode(f *testing.F) {
	f.Add("PHg+")
	f.Add("//48AHgALwA+AA==")
	f.Add(" PH\n g ")
	f.Add(deflated(f, "\ufeff <x/>"))
	f.Add(deflated(f, strings.Repeat("<x>", 200)))
	f.Fuzz(func(t *testing.T, message string) {
		xml, _, err := Decode(message, 500, func(xml []byte) bool { return bytes.HasSuffix(xml, []byte(">")) })
		if err == nil && (!bytes.HasPrefix(xml, []byte("<")) || len(xml) > 500) {
			t.Errorf("%q gives %q", message, xml)
		}
	})
}
