package store

import "unicode/utf8"

// RecordedBytes is the length of a text in a log, in bytes. The sender of a request chooses such texts, and a log keeps them.
const RecordedBytes = 1000

// Recorded cuts a text for a log.
func Recorded(text string) string {
	if len(text) <= RecordedBytes {
		return text
	}
	end := RecordedBytes
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
