package door

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Whatever the receiver can read is recorded as XML, and everything else as it came.
func TestMessagesAreRecordedAsXMLInEachEncoding(t *testing.T) {
	const xml = `<a ID="1">text that is longer than one line of base64, which has 76 characters</a>`
	plain := base64.StdEncoding.EncodeToString([]byte(xml))
	for name, message := range map[string]string{
		"plain":           plain,
		"byte order mark": base64.StdEncoding.EncodeToString([]byte("\ufeff" + xml)),
		"lines":           plain[:76] + "\r\n" + plain[76:],
		"indented":        "\n  " + plain[:76] + "\r\n  " + plain[76:],
		"no padding":      strings.TrimRight(plain, "="),
	} {
		if got := decodeSAML(message); got != xml {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, message := range []string{"", "no message", base64.StdEncoding.EncodeToString([]byte("no XML"))} {
		if got := decodeSAML(message); got != message {
			t.Errorf("%q is recorded as %q", message, got)
		}
	}
}

// The recording masks each password, however its name is written, and nothing else.
func TestPasswordsAreMaskedInRecordedJSON(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		`"`:                                     `"`,
		`{"userName":"pat@example.com"}`:        `{"userName":"pat@example.com"}`,
		`{"a":"Pascal","passwords":"b"}`:        `{"a":"Pascal","passwords":"b"}`,
		`{"password":"secret"}`:                 `{"password":"••••"}`,
		`{"PassWord" : "sec\"ret","b":"c"}`:     `{"PassWord" : "••••","b":"c"}`,
		`{"a":"x","paſſword":"secret"}`:         `{"a":"x","paſſword":"••••"}`,
		`{"value":{"password":"a"},"pa":"b"}`:   `{"value":{"password":"••••"},"pa":"b"}`,
		`[{"password":"a"},{"password":"b\\"}]`: `[{"password":"••••"},{"password":"••••"}]`,
	} {
		if got := maskSecrets(text); got != want {
			t.Errorf("%s is recorded as %s, want %s", text, got, want)
		}
	}
}
