package address

import "strings"

// IsLocalPath reports whether a browser that is redirected to the path, which may have a query, stays on this server. A
// browser reads it as the URL standard says: it removes tabs and line breaks anywhere and spaces around it, takes "\\" for "/",
// and takes "//" at the beginning for another host.
func IsLocalPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !HasStripped(path)
}

// HasStripped reports whether a browser would read the text of an address as another one, because it removes or replaces
// characters.
func HasStripped(text string) bool { return strings.ContainsFunc(text, isStripped) }

// isStripped reports whether a browser would remove or replace a character. All control characters are refused: a path that
// needs one has it percent-encoded.
func isStripped(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }
