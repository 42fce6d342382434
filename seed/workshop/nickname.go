package workshop

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"understudy/seed/base/problem"
)

const nicknameMaximum = 30

// nicknameOf is a nickname as it is shown: without what cannot be seen and what turns the text around it, as the console,
// the projector and the cards print it among others. An empty one is left empty.
func nicknameOf(typed string) (string, error) {
	name := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r), unicode.Is(unicode.Cf, r) && !joins(r):
			return -1
		}
		return r
	}, typed)), " ")
	if nameKey(name) == "" {
		return "", nil
	}
	if utf8.RuneCountInString(name) > nicknameMaximum {
		return "", problem.InvalidField("nickname", "Choose a nickname of at most 30 letters.")
	}
	return name, nil
}

// joins tells the invisible letters that some scripts, and pictures made of several, need.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

// nameKey is the same for nicknames that look the same in the console: without regard to case and invisible letters.
func nameKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)), " "))
}
