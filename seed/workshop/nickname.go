package workshop

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"understudy/seed/base/problem"
)

const maxNicknameLength = 30 // in runes

// cleanNickname removes characters that are invisible or change the text around them, such as control characters and
// direction marks, because nicknames are shown in the console, on the projector and on printed cards. It returns an
// empty string when nothing visible is left, and an Invalid problem for the field nickname when it is too long.
func cleanNickname(typed string) (string, error) {
	name := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError,
			unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r),
			unicode.Is(unicode.Cf, r) && !isJoiner(r):
			return -1
		}
		return r
	}, typed)), " ")
	if nicknameKey(name) == "" {
		return "", nil
	}
	if utf8.RuneCountInString(name) > maxNicknameLength {
		return "", problem.InvalidField("nickname", "Enter a nickname of at most 30 characters.")
	}
	return name, nil
}

// isJoiner reports whether r is ZERO WIDTH NON-JOINER or ZERO WIDTH JOINER. Scripts such as Persian need the first, emoji
// sequences need the second.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// nicknameKey is equal for nicknames that look the same: it ignores case and invisible characters.
func nicknameKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)), " "))
}
