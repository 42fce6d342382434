package address_test

import (
	"net/url"
	"strings"
	"testing"

	"understudy/seed/base/address"
)

func TestLocalPathIsWhatABrowserKeepsOnThisServer(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/admin/users?q=a//b": true, "/a/%2F%2Fevil.example": true, "/%09/evil.example": true, "/a b": true,
		"": false, "admin": false, "//evil.example": false, "///evil.example": false, "/\t/evil.example": false,
		"\t//evil.example": false, "/\n/evil.example": false, "/\r/evil.example": false, "/\\evil.example": false,
		"\\\\evil.example": false, "https://evil.example": false, "javascript:alert(1)": false, " //evil.example": false,
		"/\x00/evil.example": false, "/\x0b/evil.example": false, "/\x7f/evil.example": false,
	} {
		if got := address.IsLocalPath(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}

// asBrowser resolves a reference as the URL standard says for a page at http://server.test/.
func asBrowser(reference string) (host string, ok bool) {
	reference = strings.Trim(reference, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\f\r\x0e\x0f "+
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f")
	reference = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(reference)
	reference, _, _ = strings.Cut(reference, "?")
	reference, _, _ = strings.Cut(reference, "#")
	if strings.HasPrefix(reference, "//") {
		return strings.Split(strings.TrimLeft(reference, "/")+"/", "/")[0], true
	}
	if strings.HasPrefix(reference, "/") {
		return "server.test", true
	}
	u, err := url.Parse(reference)
	if err != nil {
		return "", false
	}
	return u.Host, u.Host != ""
}

func FuzzLocalPath(f *testing.F) {
	for _, path := range []string{"/admin", "//evil.example", "/\t/evil.example", "/\\evil.example", "\n//evil.example", "/a?b=//c"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if !address.IsLocalPath(path) {
			return
		}
		if host, ok := asBrowser(path); !ok || host != "server.test" {
			t.Errorf("%q leads a browser to %q", path, host)
		}
	})
}
